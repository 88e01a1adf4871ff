"""Bars: every fourth beat, with the phase that collects the strongest onsets."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

BEATS = 4
NEIGHBOURHOOD = 2
"""Frames around a beat in which its onset may lie."""


def bars(beats: Sequence[int], strength: npt.NDArray[np.float32]) -> list[int]:
    """Frames of ``beats`` at which a bar begins, in order.

    ``strength`` (frames,) is the onset strength. Of the four possible phases, the one whose downbeats collect the
    most onset strength is chosen. All songs are assumed to be in 4/4, as most are.
    """
    if not beats:
        return []
    sums = np.concatenate([[0.0], np.cumsum(strength, dtype=np.float64)])
    at = np.asarray(beats)
    weight = sums[np.minimum(at + NEIGHBOURHOOD + 1, len(strength))] - sums[np.maximum(at - NEIGHBOURHOOD, 0)]
    first = max(range(BEATS), key=lambda phase: float(weight[phase::BEATS].sum()))
    return list(beats[first::BEATS])
