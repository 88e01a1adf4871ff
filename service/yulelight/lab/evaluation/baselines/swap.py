"""The naive show: half of the lights are on, and at every onset two of them change places with two dark ones.

Its timing is good and its light means nothing, which is what it is for. Onsets are peaks of the spectral flux of the
log spectrum over a running median, at least 0.12 s apart.
"""

import numpy as np

from yulelight.dsp.samples import Floats
from yulelight.dsp.spectrum import FRAME_RATE, magnitudes
from yulelight.lab.evaluation.arrays import Array
from yulelight.lab.evaluation.baselines.frames import one_channel

COMPRESSION = 100.0
AROUND = 8
"""Frames before and after within which an onset is the highest: a tenth of a second."""
BACKGROUND = 43
"""Frames before and after that the median is taken of: half a second."""
APART = 10
"""Frames."""
SWAPPED = 2
"""Lights that change places with dark ones at an onset."""
GLOW = 0.3
"""Seconds in which the flash of a new light sinks to its rest."""
REST = 0.6


def swap_at_onsets(samples: Floats, *, channels: int = 8) -> tuple[Array, float]:
    """Levels (frames, channels) 86 times a second."""
    spectrum = magnitudes(one_channel(samples))
    levels = np.zeros((len(spectrum), channels))
    order = list(range(channels))
    since = np.full(channels, -1000)
    half = channels // 2
    onsets = set(onset_frames(flux(spectrum)))
    for frame in range(len(levels)):
        if frame in onsets:
            order = order[SWAPPED:] + order[:SWAPPED]
            since[order[half - SWAPPED : half]] = frame
        lit = order[:half]
        age = (frame - since[lit]) / FRAME_RATE
        levels[frame, lit] = REST + (1 - REST) * np.exp(-age / GLOW)
    return levels, FRAME_RATE


def flux(spectrum: Floats) -> Array:
    """How much of (frames, bins) is new in each frame: (frames,)."""
    compressed = np.log1p(COMPRESSION * spectrum)
    rise = np.maximum(np.diff(compressed, axis=0, prepend=compressed[:1]), 0).mean(1)
    return np.asarray(rise, np.float64)


def onset_frames(strength: Array) -> list[int]:
    """Frames at which ``strength`` (frames,) peaks well over its surroundings."""
    if not len(strength):
        return []
    around = _windows(strength, AROUND)
    background = np.median(_windows(strength, BACKGROUND), axis=1)
    peak = (strength >= around.max(1)) & (strength > 1.5 * background + 0.1 * strength.mean() + 1e-6)
    found: list[int] = []
    for frame in np.flatnonzero(peak).tolist():
        if not found or frame - found[-1] >= APART:
            found.append(frame)
    return found


def _windows(values: Array, each_side: int) -> Array:
    around = np.pad(values, each_side, mode="edge")
    return np.lib.stride_tricks.sliding_window_view(around, 2 * each_side + 1)
