"""Seeking in what sounds: exactly the samples after the position, whatever the blocks."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from yulelight.audio.speaker import after
from yulelight.dsp.spectrum import RATE


@given(st.lists(st.integers(1, 4000), max_size=12), st.integers(0, 30_000))
def test_after_skips_exactly(lengths: list[int], skip: int) -> None:
    total = sum(lengths)
    samples = np.arange(total * 2, dtype=np.float32).reshape(-1, 2)
    cuts = np.cumsum(lengths)[:-1] if lengths else []
    rest = list(after(iter(np.split(samples, cuts)), skip / RATE))
    heard = np.concatenate(rest) if rest else np.empty((0, 2), np.float32)
    assert np.array_equal(heard, samples[skip:])
