"""Synthetic songs: a few notes with harmonics that start and stop, so that there is something to learn."""

import wave
from pathlib import Path

import numpy as np

from yulelight.dsp.spectrum import RATE, magnitudes


def samples(seconds: float, seed: int = 0) -> np.ndarray:
    """(n,) float32: notes of random pitch, length and colour over a little noise."""
    rng = np.random.default_rng(seed)
    time = np.arange(int(seconds * RATE)) / RATE
    sound = rng.normal(0, 1e-3, len(time))
    for _ in range(int(6 * seconds)):
        start, length = rng.uniform(0, seconds), rng.uniform(0.1, 0.8)
        pitch, colour = rng.uniform(60, 2000), rng.uniform(0.2, 1.5)
        part = (time >= start) & (time < start + length)
        held = time[part] - start
        for k in range(1, 9):
            sound[part] += 0.1 * k**-colour * np.exp(-4 * held) * np.sin(2 * np.pi * k * pitch * held)
    made: np.ndarray = (0.5 * sound / np.abs(sound).max()).astype(np.float32)
    return made


def song(seconds: float, seed: int = 0) -> np.ndarray:
    """Magnitudes (n, 513) of such a song."""
    return magnitudes(samples(seconds, seed))


def write(path: Path, seconds: float, seed: int = 0) -> Path:
    """Such a song as a wave file."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((samples(seconds, seed) * 32767).astype("<i2").tobytes())
    return path
