"""The steps of lights that move with the beat: no more often than a light may flash. Pure; times are microseconds."""

from collections import deque
from collections.abc import Sequence

from yulelight.safety.flash import FLASHES

LEAST = 1_000_000 // FLASHES
"""Between two steps; beats that come sooner are left out."""
MAX_WAITING = 64


class Steps:
    """Counts the beats that have passed."""

    def __init__(self) -> None:
        self._waiting: deque[int] = deque(maxlen=MAX_WAITING)
        self._last = -LEAST
        self._count = 0

    def told(self, begin: int, moments: Sequence[int]) -> None:
        """The beats from ``begin`` on, in order, instead of those told before."""
        while self._waiting and self._waiting[-1] >= begin:
            self._waiting.pop()
        self._waiting.extend(moments)

    def at(self, now: int) -> int:
        """The number of steps until ``now``."""
        while self._waiting and self._waiting[0] <= now:
            beat = self._waiting.popleft()
            if beat - self._last >= LEAST:
                self._last, self._count = beat, self._count + 1
        return self._count
