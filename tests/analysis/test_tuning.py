"""Channels tuned to a song: they tell more of it, keep their meaning, and silence stays silence."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yulelight.analysis.components import COUNT, DEPTH_DB, aspects
from yulelight.analysis.tuning import SHORTEST, tuned


def spectrum(frames: int, seed: int = 0, sources: int = 6) -> np.ndarray:
    """Band power (frames, 64): so many sources that come and go."""
    rng = np.random.default_rng(seed)
    shapes = rng.random((sources, 64)) ** 4
    active = np.repeat(rng.random((-(-frames // 20), sources)) ** 2, 20, axis=0)[:frames]
    return (active @ shapes + 1e-5).astype(np.float32)


def explained(light: np.ndarray, sound: np.ndarray) -> float:
    x = np.c_[light, np.ones(len(light))]
    rest = sound - x @ np.linalg.lstsq(x, sound, rcond=None)[0]
    return 1 - float((rest**2).sum() / ((sound - sound.mean(0)) ** 2).sum())


def codes_of(power: np.ndarray) -> np.ndarray:
    """An encoder made for other songs: overlapping ranges of bands, two of them the same."""
    decibels = 10 * np.log10(power)
    ranges = [(0, 20), (0, 20), (10, 30), (20, 40), (30, 50), (40, 60), (44, 64), (50, 64)]
    codes = np.stack([decibels[:, a:b].mean(1) for a, b in ranges], 1)
    return ((codes - codes.min(0)) / np.ptp(codes, axis=0)).astype(np.float32)


def test_tuned_channels_tell_more_and_stay_themselves() -> None:
    power = spectrum(4000)
    heard = np.ones(4000, bool)
    codes, found = codes_of(power), aspects(power, heard)
    after, decibels = tuned(codes, found, heard), 10 * np.log10(power)
    assert explained(after, decibels) > explained(codes, decibels) + 0.02
    assert np.allclose(after.mean(0), codes.mean(0), atol=1e-3)
    assert np.allclose(after.std(0), codes.std(0), atol=1e-2)
    for channel in range(8):
        assert np.corrcoef(after[:, channel], codes[:, channel])[0, 1] > 0.6
    assert abs(np.corrcoef(after[:, 0], after[:, 1])[0, 1]) <= 1


def test_aspects_are_uncorrelated_and_the_largest_first() -> None:
    power, heard = spectrum(40_000), np.ones(40_000, bool)
    found = aspects(power, heard)
    assert found.shape == (40_000, COUNT)
    covariance = np.cov(found.T)
    assert (np.diff(np.diag(covariance)) <= 1e-3).all()
    assert np.abs(covariance - np.diag(np.diag(covariance))).max() < 1e-2 * covariance[0, 0]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 2000), st.floats(0, 1), st.sampled_from([0.0, 1e-8, 1.0]))
def test_anything_gives_something_finite(seed: int, frames: int, share: float, scale: float) -> None:
    rng = np.random.default_rng(seed)
    power = (rng.random((frames, 64)) * scale).astype(np.float32)
    heard = rng.random(frames) < share
    heard[0] = True
    codes = rng.random((frames, 8)).astype(np.float32)
    codes[:, rng.integers(0, 8)] = 0.5
    found = aspects(power, heard)
    assert np.isfinite(found).all()
    assert np.isfinite(tuned(codes, found, heard)).all()


@pytest.mark.parametrize("frames", [1, SHORTEST - 1])
def test_what_is_too_short_stays_as_it_is(frames: int) -> None:
    power, heard = spectrum(frames), np.ones(frames, bool)
    codes = codes_of(spectrum(400))[:frames]
    assert tuned(codes, aspects(power, heard), heard) is codes


def test_what_is_far_below_the_loudest_is_not_told() -> None:
    power = np.full((500, 64), 1.0, np.float32)
    power[:, 32:] = 10 ** (-(DEPTH_DB + 20) / 10) * (1 + np.arange(500)[:, None] % 2)
    assert np.abs(aspects(power, np.ones(500, bool))).max() < 1e-3
