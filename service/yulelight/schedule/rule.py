"""How a show recurs: the subset of RFC 5545's RRULE that makes sense for shows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import islice

from yulelight.core.errors import UsageError
from yulelight.schedule.recurrence import Recurrence, parse_recurrence

_PARTS = (
    *("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"),
    *("BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "BYYEARDAY", "BYWEEKNO"),
)
_MAX_LENGTH = 500
_LAST_DATE = date(9000, 1, 1)
"""No later date is considered, so that arithmetic stays within the range of dates."""
_SAME_TIME = {"BYHOUR": "hour", "BYMINUTE": "minute", "BYSECOND": "second"}


@dataclass(frozen=True, slots=True)
class Rule:
    """The dates on which a show recurs.

    ``text`` is an RRULE without UNTIL and COUNT. ``until`` is the last date on which it may begin; ``count`` counts
    from the first date, including exceptions.
    """

    text: str
    until: date | None = None
    count: int | None = None

    def __str__(self) -> str:
        """The RRULE, with a date as UNTIL."""
        if self.count is not None:
            return f"{self.text};COUNT={self.count}"
        return self.text if self.until is None else f"{self.text};UNTIL={self.until:%Y%m%d}"

    def dates(self, first: date, upto: date, since: date | None = None) -> Iterator[date]:
        """The dates from ``since`` (or ``first``, which need not match) to ``upto``, inclusive, in order.

        The time is linear in the number of days, whatever the rule.
        """
        last = min(upto, self.until or _LAST_DATE, _LAST_DATE)
        since = first if since is None else max(first, since)
        if last < since:
            return iter(())
        recurrence = _recurrence(self.text)
        if self.count is None:
            return recurrence.dates(first, since, last)
        return (d for d in islice(recurrence.dates(first, first, last), self.count) if d >= since)


def parse_rule(text: str, start: datetime, zone: tzinfo | None) -> Rule:
    """Parses an RRULE's value for a show that begins at ``start`` local time in ``zone``.

    Raises UsageError. UNTIL is inclusive; as a time, the show must have begun by then; as a date, the whole day
    counts. ``zone`` is only needed for an UNTIL in UTC; None means UTC.
    """
    text = "".join(text.split()).upper().removeprefix("RRULE:")
    parts = _parts(text, start)
    until = _until(parts.pop("UNTIL"), start, zone) if "UNTIL" in parts else None
    count = _number("COUNT", parts.pop("COUNT"), 10_000) if "COUNT" in parts else None
    if until is not None and count is not None:
        raise UsageError("a recurrence ends by UNTIL or by COUNT, not by both")
    if "INTERVAL" in parts:
        _number("INTERVAL", parts["INTERVAL"], 1000)
    plain = ";".join(f"{name}={value}" for name, value in parts.items())
    _recurrence(plain)
    return Rule(plain, until, count)


@lru_cache(maxsize=1024)
def _recurrence(text: str) -> Recurrence:
    return parse_recurrence(dict(part.split("=") for part in text.split(";")))


def _parts(text: str, start: datetime) -> dict[str, str]:
    """The parts of a rule, without times that only repeat that of the start."""
    if len(text) > _MAX_LENGTH:
        raise UsageError(f"a recurrence has at most {_MAX_LENGTH} characters")
    parts: dict[str, str] = {}
    for part in filter(None, text.split(";")):
        name, _, value = part.partition("=")
        if name in _SAME_TIME and value.zfill(2) == f"{getattr(start, _SAME_TIME[name]):02}":
            continue
        if part == "RSCALE=GREGORIAN":
            continue
        if name in _SAME_TIME:
            raise UsageError(
                f"{part[:40]!r} sets another time than the start; a show recurs at its start's time"
            )
        if name not in _PARTS or not value or "=" in value or name in parts:
            raise UsageError(
                f"{part[:40]!r} means nothing in a show's recurrence; known: {', '.join(_PARTS)}"
            )
        parts[name] = value
    return {"FREQ": parts.pop("FREQ", ""), **parts}


def _number(name: str, text: str, limit: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and 1 <= int(text) <= limit):
        raise UsageError(f"{name} must be a whole number from 1 to {limit}")
    return int(text)


def _until(text: str, start: datetime, zone: tzinfo | None) -> date:
    for layout in ("%Y%m%d", "%Y%m%dT%H%M%S", "%Y%m%dT%H%M%SZ"):
        try:
            moment = datetime.strptime(text.replace("-", "").replace(":", ""), layout)  # noqa: DTZ007
        except ValueError:
            continue
        if layout == "%Y%m%d":
            return moment.date()
        if layout.endswith("Z"):
            moment = moment.replace(tzinfo=UTC).astimezone(zone or UTC).replace(tzinfo=None)
        return moment.date() if moment.time() >= start.time() else moment.date() - timedelta(days=1)
    raise UsageError(f"UNTIL={text[:20]} is not a date; write it as UNTIL=20270106")
