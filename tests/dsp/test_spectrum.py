import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yulelight.dsp.spectrum import (
    BINS,
    HOP,
    RATE,
    SILENCE_DB,
    WINDOW,
    SpectrumStream,
    loudness,
    magnitudes,
)


def noise(count: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-1, 1, count).astype(np.float32)


def sine(bin_: float, count: int = RATE) -> np.ndarray:
    return np.asarray(np.sin(2 * np.pi * bin_ / WINDOW * np.arange(count)), np.float32)


def reference(samples: np.ndarray) -> np.ndarray:
    """The definition of docs/architecture.md, frame by frame in double precision."""
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)
    padded = np.concatenate([np.zeros(512), samples.astype(np.float64), np.zeros(512 + HOP)])
    starts = [k * HOP for k in range(1 + len(samples) // HOP)]
    return np.array([np.abs(np.fft.rfft(hann * padded[s : s + WINDOW])) * 2 / hann.sum() for s in starts])


@given(count=st.integers(0, 6000), seed=st.integers(0, 5))
def test_whole_song_is_the_definition(count: int, seed: int) -> None:
    samples = noise(count, seed)
    frames = magnitudes(samples)
    assert frames.dtype == np.float32
    assert frames.shape == (1 + count // HOP, BINS)
    np.testing.assert_allclose(frames, reference(samples), atol=1e-6)


@given(
    chunks=st.lists(st.one_of(st.integers(0, 3), st.integers(0, 3000)), max_size=40), seed=st.integers(0, 5)
)
def test_stream_gives_the_frames_of_the_song_for_any_chunking(chunks: list[int], seed: int) -> None:
    samples = noise(sum(chunks), seed)
    stream = SpectrumStream()
    pieces = np.split(samples, np.cumsum(chunks)[:-1]) if chunks else []
    frames = np.concatenate([*(stream.push(piece) for piece in pieces), stream.flush()])
    expected = magnitudes(samples)
    assert frames.shape == expected.shape
    np.testing.assert_allclose(frames, expected, atol=1e-7)


def test_frames_come_as_soon_as_their_window_is_complete() -> None:
    stream = SpectrumStream()
    counts = [len(stream.push(noise(1))) for _ in range(3 * HOP)]
    assert [at + 1 for at, count in enumerate(counts) if count] == [HOP, 2 * HOP, 3 * HOP]


def test_a_flushed_stream_begins_anew() -> None:
    stream = SpectrumStream()
    for seed in (1, 2):
        samples = noise(2000, seed)
        frames = np.concatenate([stream.push(samples), stream.flush()])
        np.testing.assert_array_equal(frames, magnitudes(samples))


@pytest.mark.parametrize("bin_", [3, 10, 100, 400])
def test_full_scale_sine_reads_one(bin_: int) -> None:
    frames = magnitudes(sine(bin_))[5:-5]
    np.testing.assert_allclose(frames[:, bin_], 1.0, atol=1e-4)
    assert (frames.argmax(axis=1) == bin_).all()


def test_a_click_lights_the_frame_at_its_moment() -> None:
    samples = np.zeros(20 * HOP, np.float32)
    samples[7 * HOP] = 1
    assert magnitudes(samples).sum(axis=1).argmax() == 7


def test_long_song_crosses_block_borders() -> None:
    samples = noise(300 * HOP)
    np.testing.assert_allclose(magnitudes(samples)[120:140], reference(samples)[120:140], atol=1e-6)


@given(
    samples=st.lists(
        st.sampled_from([0.5, float("nan"), float("inf"), -float("inf"), 3e38, -3e38]), max_size=1500
    )
)
def test_frames_are_finite_whatever_the_samples(samples: list[float]) -> None:
    assert np.isfinite(magnitudes(np.array(samples, np.float32))).all()


def test_not_finite_samples_are_silence() -> None:
    samples = noise(4000)
    holes = samples.copy()
    samples[[5, 1000, 3000]] = 0
    holes[[5, 1000, 3000]] = [np.nan, np.inf, -np.inf]
    np.testing.assert_array_equal(magnitudes(holes), magnitudes(samples))


def test_stereo_is_refused() -> None:
    with pytest.raises(ValueError, match="mono"):
        magnitudes(np.zeros((100, 2), np.float32))


@pytest.mark.parametrize("bin_", [3, 10.3, 99.5, 400])
@pytest.mark.parametrize("decibels", [0, -20, -60])
def test_loudness_of_a_sine_is_its_level(bin_: float, decibels: float) -> None:
    frames = magnitudes(sine(bin_) * np.float32(10 ** (decibels / 20)))[5:-5]
    np.testing.assert_allclose(loudness(frames), decibels, atol=0.1)


def test_loudness_of_noise_is_its_level() -> None:
    level = 10 * np.log10(2 * np.mean(noise(RATE).astype(np.float64) ** 2))
    assert abs(loudness(magnitudes(noise(RATE))).mean() - level) < 0.5


def test_loudness_of_silence() -> None:
    levels = loudness(magnitudes(np.zeros(5000, np.float32)))
    assert levels.dtype == np.float32
    assert levels.shape == (10,)
    assert (levels == SILENCE_DB).all()
