"""A mailbox of one: the newest wins. From the event loop, which never waits, to a thread, which does."""

import threading
import time
from typing import Generic, TypeVar

T = TypeVar("T")


class Closed(Exception):  # noqa: N818  an end is no error
    """Nothing comes any more."""


class Slot(Generic[T]):
    """Holds the newest of what was put in. Safe between threads; one of them takes."""

    def __init__(self, first: T) -> None:
        self._newest = first
        self._due = 0.0
        self._fresh = True
        self._closed = False
        self._state = threading.Lock()
        # Free when something changed. A condition would do the same for twice the time, 86 times a second.
        self._bell = threading.Lock()
        self._bell.acquire()

    def put(self, item: T, due: float = 0.0) -> None:
        """Replace what was not taken. It can be taken from ``due`` on (time.monotonic())."""
        with self._state:
            self._newest, self._due, self._fresh = item, due, True
            self._ring()

    def take(self, timeout: float) -> T | None:
        """The newest, once; None when there is nothing new for ``timeout`` seconds. Raises Closed."""
        end = time.monotonic() + timeout
        while True:
            with self._state:
                if self._closed:
                    raise Closed
                wait = (self._due if self._fresh else end) - time.monotonic()
                if wait <= 0:
                    if not self._fresh:
                        return None
                    self._fresh = False
                    return self._newest
            self._bell.acquire(timeout=wait)

    def again(self) -> None:
        """What was taken last is to be taken once more."""
        with self._state:
            self._fresh = True
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
