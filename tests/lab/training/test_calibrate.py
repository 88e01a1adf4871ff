"""Channels are ordered, louder is brighter, no level sticks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yulelight.lab.training.calibrate import calibrate, centroids, loadings
from yulelight.lab.training.linear import components, factors


def random(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 1, shape).astype(np.float32)


def spectra(drive: np.ndarray) -> np.ndarray:
    """Scaled spectra (n, 96) in which channel c lifts the bands around 10 * (8 - c)."""
    bands = np.arange(96)
    return np.asarray(
        sum(drive[:, [c]] * np.exp(-(((bands - 10 * (8 - c)) / 3) ** 2)) for c in range(8)), np.float32
    )


@pytest.mark.parametrize("squash", ["sigmoid", "clip"])
def test_channels_are_ordered_by_what_they_decode_to(squash: str) -> None:
    drive = random(4000, 8)
    assert list(np.argsort(centroids(loadings(drive, spectra(drive))))) == list(range(7, -1, -1))
    matrix = calibrate(drive, spectra(drive), squash).matrix  # type: ignore[arg-type]
    assert (np.abs(matrix) > 0).argmax(axis=0).tolist() == list(range(7, -1, -1))


@pytest.mark.parametrize("squash", ["sigmoid", "clip"])
def test_louder_is_brighter_and_no_level_sticks(squash: str) -> None:
    loud = random(4000, seed=1)
    drive = (random(4000, 8) * 0.1 + loud[:, None] * [1, -1, 1, -1, 1, -1, 1, -1] + 30).astype(np.float32)
    levels = calibrate(drive, np.repeat(loud[:, None], 96, axis=1), squash).levels(drive)  # type: ignore[arg-type]
    assert min(np.corrcoef(channel, loud)[0, 1] for channel in levels.T) > 0.8
    assert levels.min() >= 0
    assert levels.max() <= 1
    assert levels.std(axis=0).min() > 0.1


def test_principal_components_explain_what_they_span() -> None:
    frames = random(500, 3) @ random(3, 20, seed=1) + 5
    mean, basis = components(frames, 3)
    assert (frames - mean) @ basis @ basis.T + mean == pytest.approx(frames, abs=1e-3)


@given(st.integers(0, 1000))
@settings(max_examples=5, deadline=None)
def test_parts_only_add_up_and_rebuild(seed: int) -> None:
    rng = np.random.default_rng(seed)
    frames = rng.random((300, 3)) @ rng.random((3, 20))
    amounts, parts = factors(frames, 3, rng, rounds=300)
    assert min(amounts.min(), parts.min()) >= 0
    assert np.square(amounts @ parts - frames).sum() < 0.05 * np.square(frames - frames.mean(0)).sum()
