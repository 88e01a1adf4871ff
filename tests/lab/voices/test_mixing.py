"""Mixes of which the voice is known: what is asked of the head is what a listener would say."""

import numpy as np
import pytest

from tests.lab.training.music import samples
from yulelight.lab.voices import mixing
from yulelight.lab.voices.mixing import BANDS, LENGTH, Sound, brightness, loud_moments, mixed

RATE = 44100 / 512


def tone(pitch: float, seconds: float, loud: float = 0.3) -> np.ndarray:
    times = np.arange(round(44100 * seconds)) / 44100
    return (loud * np.sin(2 * np.pi * pitch * times)).astype(np.float32)


def test_a_sound_is_heard_in_its_band() -> None:
    low, high = (Sound.of(tone(pitch, 1)).bands[40] for pitch in (300, 5000))
    assert low.shape == (BANDS,)
    assert low.argmax() < high.argmax() - 15


@pytest.mark.parametrize(("against", "bright"), [(0.0, 1.0), (-12.0, 0.7), (-40.0, 0.0)])
def test_a_voice_is_as_bright_as_it_is_loud(against: float, bright: float) -> None:
    whole = np.full(400, 1.0, np.float32)
    voice = np.full(400, 10 ** (against / 10), np.float32)
    shown = brightness(voice, whole, loud_moments(whole))
    assert shown[100:300] == pytest.approx(bright, abs=0.01)


def test_short_gaps_are_no_pauses() -> None:
    voice = np.ones(600, np.float32)
    voice[200:218] = voice[400:500] = 0  # two tenths of a second, and more than one
    shown = brightness(voice, np.ones(600, np.float32), 0.0)
    assert shown[200:218].min() > 0.9
    assert shown[430:470].max() < 0.1


def test_lessons_are_with_and_without_a_voice(monkeypatch: pytest.MonkeyPatch) -> None:
    voice, other = Sound.of(tone(700, 12)), Sound.of(samples(12, 3))
    order = np.random.default_rng(4)
    lessons = [mixed([voice], [other], order) for _ in range(60)]
    for one in lessons:
        assert one.decibels.shape == (LENGTH, BANDS) and one.voice.shape == (LENGTH,)
        assert np.isfinite(one.decibels).all()
        assert one.voice.min() >= 0 and one.voice.max() <= 1
    without = np.mean([one.voice.max() == 0 for one in lessons])
    assert 0.1 < without < 0.55
    monkeypatch.setattr(mixing, "WITHOUT", 1.0)
    assert mixed([voice], [other], order).voice.max() == 0
