"""What a passer-by sees: each figure on lights made so that it is known."""

import numpy as np
import pytest

pytest.importorskip("scipy", reason="the [evaluate] extra is not installed")

from yulelight.lab.evaluation.drama import drama, moments, sudden

RATE, RMS_RATE = 40.0, 20.0
SECONDS = 60


def loudness(*parts: tuple[float, float]) -> np.ndarray:
    """RMS of parts (seconds, dB)."""
    return np.concatenate([np.full(int(s * RMS_RATE), 10 ** (db / 20)) for s, db in parts])


def blinking(period: float, share: float, seconds: float = SECONDS) -> np.ndarray:
    """(frames, 8): all lights on for ``share`` of each ``period``."""
    times = np.arange(int(seconds * RATE)) / RATE
    return np.repeat(((times % period) / period < share)[:, None], 8, axis=1)


def test_a_blinking_house() -> None:
    on = blinking(2.0, 0.25)
    seen = drama(loudness((SECONDS, -20)), RMS_RATE, on.astype(float), on, RATE)
    assert seen.on == pytest.approx(0.25, abs=0.01)
    assert seen.dark == pytest.approx(0.75, abs=0.01)
    assert seen.contrast == pytest.approx(1.0)
    assert seen.rests == pytest.approx(30, abs=1)
    assert seen.frozen == 0 and seen.still == 0
    assert seen.pause == pytest.approx(1.5, abs=0.1)
    assert seen.climax == pytest.approx(1.0)


def test_a_house_that_stands_still() -> None:
    on = np.tile([True] * 4 + [False] * 4, (int(SECONDS * RATE), 1))
    seen = drama(loudness((SECONDS, -20)), RMS_RATE, on.astype(float), on, RATE)
    assert seen.frozen == 1 and seen.still == 1
    assert seen.pause == pytest.approx(SECONDS, abs=0.1)
    assert seen.contrast == 0 and seen.rests == 0
    assert np.isnan(seen.dynamics)


def test_loud_music_that_looks_loud() -> None:
    """Forty quiet seconds, then twenty loud ones in which more lights are on, and change twice as often."""
    quiet, loud = blinking(2.0, 0.25, 40), blinking(1.0, 0.5, 20)
    quiet[:, 4:] = False
    on = np.concatenate([quiet, loud])
    seen = drama(loudness((40, -30), (20, -12)), RMS_RATE, on.astype(float), on, RATE)
    assert seen.span == pytest.approx(0.5 - 0.125, abs=0.05)
    assert seen.dynamics > 0.8
    assert seen.climax > 1.5


def test_what_is_too_quiet_to_hear_does_not_count() -> None:
    on = np.concatenate([blinking(2.0, 0.5, 40), np.ones((int(20 * RATE), 8), bool)])
    seen = drama(loudness((40, -20), (20, -90)), RMS_RATE, on.astype(float), on, RATE)
    assert seen.on == pytest.approx(0.5, abs=0.02)
    assert seen.frozen == 0


def test_moments_are_where_the_loudness_changes() -> None:
    rms = loudness((20, -30), (20, -12), (20, -30))
    assert sorted(sudden(rms, RMS_RATE)) == pytest.approx([20, 40], abs=0.2)
    assert moments(rms, RMS_RATE, (0.0, 20.5, 41.0)) == 1
    assert moments(rms, RMS_RATE, (0.0, 20.5)) == 0.5
    assert moments(rms, RMS_RATE, (0.0,)) == 0
    assert np.isnan(moments(loudness((60, -20)), RMS_RATE, (0.0, 20.0)))


def test_a_song_of_seconds_has_no_large_form() -> None:
    on = blinking(2.0, 0.5, 4)
    assert np.isnan(drama(loudness((4, -20)), RMS_RATE, on.astype(float), on, RATE).contrast)
