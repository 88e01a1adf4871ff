"""How exactly frames are shown: the last few hundred errors and their quantiles."""

from collections import deque


class TimingErrors:
    """Keeps the last ``size`` absolute errors in µs."""

    def __init__(self, size: int = 512) -> None:
        self._errors: deque[int] = deque(maxlen=size)

    def add(self, error: int) -> None:
        """A frame was shown ``error`` µs after (or, negative, before) its moment."""
        self._errors.append(abs(error))

    def quantile(self, q: float) -> int:
        """The smallest error that a share ``q`` (0 to 1) of the frames kept; 0 without frames."""
        if not self._errors:
            return 0
        ordered = sorted(self._errors)
        return ordered[min(len(ordered) - 1, int(q * len(ordered)))]
