"""Onset detection: spectral flux on the mel scale, and its peaks.

Flux is the rise of each mel band in dB over two frames (23 ms), half-wave rectified and averaged over the bands
(Bello et al. 2005, "A tutorial on onset detection in music signals"; mel bands in dB as in Böck and Widmer 2013).
Power is first smoothed over five frames, because otherwise the flux of a sustained chord fluctuates.
"""

import numpy as np

from .mel import mel_filters
from .samples import Floats
from .spectrum import FRAME_RATE

BANDS = 64
RANGE_DB = 80.0
"""Levels below the loudest band of the song by more than this are clipped."""
LAG = 2
_SMOOTH = np.array([0.25, 0.75, 1.0, 0.75, 0.25], np.float32) / 3.0


def band_power(frames: Floats) -> Floats:
    """Power (frames, 64) in the bands that ``strength`` uses, from magnitudes (frames, 513)."""
    return np.asarray(np.square(frames) @ mel_filters(BANDS, lowest=0.0), np.float32)


def strength(power: Floats) -> Floats:
    """Onset strength (frames,) of a whole song's band power (frames, bands), scaled to [0, 1]."""
    found = flux(power)
    return np.asarray(found / max(float(found.max(initial=0.0)), 1e-9), np.float32)


def flux(power: Floats, loudest: float | None = None) -> Floats:
    """Onset strength (frames,) of band power (frames, bands), in dB. ``loudest``: of the bands of the song, in dB."""
    if len(power) <= LAG:
        return np.zeros(len(power), np.float32)
    reach = len(_SMOOTH) // 2
    padded = np.pad(power, ((reach, reach), (0, 0)), mode="edge")
    decibels = _SMOOTH[0] * padded[: len(power)]
    for k, weight in enumerate(_SMOOTH[1:], 1):
        decibels += weight * padded[k : k + len(power)]
    np.log10(np.maximum(decibels, 1e-10, out=decibels), out=decibels)
    decibels *= 10
    np.maximum(decibels, (decibels.max() if loudest is None else loudest) - RANGE_DB, out=decibels)
    found = np.zeros(len(power), np.float32)
    found[LAG:] = np.maximum(decibels[LAG:] - decibels[:-LAG], 0).mean(1)
    return found


def peaks(strength: Floats, threshold: float = 0.06) -> list[int]:
    """Frames at which the strength (frames,) peaks: the maximum of the last 30 ms, at least ``threshold`` above the
    mean of 100 ms to either side, and 30 ms after the previous peak.
    """
    near, wide = round(0.03 * FRAME_RATE), round(0.1 * FRAME_RATE)
    sums = np.concatenate([[0.0], np.cumsum(strength, dtype=np.float64)])
    at = np.flatnonzero(strength > threshold)
    begin, end = np.maximum(at - wide, 0), np.minimum(at + wide + 1, len(strength))
    around = (sums[end] - sums[begin]) / (end - begin)
    at = at[strength[at] >= around + threshold]
    found: list[int] = []
    for k in at.tolist():
        highest = strength[max(0, k - near + 1) : k + 2].max()
        if strength[k] >= highest and (not found or k - found[-1] > near):
            found.append(k)
    return found
