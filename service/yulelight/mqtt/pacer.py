"""How often a value may be said again: urgent ones at once, others after a while, unchanged ones never."""

from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Pacer(Generic[K, V]):
    """Latest values by key, each said at most once in ``interval`` seconds unless it is urgent.

    Times are seconds of any clock that never goes back. What is pending is always the latest value, so a busy
    key costs no memory and its last value is never lost.
    """

    def __init__(self, interval: float) -> None:
        self._interval = interval
        self._values: dict[K, V] = {}
        self._said: dict[K, tuple[V, float]] = {}
        self._due: dict[K, float] = {}

    def offer(self, key: K, value: V, now: float, *, urgent: bool = False) -> None:
        """A new value for ``key``."""
        self._values[key] = value
        last = self._said.get(key)
        if last is not None and last[0] == value:
            self._due.pop(key, None)
            return
        due = now if urgent or last is None else max(now, last[1] + self._interval)
        self._due[key] = min(due, self._due.get(key, due))

    def take(self, now: float) -> list[tuple[K, V]]:
        """What is to be said now; it then counts as said."""
        keys = [key for key, due in self._due.items() if due <= now]
        for key in keys:
            del self._due[key]
            self._said[key] = (self._values[key], now)
        return [(key, self._values[key]) for key in keys]

    def next_time(self) -> float | None:
        """When ``take`` will have something; None when nothing is pending."""
        return min(self._due.values(), default=None)

    def repeat(self, now: float) -> None:
        """Say everything again, as to a listener who knows nothing yet."""
        self._due = dict.fromkeys(self._values, now)
