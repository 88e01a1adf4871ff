"""The pace of sound without moments: never in the past, even, and caught up with after a stall."""

import math
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from yulelight.inputs.pace import Pace

RATE = 44_100
BLOCK = 441


@given(st.lists(st.tuples(st.integers(1, 20_000), st.floats(0, 2)), max_size=60))
def test_no_block_begins_in_the_past_or_later_than_those_before_it_end(
    blocks: list[tuple[int, float]],
) -> None:
    pace, now, end = Pace(), 100.0, -math.inf
    for samples, later in blocks:
        now += later
        begin = pace.block(samples, now)
        assert now <= begin <= max(now, end) + 1e-9
        end = begin + samples / RATE


def delays(stall: float, seconds: float, *, at: float = 3.0) -> list[float]:
    """By how much each hundredth of a second of a live source is lit late: all of a stall's come at its end."""
    pace, found = Pace(), []
    for k in range(round(seconds * 100)):
        sent = 100 + k / 100
        came = max(sent, 100 + at + stall) if sent >= 100 + at else sent
        found.append(pace.block(BLOCK, came) - sent)
    return found


@given(st.floats(0.05, 1.4))
def test_what_a_stall_left_behind_is_no_delay_for_the_rest_of_the_evening(stall: float) -> None:
    found = delays(stall, 3.0 + stall + 6.0)
    assert max(found) >= stall - 0.02  # it was late, at first
    assert all(0 <= delay < 0.041 for delay in found[-100:])


def test_jitter_makes_nobody_jump() -> None:
    """Blocks that are late by up to 80 ms, again and again, come at an even pace once it has moved on."""
    pace, begun = Pace(), []
    for k in range(3000):
        begun.append(pace.block(BLOCK, 100 + k / 100 + (0.08 if k % 50 == 49 else 0.0)))
    steps = [b - a for a, b in pairwise(begun[200:])]
    assert all(abs(step - 0.01) < 1e-6 for step in steps)


@given(st.floats(1.05, 20))
def test_a_source_that_is_faster_than_its_sound_skips_nothing(speed: float) -> None:
    pace, now, end = Pace(), 100.0, 100.0
    for _ in range(2000):
        begin = pace.block(BLOCK, now)
        assert begin == max(now, end)
        end = begin + BLOCK / RATE
        now += BLOCK / RATE / speed
        if end - now > 1.5:
            now = end - 1.5
            pace.held(now)
