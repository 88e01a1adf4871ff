"""Frames at their moment, and the flash limit: pure functions on any input."""

import pytest
from custom_components.yulelight.contract.models import Frame
from custom_components.yulelight.follow import MAX_TURNS, TURN, FlashLimit, Frames
from hypothesis import given
from hypothesis import strategies as st


def frame(at: int, level: int) -> Frame:
    return Frame(at, (level,) * 8, (level > 127,) * 8)


def test_nothing_heard_is_dark() -> None:
    assert Frames().level(1, 0.0, 1.0) == 0.0


def test_the_mean_of_what_shows_between_two_moments() -> None:
    frames = Frames()
    frames.feed(10_000_000, [frame(10_000_000, 0), frame(10_500_000, 255)], heard=1.0)
    assert frames.level(1, 1.0, 1.5) == 0.0
    assert frames.level(1, 1.5, 2.0) == 1.0
    assert frames.level(1, 1.0, 2.0) == pytest.approx(0.5)
    assert frames.level(9, 1.0, 2.0) == 0.0


def test_a_message_replaces_what_follows_its_first_frame() -> None:
    frames = Frames()
    frames.feed(0, [frame(0, 0), frame(500_000, 255)], heard=0.0)
    frames.feed(100_000, [frame(400_000, 0)], heard=0.1)
    assert frames.level(1, 0.5, 1.0) == 0.0


def test_a_late_message_does_not_move_the_clock() -> None:
    frames = Frames()
    frames.feed(1_000_000, [], heard=0.0)
    frames.feed(2_000_000, [frame(2_000_000, 255)], heard=1.7)
    assert frames.level(1, 1.0, 1.1) == 1.0


@given(
    st.lists(st.tuples(st.integers(0, 3), st.floats(0, 1), st.floats(0.01, 0.4)), max_size=200),
)
def test_never_more_than_three_flashes_in_a_second(wanted: list[tuple[int, float, float]]) -> None:
    limit, levels, now = FlashLimit(4), [0.0] * 4, 0.0
    shown: list[tuple[float, float]] = [(0.0, 0.0)]
    for light, level, pause in wanted:
        now += pause
        got = limit.put(light, level, now)
        assert got in (level, levels[light])
        levels[light] = got
        shown.append((now, sum(levels) / 4))
    turns, rising, extreme = [], True, 0.0
    for moment, field in shown:
        against = extreme - field if rising else field - extreme
        if against >= TURN:
            turns.append(moment)
            rising, extreme = not rising, field
        elif against < 0:
            extreme = field
    for first in turns:
        assert sum(first <= moment < first + 1.0 for moment in turns) <= MAX_TURNS + 1
