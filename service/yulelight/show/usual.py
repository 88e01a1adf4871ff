"""Running statistics of live sound: loudness and channel levels. Pure arithmetic."""

import numpy as np
import numpy.typing as npt

from yulelight.show.normalise import RunningQuantiles

Array = npt.NDArray[np.float64]


class Usual:
    """Mean and spread of (k,) values of the last ``memory`` frames or so; ``prior`` frames of them were as given."""

    def __init__(self, mean: Array, spread: Array, *, memory: float, prior: float) -> None:
        self._memory, self._count = memory, prior
        self.mean, self._square = mean.copy(), mean**2 + spread**2

    def add(self, values: npt.NDArray[np.floating]) -> None:
        """The next frames (n, k)."""
        if not len(values):
            return
        self._count = min(self._count + len(values), self._memory)
        share = min(1.0, len(values) / self._count)
        self.mean += share * (values.mean(0) - self.mean)
        self._square += share * (np.square(values, dtype=np.float64).mean(0) - self._square)

    @property
    def spread(self) -> Array:
        """Standard deviation of each."""
        return np.asarray(np.sqrt(np.maximum(self._square - self.mean**2, 1e-6)), np.float64)


class UsualLoudness:
    """Quantiles of loudness in dB, between QUIETEST and 0."""

    QUIETEST = -90.0

    def __init__(self, memory: float) -> None:
        self._quantiles = RunningQuantiles(1, memory, prior=1.0)

    def add(self, loudness: npt.NDArray[np.floating]) -> None:
        """The next frames (n,)."""
        for level in (1 - loudness / self.QUIETEST).clip(0, 1).tolist():
            self._quantiles.add(np.array([level], np.float32))

    def at(self, low: float, high: float) -> tuple[float, float]:
        """In dB, at two quantiles."""
        found = self._quantiles.range((low, high))
        return tuple((float(x[0]) - 1) * -self.QUIETEST for x in (found.low, found.high))  # type: ignore[return-value]
