"""Per-channel ranges: the values that are mapped to dark and to full brightness, in a song or a stream."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

SMALLEST_RANGE = 1e-3
"""Channels with a smaller range over a whole song only contain rounding noise."""


@dataclass(frozen=True, slots=True)
class Range:
    """The values mapped to level 0 and level 1: two (channels,) arrays."""

    low: Array
    high: Array

    def apply(self, values: Array) -> Array:
        """Levels in [0, 1] of ``values`` (..., channels). A channel without a range of its own reads half."""
        span = self.high - self.low
        level = (values - self.low) / np.maximum(span, SMALLEST_RANGE)
        return np.clip(np.where(span < SMALLEST_RANGE, 0.5, level), 0.0, 1.0).astype(np.float32)


def quantiles(values: Array, at: tuple[float, float]) -> Range:
    """The range between two quantiles of ``values`` (frames, channels); zeros when there are no frames."""
    if len(values) == 0:
        zero = np.zeros(values.shape[1], np.float32)
        return Range(zero, zero)
    low, high = np.quantile(values, at, axis=0).astype(np.float32)
    return Range(low, high)


class RunningQuantiles:
    """Quantiles of (channels,) values in [0, 1] that forget the past exponentially, for live input.

    A histogram with a bin for every 1/512, fading with the time constant ``memory`` in frames. It begins with
    ``prior`` frames' worth of an even spread from 0 to ``up_to``, so that the first second of a stream is already shown
    sensibly.
    """

    BINS = 512

    def __init__(self, channels: int, memory: float, prior: float, up_to: float = 1.0) -> None:
        bins = round(self.BINS * up_to)
        self._counts = np.zeros((channels, self.BINS))
        self._counts[:, :bins] = prior / bins
        self._weight = 1.0
        self._growth = float(np.exp(1.0 / memory))
        self._rows = np.arange(channels)

    def add(self, values: Array) -> None:
        """Takes one frame of (channels,) values in. Newer frames weigh more instead of older ones less."""
        self._weight *= self._growth
        self._counts[self._rows, np.minimum(values * self.BINS, self.BINS - 1).astype(int)] += self._weight
        if self._weight > 1e12:
            self._counts /= self._weight
            self._weight = 1.0

    def range(self, at: tuple[float, float]) -> Range:
        """The range between two quantiles so far."""
        share = np.cumsum(self._counts, axis=1)
        share /= share[:, -1:]
        low, high = (np.argmax(share >= q, axis=1) / self.BINS for q in at)
        return Range(low.astype(np.float32), high.astype(np.float32))
