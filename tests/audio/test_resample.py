import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yulelight.audio.resample import Resampler
from yulelight.core.errors import AudioError


@given(
    chunks=st.lists(st.integers(0, 700), max_size=12),
    rate=st.sampled_from([8000, 32000, 44100, 48000, 192000]),
    channels=st.integers(1, 3),
)
def test_chunking_does_not_matter(chunks: list[int], rate: int, channels: int) -> None:
    samples = np.random.default_rng(0).uniform(-1, 1, (sum(chunks), channels)).astype(np.float32)
    whole, pieces = Resampler(44100), Resampler(44100)
    expected = np.concatenate([whole.push(samples, rate), whole.flush()])
    parts = [pieces.push(part, rate) for part in np.split(samples, np.cumsum(chunks))]
    sound = np.concatenate([*parts, pieces.flush()])
    assert sound.shape == expected.shape
    assert abs(len(sound) - len(samples) * 44100 / rate) <= 1
    np.testing.assert_allclose(sound, expected, atol=1e-5)


def test_a_change_of_rate_is_followed() -> None:
    resampler = Resampler(44100)
    parts = [resampler.push(np.zeros((rate, 1), np.float32), rate) for rate in (48000, 44100, 8000, 48000)]
    assert abs(len(np.concatenate([*parts, resampler.flush()])) - 4 * 44100) <= 4


@pytest.mark.parametrize("rate", [-1, 0, 1, 10**9])
def test_absurd_rates_are_refused(rate: int) -> None:
    with pytest.raises(AudioError, match="sample rate"):
        Resampler(44100).push(np.zeros((10, 1), np.float32), rate)
    with pytest.raises(AudioError, match="sample rate"):
        Resampler(rate)
