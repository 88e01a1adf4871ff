"""An encoder's channels tuned to a song: what they are about stays, and together they tell more of this song.

An encoder has seen many songs and fits none exactly. Here its channels are expressed in what this song varies in most
(``aspects``, as many as there are channels). Least squares would give those that say much the same the same light;
the orthogonal Procrustes solution (Schönemann 1966, Psychometrika 31) would turn them all apart. With the singular
values of their correlation to the power of ``APART`` it is half of each.
"""

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

APART = 0.5
"""1 is least squares, 0 Procrustes."""
SHORTEST = 256
"""Audible frames below which a song has too little to tune to."""


def tuned(codes: Array, aspects: Array, audible: npt.NDArray[np.bool_]) -> Array:
    """``codes`` (frames, channels) as the ``aspects`` (frames, k) have them, with mean and spread as they were.

    What is learned is learned from ``audible`` frames (frames,). A channel that does not vary stays as it is.
    """
    heard = codes[audible].astype(np.float64)
    spread = heard.std(0) if len(heard) else np.zeros(codes.shape[1])
    alive = spread > 1e-4
    if len(heard) < SHORTEST or not alive.any():
        return codes
    known = aspects[audible].astype(np.float64)
    scale = known.std(0)
    used = scale > 1e-3 * scale.max()
    if not used.any():
        return codes
    mean = heard.mean(0)
    like = (known[:, used] / scale[used]).T @ ((heard - mean) / np.maximum(spread, 1e-4)) / len(heard)
    left, singular, right = np.linalg.svd(like[:, alive], full_matrices=False)
    turn = (left * singular**APART) @ right
    gain = spread[alive] / np.maximum(np.linalg.norm(turn, axis=0), 1e-6)
    weights = (turn * gain / scale[used, None]).astype(np.float32)
    out = codes.copy()
    out[:, alive] = aspects[:, used] @ weights + mean[alive].astype(np.float32)
    return out
