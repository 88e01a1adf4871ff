"""Resolves overlapping shows: the one with the highest priority plays; among equals the one that began last."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from yulelight.schedule.occurrences import Occurrence


@dataclass(frozen=True, slots=True)
class Segment:
    """``occurrence`` plays from ``start`` to ``end``; a show interrupted by another has several segments."""

    start: datetime
    end: datetime
    occurrence: Occurrence


def rank(occurrence: Occurrence) -> tuple[int, datetime, timedelta, str, date]:
    """Sort key: the largest one plays. Of shows that begin together, the shorter one; then by uid."""
    o = occurrence
    return o.entry.priority, o.start, o.start - o.end, o.entry.uid, o.night


def due(occurrences: Iterable[Occurrence], at: datetime) -> Occurrence | None:
    """The show that plays at ``at``; the start is inclusive, the end exclusive."""
    running = [o for o in occurrences if o.start <= at < o.end]
    return max(running, key=rank, default=None)


def segments(occurrences: Sequence[Occurrence]) -> list[Segment]:
    """The segments in order, without overlaps. Adjacent segments of one occurrence are merged."""
    moments = sorted({m for o in occurrences for m in (o.start, o.end)})
    found: list[Segment] = []
    for start, end in pairwise(moments):
        plays = due(occurrences, start)
        if plays is None:
            continue
        last = found[-1] if found else None
        if last is not None and last.end == start and last.occurrence == plays:
            found[-1] = Segment(last.start, end, plays)
        else:
            found.append(Segment(start, end, plays))
    return found
