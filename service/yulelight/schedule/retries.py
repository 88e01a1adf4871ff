"""When a show that failed soon after its start is started again. Pure; seconds of a monotonic clock are passed in."""

from yulelight.schedule.decide import Key

RETRY_DELAYS = (5.0, 300.0)
"""Delays until a show that failed soon is started again: initially, and at most."""
STABLE_AFTER = 60.0
"""Seconds after which a show counts as running."""


class Retries:
    """Remembers the last start, and doubles the delay with each of the same show that does not last."""

    def __init__(self) -> None:
        self._tried: Key | None = None
        self._begun = 0.0
        self._delay = 0.0

    def too_soon(self, show: Key, now: float) -> bool:
        """Whether ``show`` must wait because its last start did not last."""
        return show == self._tried and now < self._begun + self._delay

    def start(self, show: Key, now: float) -> None:
        """``show`` is started."""
        again = show == self._tried and now < self._begun + self._delay + STABLE_AFTER
        self._delay = min(RETRY_DELAYS[1], max(RETRY_DELAYS[0], 2 * self._delay)) if again else 0.0
        self._tried, self._begun = show, now

    def failed(self) -> None:
        """The start was refused: the next one waits, also after the first."""
        self._delay = max(RETRY_DELAYS[0], self._delay)
