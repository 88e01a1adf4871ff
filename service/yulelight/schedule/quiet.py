"""Quiet hours: limits for volume and brightness by time of day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time


@dataclass(frozen=True, slots=True)
class Ceiling:
    """Upper limits for volume and brightness, 0..1 each."""

    volume: float = 1.0
    brightness: float = 1.0


def within(start: time, end: time, at: time) -> bool:
    """Whether ``at`` is from ``start`` to before ``end``: across midnight if ``end`` is earlier, always if equal."""
    return start <= at < end if start < end else at >= start or at < end


@dataclass(frozen=True, slots=True)
class Quiet:
    """From ``start`` to ``end`` local time: across midnight if ``end`` is earlier, all day if equal."""

    start: time
    end: time
    ceiling: Ceiling

    def holds(self, at: time) -> bool:
        """Whether ``at`` is within it."""
        return within(self.start, self.end, at)


def ceiling(quiet: Iterable[Quiet], local: datetime) -> Ceiling:
    """The limits at a local time: the lowest of all quiet hours that include it."""
    holding = [q.ceiling for q in quiet if q.holds(local.time())]
    return Ceiling(
        min((c.volume for c in holding), default=1.0), min((c.brightness for c in holding), default=1.0)
    )
