"""Quiet hours: the most that sound and light may be, by time of day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time


@dataclass(frozen=True, slots=True)
class Ceiling:
    """Volume and brightness, 0..1 each, are held to at most these."""

    volume: float = 1.0
    brightness: float = 1.0


@dataclass(frozen=True, slots=True)
class Quiet:
    """From ``start`` to ``end`` on the clock: across midnight where ``end`` is smaller, all day if equal."""

    start: time
    end: time
    ceiling: Ceiling

    def holds(self, at: time) -> bool:
        """Whether ``at`` lies in it."""
        if self.start < self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end


def ceiling(quiet: Iterable[Quiet], local: datetime) -> Ceiling:
    """What holds at a local time: the least of all quiet hours it lies in."""
    holding = [q.ceiling for q in quiet if q.holds(local.time())]
    return Ceiling(
        min((c.volume for c in holding), default=1.0), min((c.brightness for c in holding), default=1.0)
    )
