"""Live light after silence, of a sound that becomes quieter, and of another song: neither dark nor full for long."""

import numpy as np
import pytest

from tests.benchmarks.songs import carol
from yulelight.dsp.spectrum import FRAME_RATE, RATE
from yulelight.encoder.catalogue import find
from yulelight.encoder.model import load
from yulelight.show.live import live_show
from yulelight.show.look import LOOKS
from yulelight.show.show import Show

MUSIC, SILENCE, LATER = 20, 10, 30
"""Seconds of music before anything happens, of silence, and of what comes after each change."""


@pytest.fixture(scope="module")
def music() -> np.ndarray:
    """Half a minute of the carol's middle."""
    return carol(70)[40 * RATE :]


def heard(*parts: np.ndarray, ahead: float = 2.0) -> Show:
    return live_show(parts, load(find("wide")), LOOKS["lively"], ahead)


def light(show: Show, begin: float, end: float) -> np.ndarray:
    """Levels from 0 to 1."""
    return show.levels[int(begin * FRAME_RATE) : int(end * FRAME_RATE)] / 255


def alive(show: Show, begin: float, end: float, usual: float) -> None:
    """Within ``begin`` and ``end``, light is neither far from the ``usual`` mean nor does it stand still."""
    some = light(show, begin, end)
    assert usual / 2.5 < some.mean() < usual * 2.5
    assert np.mean(some > 0.95) < 0.3 and np.mean(some < 0.05) < 0.8
    on = show.switched[int(begin * FRAME_RATE) : int(end * FRAME_RATE)]
    assert 0.15 < on.mean() < 0.6
    assert np.diff(on.astype(int), axis=0).any(1).sum() > end - begin


def test_after_silence_it_is_as_it_was(music: np.ndarray) -> None:
    silence = np.zeros((SILENCE * RATE, 2), np.float32)
    show = heard(music[: MUSIC * RATE], silence, music[: MUSIC * RATE])
    assert light(show, MUSIC + 0.5, MUSIC + SILENCE - 0.5).max() == 0
    before, again = light(show, 5, MUSIC), light(show, MUSIC + SILENCE + 5, 2 * MUSIC + SILENCE - 1)
    alive(show, MUSIC + SILENCE + 1, 2 * MUSIC + SILENCE - 1, before.mean())
    assert again.mean() == pytest.approx(before.mean(), rel=0.3)


def test_a_quieter_sound_is_lit_again_after_a_quarter_of_a_minute(music: np.ndarray) -> None:
    """By 20 dB quieter: at a third of the usual light, at least."""
    show = heard(music, music, np.float32(0.1) * music)
    usual = light(show, LATER + 15, 2 * LATER).mean()
    levels = light(show, 2 * LATER + 15, 3 * LATER - 1)
    assert usual / 3 < levels.mean() < usual * 1.5
    assert levels.std(0).mean() > 0.1


def test_another_song_is_lit_as_the_first(music: np.ndarray) -> None:
    """Deeper, slower, and with all but its high notes filtered away."""
    at = np.arange(0, len(music), 0.7)
    slow = np.stack([np.interp(at, np.arange(len(music)), side) for side in music.T], axis=1)
    other = np.diff(slow, axis=0, append=0).astype(np.float32) * 4
    show = heard(music, other)
    alive(show, LATER + 5, LATER + 30, light(show, 5, LATER).mean())


@pytest.mark.parametrize("ahead", [0.0, 2.0])
def test_a_quiet_microphone_s_noise_stays_dark(ahead: float) -> None:
    """Noise of a room, 55 dB under full scale, for half a minute."""
    noise = np.random.default_rng(3).standard_normal((LATER * RATE, 1)) * 10 ** (-55 / 20)
    show = heard(np.repeat(noise, 2, 1).astype(np.float32), ahead=ahead)
    assert light(show, 0, LATER).mean() < 0.05
    assert np.mean(light(show, 0, LATER) > 0.5) < 0.02
