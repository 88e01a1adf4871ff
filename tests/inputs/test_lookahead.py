"""What is kept of sound that is heard later: bounded, whatever moments a server names."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from yulelight.inputs.base import Block
from yulelight.inputs.lookahead import LookAhead

RATE = 44_100
MINUTE = 60 * RATE


@given(st.lists(st.tuples(st.floats(-100, 60), st.integers(1, 20 * RATE)), max_size=40))
def test_no_more_than_a_minute_is_kept(blocks: list[tuple[float, int]]) -> None:
    kept, now = LookAhead.of(-50, 20, 0.0), 0.0
    whole = np.full((20 * RATE, 2), 0.5, np.float32)
    for off, samples in blocks:
        now += 0.1
        kept.block(Block(whole[:samples], now + off), now)
        assert sum(len(each.samples) for each in kept.ahead(now)) <= MINUTE


def test_of_the_smallest_blocks_not_many_are_kept() -> None:
    kept = LookAhead.of(-50, 20, 0.0)
    for _ in range(40_000):
        kept.block(Block(np.zeros((1, 2), np.float32), 50.0), 0.0)
    assert len(kept.ahead(0.0)) <= 30_000


def test_what_was_heard_makes_room() -> None:
    kept, second = LookAhead.of(-50, 20, 0.0), np.full((RATE, 2), 0.5, np.float32)
    for k in range(600):
        kept.block(Block(second, k + 30.0), float(k))
    assert len(kept.ahead(599.0)) == 31
    assert kept.now.open
