"""Bars: every fourth beat, counted from where the strongest notes fall."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

BEATS = 4
NEIGHBOURHOOD = 2
"""Frames around a beat in which its note may begin."""


def bars(beats: Sequence[int], strength: npt.NDArray[np.float32]) -> list[int]:
    """Frames of ``beats`` at which a bar begins, in order.

    ``strength`` (frames,) is how strongly notes begin at each frame. Of the four ways to count, the one whose first
    beats gather the most of it is taken; songs are taken to be in four, as most are.
    """
    if not beats:
        return []
    sums = np.concatenate([[0.0], np.cumsum(strength, dtype=np.float64)])
    at = np.asarray(beats)
    weight = sums[np.minimum(at + NEIGHBOURHOOD + 1, len(strength))] - sums[np.maximum(at - NEIGHBOURHOOD, 0)]
    first = max(range(BEATS), key=lambda phase: float(weight[phase::BEATS].sum()))
    return list(beats[first::BEATS])
