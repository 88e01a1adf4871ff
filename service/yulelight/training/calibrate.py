"""Turns the raw code of an encoder into channels people can wire: ordered, of one sign, and spread over [0, 1].

A tanh code has channels in any order and sign, and each uses another part of (-1, 1). The tanh is monotonic, so what
goes into it can be calibrated instead: level = sigmoid(STEEPNESS * (drive - centre) / spread), which never saturates
to a constant on a song that is unlike the training set.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

STEEPNESS = 2.0
"""The 5th and 95th percentile of the training set become levels of 0.12 and 0.88."""
LAG = 21
"""Frames in a quarter of a second."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """How channel i is made: level = sigmoid(gain[i] * (drive[order[i]] - centre[i])). All of shape (channels,)."""

    order: npt.NDArray[np.int64]
    gain: Floats
    centre: Floats

    def levels(self, drive: Floats) -> Floats:
        """Levels (n, channels) from the encoder's drive (n, channels)."""
        return np.asarray(1 / (1 + np.exp(-self.gain * (drive[:, self.order] - self.centre))), np.float32)


def calibrate(drive: Floats, loudness: Floats, decode: Callable[[Floats], Floats]) -> Calibration:
    """Calibration from the training set, its songs one after the other.

    ``drive`` (n, channels): the input of the code's tanh; ``loudness`` (n,): of the same frames, in any unit;
    ``decode``: spectra (n, bins) from codes (n, channels), linear in frequency from bin 0.
    """
    order = np.argsort(centroids(drive, decode), kind="stable")
    ordered = drive[:, order]
    low, centre, high = np.quantile(ordered, (0.05, 0.5, 0.95), axis=0)
    gain = signs(ordered, loudness) * STEEPNESS / np.maximum((high - low) / 2, 1e-6)
    return Calibration(order, gain.astype(np.float32), centre.astype(np.float32))


def signs(drive: Floats, loudness: Floats) -> Floats:
    """1 for channels (n, channels) that rise when the loudness (n,) rises within a quarter of a second, -1 for others.

    Changes are compared, not values: between songs a channel tells timbre from timbre, and a show sees one song.
    """
    changes = drive[LAG:] - drive[:-LAG]
    louder = loudness[LAG:] - loudness[:-LAG]
    return np.asarray(np.where(changes.T @ louder < 0, -1, 1), np.float32)


def centroids(drive: Floats, decode: Callable[[Floats], Floats], samples: int = 1000) -> Floats:
    """Where each channel acts: the centroid, in bins, of the change it makes to the decoded spectrum, (channels,).

    The change is that from the channel's lower to its upper quartile with all other channels as they were, averaged
    over ``samples`` frames spread over ``drive``. The centroid is taken on a logarithmic axis, where octaves weigh the
    same, as to the ear; on the linear one the empty upper half of the spectrum draws every channel to the middle.
    """
    frames = drive[:: max(1, len(drive) // samples)]
    answer = []
    for channel, (low, high) in enumerate(np.quantile(drive, (0.25, 0.75), axis=0).T):
        below, above = frames.copy(), frames.copy()
        below[:, channel], above[:, channel] = low, high
        change = np.abs(decode(np.tanh(above)) - decode(np.tanh(below))).mean(axis=0)[1:]
        bins = np.arange(1, len(change) + 1)
        weight = change / bins
        answer.append(np.exp(weight @ np.log(bins) / max(weight.sum(), 1e-12)))
    return np.asarray(answer, np.float32)
