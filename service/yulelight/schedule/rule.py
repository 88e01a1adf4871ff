"""Recurrence by date: the part of RFC 5545's RRULE that makes sense for shows. ``ical`` parses and expands it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice

from ical.types import Recur

from yulelight.core.errors import UsageError

_PARTS = (
    *("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"),
    *("BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "BYYEARDAY", "BYWEEKNO"),
)
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_LONGEST = 500
_MIDNIGHT = time()


@dataclass(frozen=True, slots=True)
class Rule:
    """On which dates a show comes again. ``text`` is an RRULE without UNTIL and COUNT.

    ``until`` is the last date on which it may begin; ``count`` counts from the first date on, exceptions included.
    """

    text: str
    until: date | None = None
    count: int | None = None

    def __str__(self) -> str:
        """As RRULE, with a date as UNTIL."""
        if self.count is not None:
            return f"{self.text};COUNT={self.count}"
        return self.text if self.until is None else f"{self.text};UNTIL={self.until:%Y%m%d}"

    def dates(self, first: date, upto: date) -> Iterator[date]:
        """The dates from ``first`` (which need not be one) to ``upto``, both included, in order.

        Bounded by ``upto`` within the expansion, so that a rule that never comes true ends, too.
        """
        last = upto if self.until is None else min(upto, self.until)
        if last < first:
            return iter(())
        recur = Recur.from_rrule(self.text)
        recur.until = datetime.combine(last, _MIDNIGHT)
        moments = iter(recur.as_rrule(datetime.combine(first, _MIDNIGHT)))
        return (moment.date() for moment in islice(moments, self.count))


def parse_rule(text: str, start: datetime, zone: tzinfo | None) -> Rule:
    """An RRULE's value for a show that begins at ``start`` on the clock of ``zone``. Raises UsageError.

    UNTIL is inclusive; as a time it counts by whether the show has begun by then; as a date the whole day counts.
    ``zone`` is only needed for an UNTIL in UTC; None takes it as UTC.
    """
    text = text.strip().removeprefix("RRULE:").upper()
    parts = _parts(text)
    until = _until(parts.pop("UNTIL"), start, zone) if "UNTIL" in parts else None
    count = _number("COUNT", parts.pop("COUNT"), 10_000) if "COUNT" in parts else None
    if until is not None and count is not None:
        raise UsageError("a recurrence ends by UNTIL or by COUNT, not by both")
    if "INTERVAL" in parts:
        _number("INTERVAL", parts["INTERVAL"], 1000)
    plain = ";".join(f"{name}={value}" for name, value in parts.items())
    try:
        Recur.from_rrule(plain).as_rrule(datetime.combine(start.date(), _MIDNIGHT))
    except (ValueError, TypeError, KeyError, IndexError, OverflowError):
        raise UsageError(f"{text!r} is no recurrence; write one such as FREQ=DAILY;UNTIL=20270106") from None
    return Rule(plain, until, count)


def _parts(text: str) -> dict[str, str]:
    if len(text) > _LONGEST:
        raise UsageError(f"a recurrence has at most {_LONGEST} characters")
    parts: dict[str, str] = {}
    for part in text.split(";"):
        name, _, value = part.partition("=")
        if name not in _PARTS or not value or "=" in value or name in parts:
            raise UsageError(
                f"{part[:40]!r} means nothing in a show's recurrence; known: {', '.join(_PARTS)}"
            )
        parts[name] = value
    if parts.get("FREQ") not in _FREQUENCIES:
        raise UsageError(f"a show's recurrence begins with FREQ= and one of {', '.join(_FREQUENCIES)}")
    return {"FREQ": parts.pop("FREQ"), **parts}


def _number(name: str, text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and 1 <= int(text) <= most):
        raise UsageError(f"{name} must be a whole number from 1 to {most}")
    return int(text)


def _until(text: str, start: datetime, zone: tzinfo | None) -> date:
    for layout in ("%Y%m%d", "%Y%m%dT%H%M%S", "%Y%m%dT%H%M%SZ"):
        try:
            moment = datetime.strptime(text, layout)
        except ValueError:
            continue
        if layout == "%Y%m%d":
            return moment.date()
        if layout.endswith("Z"):
            moment = moment.replace(tzinfo=UTC).astimezone(zone or UTC).replace(tzinfo=None)
        return moment.date() if moment.time() >= start.time() else moment.date() - timedelta(days=1)
    raise UsageError(f"UNTIL={text[:20]} is no date; write it as UNTIL=20270106")
