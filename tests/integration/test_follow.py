"""Frames at their moment, and the flash limit: pure functions on any input."""

from collections.abc import Callable

import pytest
from custom_components.yulelight.contract.models import Frame
from custom_components.yulelight.follow import FlashLimit, Frames
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.safety.oracle import flashes, luminance


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


steps = st.lists(
    st.tuples(
        st.integers(0, 3), st.sampled_from([0, 1, 120, 200, 255]) | st.integers(0, 255), st.floats(0.01, 0.4)
    ),
    max_size=200,
)
CURVES: dict[str, Callable[[float], float]] = {
    "by the eye's curve": luminance,
    "evenly": lambda level: level / 255,
    "switched": lambda level: float(level > 0),
}


@settings(max_examples=60, deadline=None)
@given(steps, st.lists(st.floats(0, 0.06), min_size=4, max_size=4))
def test_never_more_than_three_flashes_in_a_second(
    wanted: list[tuple[int, int, float]], late: list[float]
) -> None:
    """Whatever curve the lights follow, and each as late as it likes."""
    limit, levels, now = FlashLimit(4), [0] * 4, 0.0
    shown: list[tuple[float, int, int]] = []
    for light, level, pause in wanted:
        now += pause
        got = limit.put(light, level, now)
        assert got in (level, levels[light])
        levels[light] = got
        shown.append((now + late[light], light, got))
    for name, curve in CURVES.items():
        lit, times, rows = [0.0] * 4, [-1.0], [[0.0] * 4]
        for moment, light, got in sorted(shown):
            lit[light] = curve(got)
            times.append(moment)
            rows.append(list(lit))
        assert flashes(times, [sum(row) / 4 for row in rows]) <= 3, name
        for alone in zip(*rows, strict=True):
            assert flashes(times, alone) <= 3, name


def test_a_slow_show_passes_unchanged() -> None:
    limit = FlashLimit(2)
    for second in range(30):
        assert limit.put(0, 255 * (second % 2), float(second)) == 255 * (second % 2)
        assert limit.put(1, 100 + second, second + 0.5) == 100 + second


@pytest.mark.parametrize("count", [1, 2, 4])
def test_a_strobe_is_held(count: int) -> None:
    """Twenty changes a second, of one light or of several in turn: three flashes come through, the rest does not."""
    limit, lit = FlashLimit(count), [0.0] * count
    times, rows = [-1.0], [[0.0] * count]
    for k in range(100):
        now, light = k * 0.05, k % count
        lit[light] = limit.put(light, 255 * (k // count % 2 == 0), now) / 255
        times.append(now)
        rows.append(list(lit))
    together = [sum(row) / count for row in rows]
    assert 1 <= flashes(times, together) <= 3
    for alone in zip(*rows, strict=True):
        assert flashes(times, alone) <= 3
