"""The principal components of a song's spectrum, in bands and dB."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

DEPTH_DB = 60.0
"""Levels below the loudest band by more than this are clipped."""
COUNT = 8
_BLOCK_FRAMES = 1 << 14


def principal_components(power: Array, audible: npt.NDArray[np.bool_]) -> Array:
    """The principal components (frames, COUNT) of a song's band ``power`` (frames, bands) in dB, the largest first.

    Directions and mean are computed from the ``audible`` frames (frames,), of which there must be at least one.
    """
    floor = 10 * np.log10(max(float(power.max()), 1e-9)) - DEPTH_DB
    total, squares = np.zeros(power.shape[1]), np.zeros((power.shape[1],) * 2)
    for some in _blocks(len(power)):
        heard = _decibels(power[some][audible[some]], floor).astype(np.float64)
        total += heard.sum(0)
        squares += heard.T @ heard
    count = int(audible.sum())
    mean = total / count
    _, directions = np.linalg.eigh(squares / count - np.outer(mean, mean))
    onto = directions[:, ::-1][:, :COUNT].astype(np.float32)
    found = np.empty((len(power), onto.shape[1]), np.float32)
    for some in _blocks(len(power)):
        found[some] = (_decibels(power[some], floor) - mean.astype(np.float32)) @ onto
    return found


def _blocks(frames: int) -> Iterator[slice]:
    """Slices of the frames, since songs of several hours would need too much memory as a whole."""
    for first in range(0, frames, _BLOCK_FRAMES):
        yield slice(first, first + _BLOCK_FRAMES)


def _decibels(power: Array, floor: float) -> Array:
    quietest = np.float32(10 ** (floor / 10))
    return np.asarray(10 * np.log10(np.maximum(power, quietest)), np.float32)
