"""The linear encoder: silence is dark, channels are uncorrelated, rotations keep what they promise."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from yulelight.encoder.catalogue import find
from yulelight.encoder.model import load
from yulelight.lab.training.mel import BANDS, FLOOR_DB, fit, reflection, simplest


def songs(count: int = 3) -> list[np.ndarray]:
    rng = np.random.default_rng(5)
    basis = rng.random((12, BANDS)) ** 3
    made = []
    for _ in range(count):
        mixed = FLOOR_DB + 60 * rng.random((2500, 12)) @ basis / 4 + rng.normal(0, 2, (2500, BANDS))
        made.append(np.maximum(mixed, FLOOR_DB).astype(np.float32))
    return made


def test_silence_is_dark_and_music_is_not() -> None:
    music = songs()
    encoder = fit(music)
    dark = encoder.levels(np.full((1, BANDS), FLOOR_DB, np.float32))
    assert np.abs(dark).max() < 1e-3
    levels = encoder.levels(np.concatenate(music))
    assert levels.std(0).min() > 0.05
    correlation = np.atleast_2d(np.corrcoef(levels.T))
    assert np.abs(correlation[np.triu_indices(8, 1)]).mean() < 0.2


@given(st.integers(0, 2**32 - 1))
def test_reflection_turns_one_direction_into_the_other(seed: int) -> None:
    rng = np.random.default_rng(seed)
    source, target = rng.normal(size=8), rng.normal(size=8)
    turn = reflection(source, target)
    assert np.allclose(turn @ turn.T, np.eye(8), atol=1e-9)
    turned = source @ turn
    assert np.allclose(turned / np.linalg.norm(turned), target / np.linalg.norm(target), atol=1e-6)


def test_simplest_keeps_the_fixed_direction_and_simplifies() -> None:
    rng = np.random.default_rng(1)
    clear = np.abs(rng.normal(size=(40, 8))) * (rng.random((40, 8)) < 0.2)
    fixed = -np.ones(8) / np.sqrt(8)
    muddle = np.linalg.qr(np.column_stack([fixed, rng.normal(size=(8, 7))]))[0]
    loadings = clear @ muddle
    turn = simplest(loadings, fixed)
    assert np.allclose(turn @ turn.T, np.eye(8), atol=1e-8)
    assert np.allclose(fixed @ turn, fixed, atol=1e-8)

    def simplicity(x: np.ndarray) -> float:
        return float((np.mean(x**4, axis=0) - np.mean(x**2, axis=0) ** 2).sum())

    assert simplicity(loadings @ turn) >= simplicity(loadings)


def test_the_bundled_model_is_dark_at_rest() -> None:
    encoder = load(find("mel", ()))
    assert encoder.manifest.name == "mel"
    assert encoder.rest.max() < 1e-3
