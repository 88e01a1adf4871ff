"""A mailbox of few: the newest wins. From the event loop, which never waits, to a thread, which does."""

import threading
import time
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Closed(Exception):  # noqa: N818  an end is no error
    """Nothing comes any more."""


class Slot(Generic[T]):
    """Holds what was put in until it is due. Safe between threads; one of them takes."""

    def __init__(self, first: T) -> None:
        self._waiting: deque[tuple[float, T]] = deque([(0.0, first)])
        """In the order of their moments."""
        self._last = first
        self._closed = False
        self._state = threading.Lock()
        # Free when something changed. A condition would do the same for twice the time, 86 times a second.
        self._bell = threading.Lock()
        self._bell.acquire()

    def put(self, item: T, due: float = 0.0) -> None:
        """It can be taken from ``due`` on (time.monotonic()), and replaces what was not to be taken before that."""
        with self._state:
            waiting = self._waiting
            while waiting and waiting[-1][0] >= due:
                waiting.pop()
            waiting.append((due, item))
            if len(waiting) == 1:
                self._ring()

    def take(self, timeout: float) -> T | None:
        """What is due, once, of several the newest; None when nothing is for ``timeout`` seconds. Raises Closed."""
        end = time.monotonic() + timeout
        while True:
            with self._state:
                if self._closed:
                    raise Closed
                now, waiting = time.monotonic(), self._waiting
                while len(waiting) > 1 and waiting[1][0] <= now:
                    waiting.popleft()
                if waiting and waiting[0][0] <= now:
                    self._last = waiting.popleft()[1]
                    return self._last
                if not waiting and end <= now:
                    return None
                wait = (waiting[0][0] if waiting else end) - now
            self._bell.acquire(timeout=wait)

    def again(self) -> None:
        """What was taken last is to be taken once more, at once."""
        with self._state:
            if not (self._waiting and self._waiting[0][0] == 0.0):
                self._waiting.appendleft((0.0, self._last))
            self._ring()

    def close(self) -> None:
        """Nothing follows."""
        with self._state:
            self._closed = True
            self._ring()

    def closed_within(self, timeout: float) -> bool:
        """Wait at most ``timeout`` seconds for :meth:`close`."""
        end = time.monotonic() + timeout
        while not self._closed and (wait := end - time.monotonic()) > 0:
            self._bell.acquire(timeout=wait)
        return self._closed

    def _ring(self) -> None:
        if self._bell.locked():
            self._bell.release()
