"""Expands entries into occurrences: each night's show with its start and end in UTC.

Local times skipped by a daylight-saving change use the offset before the change (02:30 becomes 03:30), and ambiguous
times mean the first of the two, as in RFC 5545 (3.3.5).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from yulelight.schedule.entry import MAX_LENGTH, Entry, SunTime
from yulelight.schedule.sun import Sun

_DAY = timedelta(days=1)
_EARLIEST, _LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(3900, 1, 1, tzinfo=UTC)
"""No show begins outside this range."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One occurrence. ``entry`` is the series, or the override of this night."""

    night: date
    """Its original date in the series; with the uid it identifies the occurrence even if that is moved."""
    start: datetime
    end: datetime
    entry: Entry

    @property
    def key(self) -> tuple[str, date]:
        """A permanent identifier."""
        return self.entry.uid, self.night


@dataclass(frozen=True, slots=True)
class HouseTime:
    """The time zone and the sun times of the house, for converting local times."""

    zone: tzinfo
    sun: Sun


def expand(
    entries: Iterable[Entry], house_time: HouseTime, after: datetime, before: datetime, limit: int = 10_000
) -> list[Occurrence]:
    """All occurrences between ``after`` and ``before``, sorted by start, at most ``limit``."""
    found: list[Occurrence] = []
    for entry in entries:
        for occurrence in _of(entry, house_time, after, before):
            if occurrence.end > after and occurrence.start < before:
                found.append(occurrence)
            if len(found) >= 2 * limit:
                break
    found.sort(key=lambda o: (o.start, o.key))
    return found[:limit]


def _of(entry: Entry, house_time: HouseTime, after: datetime, before: datetime) -> Iterator[Occurrence]:
    overridden = dict(entry.overrides)
    zone = entry.zone or house_time.zone
    # Two days for the difference between nominal and sun times, and between local and UTC dates.
    early = (max(after, _EARLIEST) - MAX_LENGTH).astimezone(zone).date() - 2 * _DAY
    late = min(before, _LATEST).astimezone(zone).date() + 2 * _DAY
    shifts = [timedelta(), *(base.start.date() - begins for begins, base in entry.onwards if base)]
    for day in nights(entry, early - max(shifts), late - min(shifts)):
        if day not in overridden:
            base, shift = base_on(entry, day)
            made = None if base is None else occurrence_on(base, day + shift, day, house_time)
            if made is not None:
                yield made
    for day, override in entry.overrides:
        if day not in entry.exdates:
            made = occurrence_on(override, override.start.date(), day, house_time)
            if made is not None:
                yield made


def nights(entry: Entry, since: date, upto: date) -> Iterator[date]:
    """The dates from ``since`` to ``upto`` by the rules of ``entry``, without excluded ones."""
    first = entry.start.date()
    dates = iter([first]) if entry.rule is None else entry.rule.dates(first, upto, since)
    out = {day for rule in entry.exrules for day in rule.dates(first, upto, since)}
    return (day for day in dates if since <= day <= upto and day not in entry.exdates and day not in out)


def rule_dates(entry: Entry, upto: date) -> set[date]:
    """All dates by the rule of ``entry`` up to ``upto``, including excluded ones; without a rule, its only date."""
    first = entry.start.date()
    return {first} if entry.rule is None else set(entry.rule.dates(first, upto))


def base_on(entry: Entry, day: date) -> tuple[Entry | None, timedelta]:
    """The definition of a series on ``day``, and by how much it is shifted then."""
    found: tuple[Entry | None, timedelta] = entry, timedelta()
    for begins, base in entry.onwards:
        if begins <= day:
            found = base, base.start.date() - begins if base is not None else timedelta()
    return found


def occurrence_on(entry: Entry, day: date, name: date, house_time: HouseTime) -> Occurrence | None:
    """The occurrence of ``entry`` on ``day``, identified by ``name``; None if it would end before it begins."""
    zone = entry.zone or house_time.zone
    nominal = datetime.combine(day, entry.start.time())
    start = _sun_time(entry.start_sun, day, house_time) or instant(nominal, zone)
    if entry.end_sun is None and isinstance(entry.end, timedelta):
        return Occurrence(name, start, start + entry.end, entry)
    length = entry.end if isinstance(entry.end, timedelta) else entry.end - entry.start
    end_day = day + entry.days * _DAY
    end = _sun_time(entry.end_sun, end_day, house_time) or instant(nominal + length, zone)
    if end <= start and entry.end_sun is not None:
        end = _sun_time(entry.end_sun, end_day + _DAY, house_time) or end
    if end <= start:
        if entry.start_sun is not None or entry.end_sun is not None:
            return None
        # The end is within the hour skipped by a daylight-saving change.
        end = start + length
    return Occurrence(name, start, end, entry)


def instant(local: datetime, zone: tzinfo) -> datetime:
    """Converts a naive local time to UTC."""
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def _sun_time(sun: SunTime | None, day: date, house_time: HouseTime) -> datetime | None:
    if sun is None:
        return None
    moment = house_time.sun(sun.event, day)
    return None if moment is None else moment + timedelta(minutes=sun.offset)
