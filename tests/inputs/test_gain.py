"""Gain in numbers: music comes to a level, noise stays what it is."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yulelight.inputs.gain import Gain

RATE = 44_100


def noise(db: float, seconds: float, seed: int = 0) -> np.ndarray:
    """White, of this root mean square in dB of full scale."""
    wave = np.random.default_rng(seed).standard_normal((round(RATE * seconds), 2))
    return np.asarray(wave / np.sqrt(np.mean(wave**2)) * 10 ** (db / 20), np.float32)


def loudness(samples: np.ndarray) -> float:
    return float(10 * np.log10(np.mean(np.square(samples, dtype=np.float64))))


def through(gain: Gain, samples: np.ndarray, block: int = 2205) -> np.ndarray:
    return np.concatenate([gain.push(samples[k : k + block]) for k in range(0, len(samples), block)])


@pytest.mark.parametrize(("quiet", "raised"), [(-45.0, -16.0), (-30.0, -16.0), (-10.0, -10.0)])
def test_quiet_music_becomes_as_loud_as_other_music(quiet: float, raised: float) -> None:
    heard = through(Gain(-50), noise(quiet, 15))
    assert loudness(heard[-RATE:]) == pytest.approx(raised, abs=1.0)
    assert loudness(heard[: RATE // 10]) == pytest.approx(quiet, abs=1.0)  # it comes slowly


@settings(deadline=None, max_examples=20)
@given(st.floats(-110, -52), st.integers(0, 9))
def test_noise_alone_is_never_made_louder(db: float, seed: int) -> None:
    sent = noise(db, 10, seed)
    assert np.array_equal(through(Gain(-50), sent), sent)


@settings(deadline=None, max_examples=10)
@given(st.floats(-48, -20), st.floats(-100, -55))
def test_noise_after_music_is_soon_what_it_was(music: float, db: float) -> None:
    gain = Gain(-50)
    through(gain, noise(music, 15))
    assert loudness(through(gain, noise(db, 4))[-RATE:]) == pytest.approx(db, abs=0.1)


def test_quiet_parts_of_a_song_stay_quieter_than_its_loud_ones() -> None:
    gain = Gain(-60)
    heard = through(gain, np.concatenate([noise(-30, 12), noise(-45, 3), noise(-30, 3)]))
    parts = [loudness(heard[a * RATE : b * RATE]) for a, b in ((11, 12), (13, 15), (15, 18))]
    assert parts[0] - parts[1] > 9 and abs(parts[0] - parts[2]) < 4


def test_nothing_is_cut_off_by_more_than_a_moment() -> None:
    gain = Gain(-50)
    through(gain, noise(-45, 15))
    heard = through(gain, noise(-20, 3))
    assert np.abs(heard).max() < 1.0
    assert loudness(heard[-RATE:]) == pytest.approx(-16, abs=1.5)
