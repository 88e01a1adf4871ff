"""Eight mel bands on a fixed scale, from the published description of Sendspin's spectrum visualiser.

Hann window of 2048 samples every 20 ms, A-weighting, the level of each of eight mel bands, -60..0 dBFS is dark to full,
smoothed by an exponential average that takes 0.4 of each new frame.
"""

import numpy as np

from yulelight.dsp.samples import Floats
from yulelight.dsp.spectrum import RATE
from yulelight.lab.evaluation.arrays import Array
from yulelight.lab.evaluation.baselines.frames import one_channel, padded, power_sums

WINDOW, HOP = 2048, 882
LOWEST, HIGHEST = 20.0, 16_000.0
"""Hz."""
RANGE_DB = 60.0
NEWEST = 0.4


def mel_bands(samples: Floats, *, channels: int = 8) -> tuple[Array, float]:
    """Levels (frames, channels) 50 times a second."""
    bands = a_weighted(mel_weights(channels, edges_only=True))
    power = power_sums(padded(one_channel(samples), WINDOW), WINDOW, HOP, bands)
    # A full-scale sine in the middle of a bin reads 0 dB in that bin.
    full = (np.hanning(WINDOW).sum() / 2) ** 2
    loudness = 10 * np.log10(np.maximum(power / full, 1e-12))
    return smoothed(np.clip(loudness / RANGE_DB + 1, 0.0, 1.0)), RATE / HOP


def mel_weights(bands: int, *, edges_only: bool = False) -> Array:
    """Overlapping triangles of equal width on the mel scale, (bins, bands); or, ``edges_only``, bands side by side."""
    hertz = np.arange(WINDOW // 2 + 1) * RATE / WINDOW
    mel = _mel(hertz)
    if edges_only:
        edges = np.linspace(_mel(LOWEST), _mel(HIGHEST), bands + 1)
        return np.asarray((mel[:, None] >= edges[:-1]) & (mel[:, None] < edges[1:]), np.float64)
    centres = np.linspace(_mel(LOWEST), _mel(HIGHEST), bands + 2)
    step = centres[1] - centres[0]
    return np.asarray(np.maximum(0.0, 1 - np.abs(mel[:, None] - centres[1:-1]) / step), np.float64)


def a_weighted(weights: Array) -> Array:
    """Power weights (bins, bands) times the A-weighting of IEC 61672-1 (0 dB at 1 kHz)."""
    f2 = (np.arange(WINDOW // 2 + 1) * RATE / WINDOW) ** 2
    gain = (12194.0**2 * f2**2) / (
        (f2 + 20.6**2) * np.sqrt((f2 + 107.7**2) * (f2 + 737.9**2)) * (f2 + 12194.0**2)
    )
    return np.asarray(weights * (gain * 10 ** (2.0 / 20))[:, None] ** 2, np.float64)


def smoothed(levels: Array) -> Array:
    """Exponential average over frames, from dark."""
    out = np.empty_like(levels)
    last = np.zeros(levels.shape[1])
    for k, frame in enumerate(levels):
        last = last + NEWEST * (frame - last)
        out[k] = last
    return out


def _mel(hertz: Array | float) -> Array:
    return np.asarray(2595.0 * np.log10(1 + np.asarray(hertz) / 700.0), np.float64)
