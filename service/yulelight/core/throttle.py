"""Log messages that cannot fill a disk, however often their cause comes."""

import logging
import time
from collections.abc import Callable

INTERVAL = 60.0
"""Seconds."""


class Throttle:
    """Says one warning in ``interval`` seconds at most, and with it how many were left out since the last one."""

    def __init__(
        self, log: logging.Logger, interval: float = INTERVAL, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._log = log
        self._interval = interval
        self._clock = clock
        self._said: float | None = None
        self._left_out = 0

    def warning(self, message: str, *values: object) -> None:
        """Log it, or count it."""
        now = self._clock()
        if self._said is not None and now - self._said < self._interval:
            self._left_out += 1
            return
        if self._left_out:
            message, values = f"{message} (and %d times more before)", (*values, self._left_out)
        self._said, self._left_out = now, 0
        self._log.warning(message, *values)


class RepeatFilter(logging.Filter):
    """Lets each message pass ``limit`` times in ``interval`` seconds, whatever values it is written with.

    For handlers, as the last bound: libraries, too, log what a stranger causes. The last one that passes says that more
    are left out. ``keep`` bounds the memory: of more kinds of messages the ones seen first are forgotten.
    """

    def __init__(
        self,
        limit: int = 30,
        interval: float = INTERVAL,
        keep: int = 512,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self._limit = limit
        self._interval = interval
        self._keep = keep
        self._clock = clock
        self._seen: dict[tuple[str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        now = self._clock()
        # Cut, as some programs put their values into the template itself.
        key = record.name, str(record.msg)[:60]
        began, count = self._seen.get(key, (now, 0))
        if now - began >= self._interval:
            began, count = now, 0
            self._seen.pop(key, None)
        self._seen[key] = began, count + 1
        while len(self._seen) > self._keep:
            del self._seen[next(iter(self._seen))]
        if count + 1 == self._limit:
            record.msg = f"{record.msg} [more of these are left out for {self._interval:.0f} s]"
        return count < self._limit
