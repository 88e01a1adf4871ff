"""Turns an encoder's outputs into channels that are ordered by frequency, have one sign and span [0, 1].

The channels of a trained network have arbitrary order, sign and range. One matrix after it corrects this: channels
are sorted by the centroid of their spectrum, their sign is chosen so that louder is brighter, and they are scaled to
the range of the training songs.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from yulelight.dsp.samples import Floats
from yulelight.lab.training.graph import Graph

Squash = Literal["sigmoid", "clip"]
STEEPNESS = 2.0
"""Of the sigmoid: the 5th and 95th percentile of the training set become levels of 0.12 and 0.88."""
RANGE = {"sigmoid": (0.05, 0.95), "clip": (0.001, 0.999)}
LAG = 21
"""Frames in a quarter of a second."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """levels = squash(drive @ matrix + bias); matrix (channels, channels), bias (channels,)."""

    matrix: Floats
    bias: Floats
    squash: Squash

    def levels(self, drive: Floats) -> Floats:
        """Levels (n, channels) from the encoder's outputs (n, channels)."""
        value = drive @ self.matrix + self.bias
        return np.asarray(
            1 / (1 + np.exp(-value)) if self.squash == "sigmoid" else np.clip(value, 0, 1), np.float32
        )

    def apply(self, graph: Graph, drive: str) -> Graph:
        """The same as nodes at the end of a graph."""
        value = graph.gemm(drive, "calibration", self.matrix, self.bias)
        return graph.finish(graph.op("Sigmoid", value) if self.squash == "sigmoid" else graph.clip(value))


def calibrate(drive: Floats, spectra: Floats, squash: Squash) -> Calibration:
    """Fits to the training songs, concatenated: ``drive`` (n, channels) and scaled mel spectra (n, bands)."""
    order = np.argsort(centroids(loadings(drive, spectra)), kind="stable")
    ordered = drive[:, order]
    low, high = np.quantile(ordered, RANGE[squash], axis=0)
    sign = signs(ordered, spectra.mean(axis=1))
    span = np.maximum(high - low, 1e-6)
    if squash == "sigmoid":
        gain = sign * 2 * STEEPNESS / span
        bias = -gain * np.median(ordered, axis=0)
    else:
        gain = sign / span
        bias = -gain * np.where(sign > 0, low, high)
    matrix = np.zeros((drive.shape[1],) * 2, np.float32)
    matrix[order, np.arange(len(order))] = gain
    return Calibration(matrix, bias.astype(np.float32), squash)


def signs(drive: Floats, loudness: Floats) -> Floats:
    """1 for channels (n, channels) that rise when the loudness (n,) rises within a quarter of a second, -1 for others.

    Changes are compared, not values, because differences between songs are mainly of timbre.
    """
    changes = drive[LAG:] - drive[:-LAG]
    louder = loudness[LAG:] - loudness[:-LAG]
    return np.asarray(np.where(changes.T @ louder < 0, -1, 1), np.float32)


def loadings(drive: Floats, spectra: Floats) -> npt.NDArray[np.float64]:
    """Contribution of each channel to the spectrum (channels, bands): least squares of ``spectra`` on ``drive``."""
    centred = (drive - drive.mean(axis=0)).astype(np.float64)
    spread = centred.std(axis=0) + 1e-9
    centred /= spread
    gram = centred.T @ centred + 1e-3 * len(drive) * np.eye(drive.shape[1])
    return np.asarray(np.linalg.solve(gram, centred.T @ (spectra - spectra.mean(axis=0))), np.float64)


def centroids(decoded: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Centroid of each channel in bands, from the magnitude of its contributions (channels, bands)."""
    size = np.abs(decoded)
    return np.asarray(size @ np.arange(size.shape[1]) / np.maximum(size.sum(axis=1), 1e-12), np.float64)
