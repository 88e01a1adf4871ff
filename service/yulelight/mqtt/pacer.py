"""Limits how often values are published: urgent ones at once, others after an interval, unchanged ones never."""

from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Pacer(Generic[K, V]):
    """The latest values by key, each published at most once in ``interval`` seconds unless it is urgent.

    Times are seconds of any monotonic clock. Only the latest value is pending, so memory is bounded and the last
    value is never lost.
    """

    def __init__(self, interval: float) -> None:
        self._interval = interval
        self._values: dict[K, V] = {}
        self._said: dict[K, tuple[V, float]] = {}
        self._due: dict[K, float] = {}

    def offer(self, key: K, value: V, now: float, *, urgent: bool = False) -> None:
        """Sets a new value for ``key``."""
        self._values[key] = value
        last = self._said.get(key)
        if last is not None and last[0] == value:
            self._due.pop(key, None)
            return
        due = now if urgent or last is None else max(now, last[1] + self._interval)
        self._due[key] = min(due, self._due.get(key, due))

    def take(self, now: float) -> list[tuple[K, V]]:
        """Returns the values to be published now, and marks them as published."""
        keys = [key for key, due in self._due.items() if due <= now]
        for key in keys:
            del self._due[key]
            self._said[key] = (self._values[key], now)
        return [(key, self._values[key]) for key in keys]

    def next_time(self) -> float | None:
        """When ``take`` will return a value; None if nothing is pending."""
        return min(self._due.values(), default=None)

    def repeat(self, now: float) -> None:
        """Makes all values pending again, for a new listener."""
        self._due = dict.fromkeys(self._values, now)
