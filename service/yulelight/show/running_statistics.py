"""Running mean and spread of what live sound consists of, such as channel levels. Pure arithmetic."""

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


class RunningStatistics:
    """Mean and spread of (k,) values over about the last ``memory`` frames.

    It starts as if ``prior`` frames with the given mean and spread had passed.
    """

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
