"""Where the sound is between left and right."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yulelight.dsp.pan import SidesStream, pan
from yulelight.dsp.spectrum import RATE, SpectrumStream


def noise(seconds: float, left: float, right: float) -> np.ndarray:
    one = np.random.default_rng(1).normal(0, 0.1, round(seconds * RATE)).astype(np.float32)
    return np.stack([left * one, right * one], axis=1).astype(np.float32)


def sides(samples: np.ndarray) -> np.ndarray:
    stream = SidesStream()
    return np.concatenate([stream.push(samples), stream.flush()])


@given(cuts=st.lists(st.integers(0, 5000), max_size=12))
def test_pieces_of_any_size_make_the_frames_of_the_spectrum(cuts: list[int]) -> None:
    samples = noise(0.12, 0.3, 1.0)
    whole = sides(samples)
    stream, spectrum, got = SidesStream(), SpectrumStream(), []
    for piece in np.split(samples, sorted(min(cut, len(samples)) for cut in cuts)):
        powers = stream.push(piece)
        assert len(powers) == len(spectrum.push(piece.mean(1)))
        got.append(powers)
    last = stream.flush()
    assert len(last) == len(spectrum.flush())
    np.testing.assert_allclose(np.concatenate([*got, last]), whole, rtol=1e-5, atol=1e-12)


@pytest.mark.parametrize(
    ("left", "right", "side"),
    [(1, 1, 0), (0, 1, 1), (1, 0, -1), (1, 1.2, 0.303), (1.2, 1, -0.303), (0, 0, 0)],
)
def test_the_side(left: float, right: float, side: float) -> None:
    np.testing.assert_allclose(pan(sides(noise(0.3, left, right)))[2:-2], side, atol=0.01)


def test_a_bass_in_the_middle_does_not_hide_the_rest() -> None:
    bass = 0.5 * np.sin(2 * np.pi * 60 * np.arange(RATE) / RATE).astype(np.float32)
    samples = noise(1.0, 0.02, 0.2) + bass[:, None]
    assert pan(sides(samples).mean(0)) > 0.9


@given(st.lists(st.floats(0, 1e6, width=32), min_size=2, max_size=2))
def test_it_stays_between_left_and_right(power: list[float]) -> None:
    one = float(pan(np.array(power, np.float32)))
    assert -1 <= one <= 1
    assert float(pan(np.array(power[::-1], np.float32))) == pytest.approx(-one, abs=1e-6)


def test_what_is_not_finite_counts_as_silence() -> None:
    samples = noise(0.1, 0.5, 1)
    samples[100:200] = np.nan
    samples[300] = np.inf
    assert np.isfinite(sides(samples)).all()
