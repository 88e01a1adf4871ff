"""Functions shared by the metrics, on arrays (frames, channels) at ``rate`` frames a second."""

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def smooth(values: npt.NDArray[Any], frames: int) -> Array:
    """Each column of (n, k) averaged under a Hann window of ``frames`` frames; silence beyond the ends."""
    kernel = np.hanning(max(1, frames) + 2)[1:-1]
    kernel /= kernel.sum()
    columns = np.asarray(values, np.float64).T
    return np.stack([np.convolve(column, kernel, "same") for column in columns], axis=1)


def at_times(values: npt.NDArray[Any], rate: float, times: Array) -> Array:
    """(n, k) at ``rate`` read at ``times`` in seconds, linearly between frames: (times, k)."""
    known = np.arange(len(values)) / rate
    return np.stack([np.interp(times, known, column) for column in np.asarray(values, np.float64).T], axis=1)


def by_second(values: npt.NDArray[Any], rate: float, seconds: int) -> Array:
    """Mean and spread of each whole second: (n, k) to (seconds, 2 k). A second without frames reads 0."""
    rows = []
    for second in range(seconds):
        part = values[int(second * rate) : int((second + 1) * rate)]
        empty = np.zeros(2 * values.shape[1])
        rows.append(np.concatenate([part.mean(0), part.std(0)]) if len(part) else empty)
    return np.array(rows, np.float64).reshape(seconds, 2 * values.shape[1])


def standard(values: npt.NDArray[Any]) -> Array:
    """Each column with mean 0 and spread 1; a constant column becomes 0."""
    return np.asarray((values - values.mean(0)) / (values.std(0) + 1e-9), np.float64)


def pulses(on: Bools) -> tuple[npt.NDArray[np.int_], npt.NDArray[np.int_]]:
    """First frame of each stretch in which one light (frames,) is on, and the first frame after it."""
    edges = np.diff(np.concatenate([[0], on.astype(int), [0]]))
    return np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
