"""Limits the rate of log messages, so that no frequent cause can fill the disk."""

import logging
import time
from collections.abc import Callable

INTERVAL = 60.0
"""Seconds."""


class Throttle:
    """Logs at most one warning in ``interval`` seconds, with the number of those suppressed since the last one."""

    def __init__(
        self, log: logging.Logger, interval: float = INTERVAL, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._log = log
        self._interval = interval
        self._clock = clock
        self._said: float | None = None
        self._left_out = 0

    def warning(self, message: str, *values: object) -> None:
        """Logs the message or counts it as suppressed."""
        now = self._clock()
        if self._said is not None and now - self._said < self._interval:
            self._left_out += 1
            return
        if self._left_out:
            message, values = f"{message} (and %d times more before)", (*values, self._left_out)
        self._said, self._left_out = now, 0
        self._log.warning(message, *values)


class RepeatFilter(logging.Filter):
    """Lets each message template pass ``limit`` times in ``interval`` seconds, whatever its arguments.

    A logging filter for handlers, since libraries also log what strangers cause. The last message that passes says
    that further ones are suppressed. ``keep`` is the number of templates remembered; the oldest are forgotten first.
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
        # Shortened, because some libraries put the values into the template itself.
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
