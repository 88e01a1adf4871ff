"""What every baseline promises, and what makes each of them what it is."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("scipy", reason="the [evaluate] extra is not installed")

from yulelight.lab.evaluation.baselines import BASELINES
from yulelight.lab.evaluation.baselines.bands import fading, log_bands
from yulelight.lab.evaluation.baselines.mel import mel_bands, smoothed
from yulelight.lab.evaluation.baselines.projections import principal_components, random_projection
from yulelight.lab.evaluation.baselines.swap import flux, onset_frames, swap_at_onsets
from yulelight.lab.evaluation.switching import correlation

RATE = 44_100


def tone(hertz: float, seconds: float = 2.0) -> np.ndarray:
    return (0.5 * np.sin(2 * np.pi * hertz * np.arange(int(seconds * RATE)) / RATE)).astype(np.float32)


@pytest.mark.parametrize("name", BASELINES)
@pytest.mark.parametrize("kind", ["music", "stereo", "silence", "noise", "moment"])
def test_levels_are_levels(name: str, kind: str, clicks: np.ndarray) -> None:
    samples = {
        "music": clicks,
        "stereo": np.stack([clicks, -0.5 * clicks], axis=1),
        "silence": np.zeros(RATE, np.float32),
        "noise": np.random.default_rng(1).uniform(-1, 1, RATE).astype(np.float32),
        "moment": clicks[:100],
    }[kind]
    levels, rate = BASELINES[name](samples)
    assert levels.ndim == 2 and levels.shape[1] == 8 and len(levels) >= 1
    assert np.isfinite(levels).all() and levels.min() >= 0 and levels.max() <= 1
    if kind == "music":
        assert len(levels) / rate == pytest.approx(len(samples) / RATE, abs=0.06)


def test_bands_rise_with_pitch() -> None:
    """A tone that comes after silence lights the band it lies in, the higher the farther up."""
    silence = np.zeros(RATE, np.float32)
    brightest = []
    for hertz in (30, 100, 250, 600, 1300, 3000, 6000, 12_000):
        levels, _ = mel_bands(np.concatenate([silence, tone(hertz)]))
        brightest.append(int(levels[-20].argmax()))
    assert brightest == sorted(brightest)
    assert brightest[0] == 0 and brightest[-1] == 7


def test_octaves_are_the_lights_of_lightshowpi() -> None:
    """Its bands are 1.19 octaves wide from 20 Hz, normalised each by itself: what changes, lights."""
    quiet = 1e-3 * np.random.default_rng(2).standard_normal(2 * RATE).astype(np.float32)
    quiet[RATE:] += tone(1000, 1.0)
    levels, _ = log_bands(quiet, whole=True)
    before, after = levels[:18].mean(0), levels[-18:].mean(0)
    assert int((after - before).argmax()) == int(np.log2(1000 / 20) / (np.log2(15_000 / 20) / 8))


def test_decay_lets_light_fall_step_by_step() -> None:
    levels = np.array([[0.0], [1.0], [0.0], [0.0], [0.95], [0.0]])
    assert fading(levels, 0.1)[:, 0] == pytest.approx([0, 1, 0.9, 0.8, 0.95, 0.85])
    assert fading(levels, 0.0) is levels


def test_the_average_takes_two_fifths_of_the_new() -> None:
    assert smoothed(np.ones((3, 1)))[:, 0] == pytest.approx([0.4, 0.64, 0.784])


def test_principal_components_are_independent_and_random_ones_always_the_same(clicks: np.ndarray) -> None:
    noisy = clicks + 0.01 * np.random.default_rng(1).standard_normal(len(clicks)).astype(np.float32)
    assert correlation(principal_components(noisy)[0]) < correlation(random_projection(noisy)[0])
    assert (random_projection(noisy)[0] == random_projection(noisy)[0]).all()


def test_the_swapper_swaps_at_onsets_and_keeps_half_the_lights_on(clicks: np.ndarray) -> None:
    levels, rate = swap_at_onsets(clicks)
    on = levels > 0.5
    assert (on.sum(1) == 4).all()
    changes = np.flatnonzero(np.diff(on.astype(int), axis=0).any(1)) / rate
    beats = np.arange(0, 12, 0.5)
    assert np.abs(changes[:, None] - beats).min(1).max() < 0.05
    assert np.abs(changes[:, None] - beats).min(0).max() < 0.05


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=0, max_size=300).map(np.array))
def test_onsets_are_apart(strength: np.ndarray) -> None:
    found = onset_frames(strength)
    assert all(later - earlier >= 10 for earlier, later in pairwise(found))


def test_what_stays_has_no_flux() -> None:
    assert flux(np.ones((50, 513), np.float32)).max() == 0
