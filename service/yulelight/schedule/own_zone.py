"""Time zones defined in a calendar (RFC 5545, 3.6.5), with yearly rules and lists of dates only.

Their cost is bounded: the changes are computed once, from 1970 to 2110, and are at most a few thousand.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from itertools import islice

from yulelight.core.errors import UsageError
from yulelight.schedule.components import Component
from yulelight.schedule.lines import Property
from yulelight.schedule.rule import parse_rule
from yulelight.schedule.times import moments

_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)(?::?(\d\d))?", re.ASCII)
_FIRST, _LAST = 1970, date(2110, 12, 31)
_MAX_CHANGES = 2000
"""Changes of a zone."""


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """From ``at`` (naive, UTC) on, the offset is ``after`` instead of ``before``."""

    at: datetime
    before: timedelta
    after: timedelta


class OwnZone(tzinfo):
    """A time zone; equal to another with the same name and changes."""

    def __init__(self, name: str, changes: tuple[Change, ...]) -> None:
        self._name, self._changes = name, changes
        # Ambiguous times default to the first (PEP 495): a change applies once it is unambiguous.
        self._late = [change.at + max(change.before, change.after) for change in changes]
        self._early = [change.at + min(change.before, change.after) for change in changes]
        self._at = [change.at for change in changes]

    def utcoffset(self, moment: datetime | None) -> timedelta:
        """The offset from UTC."""
        if moment is None:
            return self._changes[-1].after
        edges = self._early if moment.fold else self._late
        return self._offset(bisect_right(edges, moment.replace(tzinfo=None)))

    def dst(self, moment: datetime | None) -> timedelta:
        """Not supported; nothing here needs it."""
        return timedelta()

    def tzname(self, moment: datetime | None) -> str:
        """Its name in the calendar."""
        return self._name

    def fromutc(self, moment: datetime) -> datetime:
        """``moment`` reads as UTC."""
        naive = moment.replace(tzinfo=None)
        passed = bisect_right(self._at, naive)
        local = naive + self._offset(passed)
        fold = (
            passed > 0
            and local < self._late[passed - 1]
            and self._changes[passed - 1].after < self._changes[passed - 1].before
        )
        return local.replace(tzinfo=self, fold=int(fold))

    def __str__(self) -> str:
        return self._name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, OwnZone) and (self._name, self._changes) == (other._name, other._changes)

    def __hash__(self) -> int:
        return hash((self._name, self._changes))

    def _offset(self, passed: int) -> timedelta:
        return self._changes[passed - 1].after if passed else self._changes[0].before


def own_zone(name: str, definition: Component) -> OwnZone:
    """The zone of a VTIMEZONE. Raises UsageError if it is invalid."""
    try:
        parts = [part for part in definition.nested() if part.kind in ("STANDARD", "DAYLIGHT")]
        found = list(islice((change for part in parts for change in _changes(part)), _MAX_CHANGES + 1))
    except (UsageError, ValueError, OverflowError) as error:
        raise UsageError(
            f"its time zone {name[:60]!r} is defined in a way that makes no sense: {error}"
        ) from None
    if not 0 < len(found) <= _MAX_CHANGES:
        raise UsageError(f"its time zone {name[:60]!r} changes {'too often' if found else 'never'}")
    return OwnZone(name, tuple(sorted(set(found))))


def _changes(part: Component) -> Iterator[Change]:
    found: dict[str, list[Property]] = {}
    for _, one in part.properties():
        found.setdefault(one.name, []).append(one)
    before, after = (_offset(found, name) for name in ("TZOFFSETFROM", "TZOFFSETTO"))
    start = _local(found.get("DTSTART", []))[:1]
    if not start:
        raise UsageError("a part of it has no DTSTART")
    days = [start[0]]
    for rule in found.get("RRULE", []):
        parsed = parse_rule(rule.value, start[0], timezone(before))
        if not parsed.text.startswith("FREQ=YEARLY"):
            raise UsageError("its clock is changed by a rule that is not yearly")
        first = start[0].date()
        since = (
            max(first, first.replace(year=_FIRST, day=min(28, first.day))) if first.year < _FIRST else first
        )
        dates = islice(parsed.dates(first, _LAST, since), _MAX_CHANGES + 1)
        days += [datetime.combine(day, start[0].time()) for day in dates]
    days += _local(found.get("RDATE", []))
    yield from (Change(day - before, before, after) for day in days)


def _local(found: list[Property]) -> list[datetime]:
    times = [time for one in found for time in moments(one, lambda _: UTC)]
    return [time.replace(tzinfo=None) for time in times if isinstance(time, datetime)]


def _offset(found: dict[str, list[Property]], name: str) -> timedelta:
    text = found[name][0].value if name in found else ""
    parts = _OFFSET.fullmatch(text)
    if parts is None:
        raise UsageError(f"{name}:{text[:20]} is not an offset such as +0100")
    hours, minutes, seconds = (int(number or 0) for number in parts.groups()[1:])
    length = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if length >= timedelta(hours=24):
        raise UsageError(f"{name}:{text[:20]} is a day or more")
    return -length if parts[1] == "-" else length
