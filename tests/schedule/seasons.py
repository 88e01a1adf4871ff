"""Seasons to test with, and what local times mean, worked out without the code under test."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from yulelight.schedule.entry import Entry
from yulelight.schedule.occurrences import HouseTime
from yulelight.schedule.rule import parse_rule

ZONES = ("America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "America/St_Johns")
FIRST, LAST = date(2026, 11, 27), date(2027, 1, 6)
DAY = timedelta(days=1)


def no_sun(event: str, day: date) -> None:
    return None


def house_time(zone: str) -> HouseTime:
    return HouseTime(ZoneInfo(zone), no_sun)


def days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += DAY


def utc_of(local: datetime, zone: ZoneInfo) -> datetime:
    """The first moment at which clocks in ``zone`` show ``local``, by trying; skipped ones by the offset before."""
    shown = []
    for quarter in range(-14 * 4, 15 * 4):
        moment = (local - timedelta(minutes=15 * quarter)).replace(tzinfo=UTC)
        if moment.astimezone(zone).replace(tzinfo=None) == local:
            shown.append(moment)
    if shown:
        return min(shown)
    # Two hours earlier, in UTC terms, no clock has been changed yet.
    before = (local - timedelta(hours=40)).replace(tzinfo=UTC)
    while True:
        later = before + timedelta(minutes=15)
        if later.astimezone(zone).replace(tzinfo=None) > local:
            offset = before.astimezone(zone).utcoffset()
            assert offset is not None
            return (local - offset).replace(tzinfo=UTC)
        before = later


def nightly(
    start: time = time(17, 30),
    end: time = time(22, 0),
    first: date = FIRST,
    last: date = LAST,
    uid: str = "nightly",
    **more: object,
) -> Entry:
    begins = datetime.combine(first, start)
    ends = datetime.combine(first if end > start else first + DAY, end)
    rule = parse_rule(f"FREQ=DAILY;UNTIL={last:%Y%m%d}", begins, None)
    return Entry(uid, "Nightly", "Carols", begins, ends, rule=rule, **more)  # type: ignore[arg-type]


def once(start: datetime, end: datetime | timedelta, uid: str = "once", **more: object) -> Entry:
    return Entry(uid, uid.title(), "Special", start, end, **more)  # type: ignore[arg-type]
