"""Envelopes of light: instant attack, exponential release, dark in silence."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]


def gate(loudness: Array | float, floor: float, span: float) -> Array:
    """0 up to ``floor`` dBFS, 1 from ``floor + span`` on, linear in between. Any shape."""
    share = (np.asarray(loudness, np.float32) - floor) / span
    return np.asarray(np.clip(share, 0.0, 1.0), np.float32)


def fade(seconds: float, rate: float) -> float:
    """The factor per frame by which light decays to 1/e in ``seconds`` at ``rate`` frames per second."""
    return float(np.exp(-1.0 / (seconds * rate))) if seconds > 0 else 0.0


def smooth(values: Array, width: float) -> Array:
    """Each column of ``values`` (frames, n) averaged over ``width`` frames by a Hann window; the ends hold."""
    size = max(1, round(width))
    if size == 1 or len(values) == 0:
        return values
    window = np.hanning(size + 2)[1:-1]
    padded = np.pad(values, ((size // 2, size - 1 - size // 2), (0, 0)), mode="edge")
    columns = [np.convolve(column, window / window.sum(), "valid") for column in padded.T]
    return np.stack(columns, 1).astype(np.float32)


def follow(levels: Array, keep: float) -> Array:
    """Instant attack, exponential release: each frame is the larger of its level and ``keep`` of the last.

    ``levels`` is (frames, channels); so is the result, never below it.
    """
    if keep == 0:
        return levels
    out = levels.copy()
    for last, frame in pairwise(out):
        np.maximum(frame, keep * last, out=frame)
    return out
