"""Time values of iCalendar properties (RFC 5545, 3.3.4 to 3.3.6). Pure."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo

from yulelight.core.errors import UsageError
from yulelight.schedule.lines import Property

_MOMENT = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d))?(Z)?)?\Z", re.ASCII)
_DURATION = re.compile(
    r"([+-])?P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?", re.ASCII
)


def moments(found: Property, zone: Callable[[str], tzinfo]) -> list[datetime | date]:
    """The times and dates of a property; ``zone`` looks up its TZID.

    Raises UsageError. A time without a zone is naive. An unquoted colon in the name of a zone is tolerated.
    """
    value, name = found.value.upper(), found.parameters.get("TZID", "")
    head, colon, _ = found.value.rpartition(":")
    if colon and not _MOMENT.match(value.split(",")[0]):
        value, name = found.value[len(head) + 1 :].upper(), f"{name}:{head}"
    return [_moment(text.strip(), name, zone) for text in value.split(",") if text.strip()]


def moment(found: Property, zone: Callable[[str], tzinfo]) -> datetime | date:
    """The single time or date of a property. Raises UsageError."""
    times = moments(found, zone)
    if len(times) != 1:
        raise UsageError(f"{found.name}:{found.value[:40]} is not one time")
    return times[0]


def duration(text: str) -> timedelta:
    """Parses a DURATION. Raises UsageError."""
    found = _DURATION.fullmatch(text.strip().upper())
    if found is None or not any(found.groups()[1:]):
        raise UsageError(f"DURATION:{text[:40]} is not a duration; write it as PT4H30M")
    weeks, days, hours, minutes, seconds = (int(number or 0) for number in found.groups()[1:])
    length = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return -length if found[1] == "-" else length


def duration_text(length: timedelta) -> str:
    """The inverse of ``duration``, for non-negative lengths."""
    minutes, seconds = divmod(length.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    clock = "".join(f"{n}{unit}" for n, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if n)
    days = f"{length.days}D" if length.days else ""
    return f"P{days}{'T' + clock if clock else ''}" if days or clock else "PT0S"


def moment_text(value: datetime) -> str:
    """A time as a property's value; a zone other than UTC is a parameter."""
    return f"{value:%Y%m%dT%H%M%S}{'Z' if value.tzinfo is UTC else ''}"


def _moment(text: str, name: str, zone: Callable[[str], tzinfo]) -> datetime | date:
    found = _MOMENT.match(text)
    try:
        if found is None:
            raise ValueError
        year, month, day = (int(number) for number in found.groups()[:3])
        if found[4] is None:
            return date(year, month, day)
        # datetime does not support leap seconds (60).
        time = datetime(year, month, day, int(found[4]), int(found[5]), min(59, int(found[6] or 0)))  # noqa: DTZ001
    except ValueError:
        raise UsageError(f"{text[:40]!r} is not a time; write it as 20261127T173000") from None
    if found[7]:
        return time.replace(tzinfo=UTC)
    return time.replace(tzinfo=zone(name)) if name else time
