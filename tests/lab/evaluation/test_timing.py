"""Lights that are on time, early, late and nowhere."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("mir_eval", reason="the [evaluate] extra is not installed")

from yulelight.lab.evaluation import timing

RATE = 100.0
NOTES = np.arange(0.5, 10, 0.5)


def steps_at(times: np.ndarray, length: float = 0.2, seconds: float = 11) -> np.ndarray:
    """One channel that goes on at ``times``."""
    on = np.zeros((int(seconds * RATE), 1), bool)
    for time in times:
        on[round(time * RATE) : round((time + length) * RATE)] = True
    return on


def test_perfect_timing() -> None:
    lights = timing.switch_on_times(steps_at(NOTES), RATE)
    assert lights.tolist() == pytest.approx(NOTES.tolist())
    assert timing.onset_match(NOTES, lights) == (1, 1, 1)
    assert timing.beat_recall(NOTES, lights) == 1


def test_half_of_the_notes_and_as_many_wrong_lights() -> None:
    lights = np.sort(np.concatenate([NOTES[::2], NOTES[::2] + 0.25]))
    precision, recall, f = timing.onset_match(NOTES, lights)
    assert precision == pytest.approx(0.5)
    assert recall == pytest.approx(10 / 19)
    assert f == pytest.approx(2 * 0.5 * recall / (0.5 + recall))


def test_a_light_counts_for_one_note_only() -> None:
    assert timing.onset_match(np.array([1.0, 1.05]), np.array([1.02]))[1] == pytest.approx(0.5)
    assert timing.beat_recall(np.array([1.0, 1.05]), np.array([1.02])) == 1


@pytest.mark.parametrize(("off", "hit"), [(0.069, 1.0), (-0.069, 1.0), (0.08, 0.0), (-0.08, 0.0)])
def test_tolerance(off: float, hit: float) -> None:
    assert timing.beat_recall(NOTES, NOTES + off) == hit
    assert timing.onset_match(NOTES, NOTES + off)[2] == hit


def test_lights_of_one_moment_count_once() -> None:
    on = np.concatenate([steps_at(NOTES), steps_at(NOTES + 0.02), steps_at(NOTES + 0.1)], axis=1)
    assert len(timing.switch_on_times(on, RATE)) == 2 * len(NOTES)


def test_no_lights_and_no_notes() -> None:
    nothing = timing.switch_on_times(np.zeros((50, 8), bool), RATE)
    assert len(nothing) == 0
    assert timing.onset_match(NOTES, nothing) == (0, 0, 0)
    assert timing.beat_recall(NOTES, nothing) == 0
    assert timing.beat_recall(np.empty(0), NOTES) == 0


@given(st.integers(-18, 18))
def test_lag_is_found(frames: int) -> None:
    levels = steps_at(NOTES + frames / RATE).astype(float)
    times = np.arange(len(levels)) / RATE
    envelope = np.exp(-0.5 * ((times[:, None] - NOTES) / 0.02) ** 2).sum(1)
    assert timing.lag(levels, RATE, times, envelope) == pytest.approx(frames / RATE + timing.REFERENCE_LEAD)


def test_lights_that_never_brighten_have_no_lag() -> None:
    times = np.arange(100) / RATE
    assert np.isnan(timing.lag(np.ones((100, 8)), RATE, times, times))
