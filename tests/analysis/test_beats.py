"""The beat of strengths whose beat is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from yulelight.analysis.beats import TIGHTNESS, beats, best_chain

RATE = 86.13


@pytest.mark.parametrize("tempo", [80, 100, 120, 140])
def test_finds_a_steady_beat_in_noise(tempo: int) -> None:
    rng = np.random.default_rng(tempo)
    strength = 0.1 * rng.random(int(40 * RATE)).astype(np.float32)
    period = 60 / tempo
    for beat in np.arange(0.5, 39.5, period):
        strength[round(beat * RATE)] += 1.0
    found = np.array(beats(strength, RATE)) / RATE
    inner = np.arange(0.5, 39.5, period)[4:-4]
    assert np.mean([np.abs(found - b).min() < 0.05 for b in inner]) > 0.95
    assert abs(np.median(np.diff(found)) - period) < 0.02


@pytest.mark.parametrize("strength", [np.zeros(0), np.zeros(2000), np.ones(2000), np.ones(10)])
def test_no_onsets_no_beat(strength: np.ndarray) -> None:
    assert beats(strength.astype(np.float32), RATE) == []


@settings(max_examples=25, deadline=None)
@given(hnp.arrays(np.float32, st.integers(0, 1500), elements=st.floats(0, 1, width=32)))
def test_any_strength_gives_frames_in_order(strength: np.ndarray) -> None:
    found = beats(strength, RATE)
    assert found == sorted(set(found))
    assert all(0 <= b < len(strength) for b in found)


def chain_by_definition(local: np.ndarray, period: int) -> tuple[list[float], list[int]]:
    """Frame by frame, as Ellis writes it."""
    score: list[float] = []
    before: list[int] = []
    apart = np.arange(2 * period, max(period // 2, 1) - 1, -1)
    cost = dict(zip(apart.tolist(), (-TIGHTNESS * np.log(apart / period) ** 2).tolist(), strict=True))
    begun = False
    for k, strong in enumerate(local.tolist()):
        reach = [j for j in range(k - 2 * period, k - max(period // 2, 1) + 1) if j >= 0]
        options = [score[j] + cost[k - j] for j in reach]
        score.append(strong + max(options, default=0.0))
        begun = begun or (bool(options) and strong >= 0.01 * local.max())
        before.append(reach[int(np.argmax(options))] if options and begun else -1)
    return score, before


@settings(max_examples=40, deadline=None)
@given(hnp.arrays(np.float64, st.integers(1, 300), elements=st.floats(0, 9, width=32)), st.integers(1, 120))
def test_the_chain_is_the_best_one(local: np.ndarray, period: int) -> None:
    score, before = best_chain(local, period)
    expected, previous = chain_by_definition(local, period)
    assert before.tolist() == previous
    np.testing.assert_allclose(score, expected, rtol=1e-9)
