"""Which moments of a song sound alike, so that the same music can get the same light."""

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

MAX_MOMENTS = 2048
"""Moments that all others are compared with, at most: a song of hours must not take hours."""
_AT_ONCE = 1024


def alike(features: Array, times: Array, count: int, apart: float) -> npt.NDArray[np.intp]:
    """For each row of ``features`` (n, k) the ``count`` rows nearest to it that are ``apart`` seconds away or more.

    ``times`` (n,) in seconds. Rows (n, count) of indices; fewer columns where the song has fewer moments. A short song
    has none far enough: then nearer ones are taken.
    """
    known = np.unique(np.linspace(0, len(features) - 1, min(MAX_MOMENTS, len(features))).astype(np.intp))
    count = min(count, len(known))
    if count == 0:
        return np.zeros((len(features), 0), np.intp)
    norms = np.square(features[known]).sum(1)
    found = np.empty((len(features), count), np.intp)
    for first in range(0, len(features), _AT_ONCE):
        some = slice(first, first + _AT_ONCE)
        distance = norms - 2 * features[some] @ features[known].T
        distance[np.abs(times[some, None] - times[known]) < apart] += 1e9
        found[some] = known[np.argpartition(distance, count - 1, axis=1)[:, :count]]
    return found
