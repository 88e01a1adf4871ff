"""Volume moves without a step, gets where it shall, and what it does to samples is only scaling."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from yulelight.audio.volume import RAMP, Ramp, factor

RATE = 44100
levels = st.floats(0, 1)


@given(levels, levels)
def test_louder_is_louder(low: float, high: float) -> None:
    assert factor(0) == 0 and factor(1) == 1
    assert (factor(low) <= factor(high)) == (low <= high) or factor(low) == factor(high)


@given(levels, st.lists(st.tuples(levels, st.integers(0, 3000)), max_size=8))
def test_no_sample_steps_by_more_than_the_ramp(start: float, moves: list[tuple[float, int]]) -> None:
    ramp, heard = Ramp(start, RATE), [np.full((1, 2), start, np.float32)]
    for target, count in moves:
        ramp.target = target
        out = np.ones((count, 2), np.float32)
        ramp.apply(out)
        heard.append(out)
    sound = np.concatenate(heard)
    assert np.abs(np.diff(sound[:, 0])).max(initial=0) <= 1 / (RAMP * RATE) + 1e-6
    assert np.array_equal(sound[:, 0], sound[:, 1])
    assert sound.min() >= 0 and sound.max() <= 1


@given(levels, levels)
def test_it_gets_there_and_stays(start: float, target: float) -> None:
    ramp = Ramp(start, RATE)
    ramp.target = target
    ramp.apply(np.ones((round(RAMP * RATE) + 2, 2), np.float32))
    out = np.ones((10, 2), np.float32)
    ramp.apply(out)
    assert np.allclose(out, target, atol=1e-6)
