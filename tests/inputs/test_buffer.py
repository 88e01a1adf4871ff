"""The buffer of a station, in numbers: when is each block heard that came at this moment?"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yulelight.inputs.base import Block
from yulelight.inputs.buffer import Buffer

RATE = 44_100


def block(seconds: float) -> Block:
    return Block(np.zeros((round(seconds * RATE), 2), np.float32))


@given(
    st.lists(st.tuples(st.floats(0, 3, allow_nan=False), st.integers(1, 3 * RATE)), min_size=1, max_size=40),
    st.floats(0.1, 6),
)
def test_every_block_is_given_out_once_in_order_and_in_time(
    steps: list[tuple[float, int]], ahead: float
) -> None:
    """Whatever the stalls: nothing is lost, nothing overlaps, and nothing is heard before it came."""
    buffer, now, out = Buffer(ahead), 100.0, list[tuple[float, Block]]()
    for wait, samples in steps:
        now += wait
        out += [(now, each) for each in buffer.push(Block(np.full((samples, 2), len(out), np.float32)), now)]
    out += [(now, each) for each in buffer.flush(now)]
    assert [len(each.samples) for _, each in out] == [samples for _, samples in steps]
    end = -np.inf
    for came, each in out:
        assert each.due is not None and each.due >= max(end - 1e-6, came)
        end = each.due + len(each.samples) / RATE


def test_a_burst_is_heard_soon_and_a_trickle_when_the_buffer_had_its_time() -> None:
    burst = Buffer(4.0)
    assert not burst.push(block(3.9), 10.0)
    first, second = burst.push(block(0.1), 10.1)
    assert first.due == pytest.approx(10.6) and second.due == pytest.approx(14.5)
    assert burst.push(block(1.0), 11.0)[0].due == pytest.approx(14.6)
    trickle, due = Buffer(4.0), list[float | None]()
    for k in range(50):  # a tenth of a second each, as it is made
        due += [each.due for each in trickle.push(block(0.1), 10.0 + k / 10)]
    assert due[0] == pytest.approx(14.4), "four seconds have come at 13.9"
    assert trickle.gaps == 0


def test_a_stall_within_the_buffer_is_not_heard_and_a_longer_one_is_a_gap() -> None:
    buffer = Buffer(2.0)
    (first,) = buffer.push(block(2.0), 0.0)
    assert first.due == pytest.approx(0.5)
    (after,) = buffer.push(block(1.0), 2.4)
    assert after.due == pytest.approx(2.5)
    assert not buffer.push(block(1.0), 9.0), "it fills again"
    assert [each.due for each in buffer.push(block(1.0), 9.5)] == pytest.approx([10.0, 11.0])
    assert buffer.gaps == 1
