"""Timing errors of frames: quantiles of the last few hundred, and a histogram of all; and the share that is skipped."""

from bisect import bisect_left
from collections import deque

HISTOGRAM = (250, 500, 1_000, 2_000, 3_000, 5_000, 10_000, 20_000, 50_000)
"""Upper bounds of the histogram classes in µs."""


class TimingErrors:
    """Keeps the last ``size`` absolute errors in µs, and counts them all in ``histogram`` (see NodeHealth)."""

    def __init__(self, size: int = 512) -> None:
        self.histogram = [0] * (len(HISTOGRAM) + 1)
        self._errors: deque[int] = deque(maxlen=size)

    def add(self, error: int) -> None:
        """A frame was shown ``error`` µs after (or, negative, before) its moment."""
        self._errors.append(abs(error))
        self.histogram[bisect_left(HISTOGRAM, abs(error))] += 1

    def quantile(self, q: float) -> int:
        """The ``q`` quantile (0 to 1) of the errors; 0 without frames."""
        if not self._errors:
            return 0
        ordered = sorted(self._errors)
        return ordered[min(len(ordered) - 1, int(q * len(ordered)))]


class Skipping:
    """The share of frames that were skipped of late, from counts of all. Times are seconds."""

    def __init__(self, span: float = 5.0) -> None:
        self._span = span
        self._since: tuple[float, int, int] = float("-inf"), 0, 0
        self._share = 0.0

    def share(self, now: float, shown: int, skipped: int) -> float:
        """The share, 0 to 1, over ``span`` seconds or since it was asked for last, whichever is longer."""
        began, shown_then, skipped_then = self._since
        if now - began >= self._span:
            shown_since, skipped_since = shown - shown_then, skipped - skipped_then
            self._share = skipped_since / max(1, shown_since + skipped_since)
            self._since = now, shown, skipped
        return self._share
