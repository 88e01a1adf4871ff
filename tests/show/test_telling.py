"""Levels of a song are adjusted so that more can be read from them, and stay what lights can show."""

import numpy as np
import pytest

from yulelight.encoder.meaning import Meaning
from yulelight.show import telling
from yulelight.show.telling import gradient, retold, told_by

RATE = 86.13


def song(seed: int = 0, seconds: int = 40) -> tuple[np.ndarray, np.ndarray]:
    """Sound and levels (frames, 8) of held notes; the levels tell it only roughly."""
    rng = np.random.default_rng(seed)
    sound = np.repeat(rng.normal(size=(seconds * 2, 8)), 43, axis=0).astype(np.float32)
    levels = 1 / (1 + np.exp(2 - sound - rng.normal(0, 0.7, sound.shape)))
    return sound, levels.astype(np.float32)


def reading(gain: float = 1.0) -> Meaning:
    """Each light tells its own channel: as much now as a tenth of a second ago."""
    lags = np.zeros((48, 8), np.float32)
    lags[:8] = lags[8:16] = 2 * gain * np.eye(8)
    at_once = np.float32(4 * gain) * np.eye(8, dtype=np.float32)
    return Meaning(at_once, at_once, at_once, np.zeros(8, np.float32), lags, at_once)


def shown(
    sound: np.ndarray,
    levels: np.ndarray,
    *,
    loudness: np.ndarray | None = None,
    open_gate: np.ndarray | None = None,
    fixed: int | None = None,
    gain: float = 1.0,
) -> np.ndarray:
    gate = np.ones(len(sound), np.float32) if open_gate is None else open_gate
    loud = np.full(len(sound), -20, np.float32) if loudness is None else loudness
    return retold(levels, told_by(sound, gate, loud, fixed), reading(gain))


def wrong(sound: np.ndarray, levels: np.ndarray) -> float:
    """Mean square of what is read wrongly, frame by frame, by the rule of ``reading``."""
    about = levels - levels.mean(0)
    late = np.roll(about, 8, axis=0)
    return float(np.square(2 * about + 2 * late - (sound - sound.mean(0))).mean())


def test_more_can_be_read_and_levels_are_levels() -> None:
    sound, levels = song()
    made = shown(sound, levels)
    assert made.shape == levels.shape and made.min() >= 0 and made.max() <= 1
    assert wrong(sound, made) < 0.8 * wrong(sound, levels)


def test_seconds_that_sound_alike_look_more_alike() -> None:
    sound, levels = song(1)
    sound[len(sound) // 2 :] = sound[: len(sound) // 2]
    again = [
        np.abs(one[: len(one) // 2] - one[len(one) // 2 :]).mean() for one in (levels, shown(sound, levels))
    ]
    assert again[1] < 0.6 * again[0]


def test_louder_music_is_brighter() -> None:
    sound, levels = song(2)
    loud = (-20 + 10 * np.sin(np.arange(len(sound)) * 2 * np.pi / (20 * RATE))).astype(np.float32)
    top, low = loud > np.quantile(loud, 0.8), loud < np.quantile(loud, 0.4)
    shows = levels, shown(sound, levels, loudness=loud, gain=0.1)
    before, after = (float(one[top].mean() - one[low].mean()) for one in shows)
    assert after > before + 0.08


def test_silence_is_dark_and_a_channel_may_keep_its_own() -> None:
    sound, levels = song(3)
    gate = np.ones(len(sound), np.float32)
    gate[1000:1400] = 0
    levels[1000:1400] = 0
    made = shown(sound, levels, open_gate=gate, fixed=5)
    assert made[1016:1384].max() < 1e-6
    assert made[:, 5] == pytest.approx(levels[:, 5], abs=1e-6)
    assert np.abs(made[:, 4] - levels[:, 4]).max() > 0.1


@pytest.mark.parametrize("frames", [0, 1, 7, 300])
def test_a_moment_of_sound_stays_as_it_is(frames: int) -> None:
    sound, levels = song(4)
    assert np.array_equal(shown(sound[:frames], levels[:frames]), levels[:frames])


def test_the_gradient_of_the_reading_is_that_of_its_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Against differences of the error, written as loops over steps and lags."""
    for penalty in ("DARK", "CONTRAST", "SPAN", "FAST", "USED", "LIKENESS", "AT_ONCE"):
        monkeypatch.setattr(telling, penalty, 0.0)
    monkeypatch.setattr(telling, "READ", 1.0)
    rng = np.random.default_rng(5)
    sound, levels = rng.normal(size=(60, 8)), rng.random((60, 8))
    lags = rng.normal(size=(48, 8))
    told = told_by(
        np.repeat(sound, 8, axis=0).astype(np.float32), np.ones(480, np.float32), np.zeros(480, np.float32)
    )

    def error(some: np.ndarray) -> float:
        about, total = some - some.mean(0), 0.0
        for n in range(len(some)):
            read = sum(about[n - back] @ lags[8 * back : 8 * back + 8] for back in range(6))
            total += float(np.square(read - (sound - sound.mean(0))[n]).sum())
        return total

    slope = gradient(levels, told, lags, np.zeros((8, 8)))
    for n, channel in ((0, 0), (17, 3), (59, 7)):
        step = np.zeros_like(levels)
        step[n, channel] = 1e-4
        difference = (error(levels + step) - error(levels - step)) / 2e-4
        assert slope[n, channel] == pytest.approx(difference, rel=1e-3)
