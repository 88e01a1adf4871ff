"""Calibration clicks with simultaneous blinks, for adjusting the delay."""

from pathlib import Path

import numpy as np
import soundfile

from yulelight.core.messages import CHANNELS, Song
from yulelight.dsp.spectrum import FRAME_RATE, RATE
from yulelight.library.songs import LibrarySong
from yulelight.show.show import Show

CLICKS = "calibrate"
"""The song id of the clicks."""
SECONDS = 30
CLICK = 0.03
BLINK = 0.15
"""Seconds. One blink a second keeps the flash limit."""


def clicks(path: Path) -> None:
    """Writes SECONDS of clicks, one at each whole second but the first, as a WAV file. Blocks for a moment."""
    times = np.arange(int(CLICK * RATE)) / RATE
    click = np.sin(2 * np.pi * 1500 * times) * np.exp(-times / 0.005)
    wave = np.zeros(SECONDS * RATE, np.float32)
    for second in range(1, SECONDS):
        wave[second * RATE :][: len(click)] = 0.8 * click
    soundfile.write(path, wave, RATE, format="WAV")


def song(folder: Path) -> LibrarySong:
    """The clicks as a song of the id CLICKS, kept in ``folder``, for players that fetch what they play. Blocks."""
    path = folder / "clicks.wav"
    if not path.exists():
        new = path.with_suffix(".new")
        clicks(new)
        new.replace(path)
    return LibrarySong(Song(CLICKS, "Clicks", duration=float(SECONDS)), path)


def blinks() -> Show:
    """The show of the clicks: all channels together."""
    times = np.arange(int(SECONDS * FRAME_RATE)) / FRAME_RATE
    lit = (times >= 1) & (times % 1 < BLINK)
    switched = np.repeat(lit[:, None], CHANNELS, axis=1)
    return Show(switched.astype(np.uint8) * 255, switched, FRAME_RATE, (0.0,), "clicks")
