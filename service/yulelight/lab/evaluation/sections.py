"""Whether the show changes character where the song does.

The reference is not human: no songs with annotated sections and a free licence were available. It uses the method of
the show's own sections, self-similarity novelty (Foote 2000), but on other features (librosa's MFCC and chroma
instead of our codes) and over another span. A high score means that the codes and timbre and harmony agree on the
song's form; a low score may be due to either.
"""

import mir_eval
import numpy as np

from yulelight.analysis.sections import novelty
from yulelight.lab.evaluation.arrays import Array

STEP = 0.25
"""Seconds."""
SPAN = 12.0
"""Seconds before and after a moment that are compared."""
SHORTEST = 8.0
"""Seconds."""


def heard_boundaries(character: Array, rate: float) -> Array:
    """Times (n,) of lasting changes in ``character`` (frames, n), without the song's start and end."""
    size = max(1, round(STEP * rate))
    count = len(character) // size
    if count < 4 * SHORTEST / STEP:
        return np.empty(0)
    grouped = character[: count * size].reshape(count, size, -1).mean(1)
    curve = novelty(grouped.astype(np.float32), half=round(SPAN / STEP))
    least = float(curve.mean() + curve.std())
    apart = round(SHORTEST / STEP)
    found: list[int] = []
    for k in np.argsort(curve)[::-1].tolist():
        if curve[k] < least:
            break
        if apart <= k <= count - apart and all(abs(k - other) >= apart for other in found):
            found.append(k)
    return np.array(sorted(found), np.float64) * size / rate


def boundary_match(heard: Array, shown: Array, window: float) -> float:
    """F of the boundaries ``shown`` within ``window`` seconds of those ``heard``; NaN when none were heard."""
    if not len(heard):
        return float("nan")
    if not len(shown):
        return 0.0
    # mir_eval expects intervals, and ignores the first and last boundary.
    last = float(max(heard.max(), shown.max())) + 1.0
    return float(
        mir_eval.segment.detection(_spans(heard, last), _spans(shown, last), window=window, trim=True)[2]
    )


def _spans(boundaries: Array, last: float) -> Array:
    edges = np.concatenate([[0.0], np.sort(boundaries), [last]])
    return np.stack([edges[:-1], edges[1:]], axis=1)
