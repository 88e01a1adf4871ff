"""A mailbox of one: the newest wins. From the event loop, which never waits, to a thread, which does."""

import threading
import time
from typing import Generic, TypeVar

T = TypeVar("T")


class Closed(Exception):  # noqa: N818  an end is no error
    """Nothing comes any more."""


class Slot(Generic[T]):
    """Holds the newest of what was put in. Safe between threads."""

    def __init__(self, first: T) -> None:
        self._newest = first
        self._due = 0.0
        self._fresh = True
        self._closed = False
        self._changed = threading.Condition()

    def put(self, item: T, due: float = 0.0) -> None:
        """Replace what was not taken. It can be taken from ``due`` on (time.monotonic())."""
        with self._changed:
            self._newest, self._due, self._fresh = item, due, True
            self._changed.notify()

    def take(self, timeout: float) -> T | None:
        """The newest, once; None when there is nothing new for ``timeout`` seconds. Raises Closed."""
        end = time.monotonic() + timeout
        with self._changed:
            while not self._closed:
                wait = (self._due if self._fresh else end) - time.monotonic()
                if wait <= 0:
                    if not self._fresh:
                        return None
                    self._fresh = False
                    return self._newest
                self._changed.wait(wait)
            raise Closed

    def again(self) -> None:
        """What was taken last is to be taken once more."""
        with self._changed:
            self._fresh = True

    def close(self) -> None:
        """Nothing follows."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def closed_within(self, timeout: float) -> bool:
        """Wait at most ``timeout`` seconds for :meth:`close`."""
        with self._changed:
            return self._changed.wait_for(lambda: self._closed, timeout)
