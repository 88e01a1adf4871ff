"""When to restart and when to give up: pure arithmetic on times that are passed in."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Backoff:
    """An endless iterator over the seconds to wait before each attempt: ``initial``, then ``factor`` times the
    previous value, at most ``maximum``.

    Raises ValueError unless 0 <= initial <= maximum and factor >= 1.
    """

    initial: float = 0.1
    maximum: float = 30.0
    factor: float = 2.0

    def __post_init__(self) -> None:
        if not (0 <= self.initial <= self.maximum and self.factor >= 1):
            raise ValueError(f"{self} must have 0 <= initial <= maximum and factor >= 1")

    def __iter__(self) -> Iterator[float]:
        delay = self.initial
        while True:
            yield delay
            delay = min(self.maximum, delay * self.factor)


class Intensity:
    """Limits restarts to ``max_restarts`` in ``window`` seconds."""

    def __init__(self, max_restarts: int, window: float) -> None:
        if max_restarts < 0 or window <= 0:
            raise ValueError(f"{max_restarts} restarts in {window:g} s is not a limit")
        self.max_restarts = max_restarts
        self.window = window
        self._times: deque[float] = deque()

    def allows(self, now: float) -> bool:
        """Count a restart at ``now`` (seconds, never decreasing); False if it exceeds the limit."""
        while self._times and now - self._times[0] >= self.window:
            self._times.popleft()
        if len(self._times) >= self.max_restarts:
            return False
        self._times.append(now)
        return True
