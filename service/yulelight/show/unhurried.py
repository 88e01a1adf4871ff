"""Smooths levels in advance where they would make more transitions than the flash limit permits, and only there.

The limiter (``safety``) would hold such a channel where it happens to be; a song that is known ahead can do better.
"""

import numpy as np
import numpy.typing as npt

from yulelight.safety.flash import MAX_TRANSITIONS, LuminanceHistory
from yulelight.safety.physics import GAMMA
from yulelight.show.envelope import smooth

Array = npt.NDArray[np.float32]

WIDTHS = (0.2, 0.3, 0.45, 0.7, 1.1)
"""Smoothing times in seconds, tried in order."""
BEFORE, AFTER = 0.3, 0.2
"""Seconds around too many transitions that are smoothed, too."""
BLEND = 0.5
"""Seconds of the cross-fade between two smoothing times."""


def unhurried(levels: Array, rate: float) -> Array:
    """``levels`` (frames, channels) in [0, 1], each channel smoothed as little as its transitions require."""
    smoothed = [levels]
    out = levels.copy()
    for channel in range(levels.shape[1]):
        width = np.zeros((len(levels), 1), np.float32)
        for step in range(1, len(WIDTHS) + 1):
            hurried = _hurried(out[:, channel], rate)
            if not hurried.any():
                break
            if step == len(smoothed):
                smoothed.append(smooth(levels, WIDTHS[step - 1] * rate))
            width[hurried] = step
            out[:, channel] = _between(
                [one[:, channel] for one in smoothed], smooth(width, BLEND * rate)[:, 0]
            )
    return out


def _hurried(levels: Array, rate: float) -> npt.NDArray[np.bool_]:
    """(frames,): whether there are too many transitions around each frame of one channel."""
    found = np.zeros(len(levels), np.bool_)
    history = LuminanceHistory()
    # Only local extremes can make transitions.
    slope = np.sign(np.diff(levels, prepend=0, append=0))
    frames = np.flatnonzero(slope[1:] != slope[:-1])
    for frame, light in zip(
        frames.tolist(), (levels[frames].astype(np.float64) ** GAMMA).tolist(), strict=True
    ):
        now = frame / rate
        after = history.emit(light, now)
        if not history.allows(after, now):
            begin = history.transitions[-MAX_TRANSITIONS] - BEFORE
            found[max(0, round(begin * rate)) : round((now + AFTER) * rate)] = True
        history = after
    return found


def _between(steps: list[Array], width: Array) -> Array:
    """(frames,): the ``steps``, each (frames,), blended where ``width`` (frames,) lies between two of them."""
    low = np.minimum(width.astype(np.intp), len(steps) - 1)
    high = np.minimum(low + 1, len(steps) - 1)
    part = np.clip(width - low, 0, 1)
    known, frames = np.stack(steps), np.arange(len(width))
    return np.asarray(known[low, frames] * (1 - part) + known[high, frames] * part, np.float32)
