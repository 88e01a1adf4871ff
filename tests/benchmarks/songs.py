"""Songs to measure with, made from the bundled carol so that every clone measures the same."""

import os
from pathlib import Path

import numpy as np
import soundfile

from yulelight.app.music import CAROL
from yulelight.audio.decode import blocks
from yulelight.dsp.spectrum import RATE


def carol(seconds: float) -> np.ndarray:
    """(n, 2) float32 at 44.1 kHz: the carol over and over, without its silent ends."""
    once = np.concatenate(list(blocks(CAROL)))[2 * RATE : -2 * RATE]
    wanted = int(seconds * RATE)
    return np.tile(once, (-(-wanted // len(once)), 1))[:wanted]


def four_minutes(folder: Path) -> Path:
    """A 4-minute mp3 in ``folder``."""
    path = folder / "four-minutes.mp3"
    soundfile.write(path, np.clip(carol(240), -1, 1), RATE, format="MP3")
    return path


def one_core() -> None:
    """Keeps this process on one core, so that figures a core mean what they say."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
