"""A mailbox that keeps the newest item, from the event loop, which never waits, to a thread, which does."""

import threading
import time
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Closed(Exception):  # noqa: N818  an end is no error
    """The slot was closed."""


class Slot(Generic[T]):
    """Holds items until they are due. Thread-safe, for one consumer."""

    def __init__(self, first: T) -> None:
        self._waiting: deque[tuple[float, T]] = deque([(0.0, first)])
        """Items in the order of their due times."""
        self._last = first
        self._closed = False
        self._state = threading.Lock()
        # Released when something changed. A condition would take twice the time, 86 times a second.
        self._bell = threading.Lock()
        self._bell.acquire()

    def put(self, item: T, due: float = 0.0) -> None:
        """Adds an item due at ``due`` (time.monotonic()); it replaces items due later."""
        with self._state:
            waiting = self._waiting
            while waiting and waiting[-1][0] >= due:
                waiting.pop()
            waiting.append((due, item))
            if len(waiting) == 1:
                self._ring()

    def take(self, timeout: float) -> T | None:
        """Takes the newest item that is due; None if none is within ``timeout`` seconds. Raises Closed."""
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
        """Makes the last item due again, at once."""
        with self._state:
            if not (self._waiting and self._waiting[0][0] == 0.0):
                self._waiting.appendleft((0.0, self._last))
            self._ring()

    def close(self) -> None:
        """Closes the slot."""
        with self._state:
            self._closed = True
            self._ring()

    def closed_within(self, timeout: float) -> bool:
        """Waits at most ``timeout`` seconds for :meth:`close`."""
        end = time.monotonic() + timeout
        while not self._closed and (wait := end - time.monotonic()) > 0:
            self._bell.acquire(timeout=wait)
        return self._closed

    def _ring(self) -> None:
        if self._bell.locked():
            self._bell.release()
