"""The dates of an RRULE (RFC 5545, 3.3.10), for daily, weekly, monthly and yearly rules.

Periods are enumerated from near the first date requested to the last one. So the cost is bounded by the length of
that range, even for a rule that never matches.
"""

from calendar import isleap, monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from yulelight.core.errors import UsageError

FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Recurrence:
    """An RRULE without its end. Empty tuples restrict nothing; weekdays count from Monday, which is 0."""

    frequency: str
    interval: int = 1
    week_start: int = 0
    months: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    year_days: tuple[int, ...] = ()
    weeks: tuple[int, ...] = ()
    weekdays: tuple[tuple[int, int], ...] = ()
    """Weekday and ordinal: the second Sunday is (6, 2), every Sunday (6, 0)."""
    positions: tuple[int, ...] = ()

    def dates(self, first: date, since: date, upto: date) -> Iterator[date]:
        """The dates from ``since`` to ``upto``, inclusive, of a series that begins on ``first``."""
        rule, since = self._anchored(first), max(first, since)
        for period in rule._periods(first, since, upto):  # noqa: SLF001
            days = [day for day in period if rule._holds(day)]  # noqa: SLF001
            for day in rule._picked(days):  # noqa: SLF001
                if since <= day <= upto:
                    yield day

    def _anchored(self, first: date) -> "Recurrence":
        """Uses the day of ``first`` if the rule does not specify one."""
        if self.month_days or self.year_days or self.weeks or self.weekdays:
            return self
        match self.frequency:
            case "WEEKLY":
                return replace(self, weekdays=((first.weekday(), 0),))
            case "MONTHLY":
                return replace(self, month_days=(first.day,))
            case "YEARLY":
                return replace(self, months=self.months or (first.month,), month_days=(first.day,))
        return self

    def _periods(self, first: date, since: date, upto: date) -> Iterator[list[date]]:
        """The days of each period that the interval includes, from the one that contains ``since``."""
        step = self.interval
        match self.frequency:
            case "DAILY":
                begin = first + _up((since - first).days, step) * _DAY
                for number in range(0, (upto - begin).days + 1, step):
                    yield [begin + number * _DAY]
            case "WEEKLY":
                begin = first - ((first.weekday() - self.week_start) % 7) * _DAY
                begin += (since - begin).days // (7 * step) * (7 * step) * _DAY
                for number in range(0, (upto - begin).days + 1, 7 * step):
                    yield [begin + (number + day) * _DAY for day in range(7)]
            case "MONTHLY":
                origin, last = _month(first), _month(upto)
                begin_month = origin + (_month(since) - origin) // step * step
                for month in range(begin_month, last + 1, step):
                    if not self.months or month % 12 + 1 in self.months:
                        yield _days_of(month // 12, month % 12 + 1)
            case "YEARLY":
                begin_year = first.year + (since.year - first.year) // step * step
                for year in range(begin_year, upto.year + 1, step):
                    months = sorted(set(self.months)) or range(1, 13)
                    yield [day for month in months for day in _days_of(year, month)]

    def _holds(self, day: date) -> bool:
        if self.months and day.month not in self.months:
            return False
        if self.month_days and not _counted(day.day, monthrange(day.year, day.month)[1], self.month_days):
            return False
        length = 366 if isleap(day.year) else 365
        if self.year_days and not _counted(day.timetuple().tm_yday, length, self.year_days):
            return False
        if self.weeks and not _counted(*_week(day, self.week_start), self.weeks):
            return False
        return not self.weekdays or any(self._weekday(day, *wanted) for wanted in self.weekdays)

    def _weekday(self, day: date, weekday: int, ordinal: int) -> bool:
        if day.weekday() != weekday:
            return False
        if ordinal == 0 or self.frequency in ("DAILY", "WEEKLY"):
            return True
        if self.frequency == "YEARLY" and not self.months:
            number, length = day.timetuple().tm_yday, 366 if isleap(day.year) else 365
        else:
            number, length = day.day, monthrange(day.year, day.month)[1]
        return ordinal == (number - 1) // 7 + 1 if ordinal > 0 else -ordinal == (length - number) // 7 + 1

    def _picked(self, days: list[date]) -> list[date]:
        if not self.positions:
            return days
        count = len(days)
        chosen = {at - 1 if at > 0 else count + at for at in self.positions}
        return [days[at] for at in sorted(chosen) if 0 <= at < count]


def parse_recurrence(parts: Mapping[str, str]) -> Recurrence:
    """Parses an RRULE's parts except UNTIL and COUNT. Raises UsageError."""
    if parts.get("FREQ") not in FREQUENCIES:
        raise UsageError(f"a show's recurrence begins with FREQ= and one of {', '.join(FREQUENCIES)}")
    start = parts.get("WKST", "MO")
    if start not in _WEEKDAYS:
        raise UsageError(f"WKST={start[:20]} is not a weekday")
    return Recurrence(
        parts["FREQ"],
        _numbers({"INTERVAL": "1", **parts}, "INTERVAL", 1, 1000)[0],
        week_start=_WEEKDAYS.index(start),
        months=_numbers(parts, "BYMONTH", 1, 12),
        month_days=_numbers(parts, "BYMONTHDAY", -31, 31),
        year_days=_numbers(parts, "BYYEARDAY", -366, 366),
        weeks=_numbers(parts, "BYWEEKNO", -53, 53),
        weekdays=tuple(_named(text) for text in parts["BYDAY"].split(",")) if "BYDAY" in parts else (),
        positions=_numbers(parts, "BYSETPOS", -366, 366),
    )


def _numbers(parts: Mapping[str, str], name: str, low: int, high: int) -> tuple[int, ...]:
    """The comma-separated non-zero integers of a part; empty if the part is missing."""
    text = parts.get(name)
    if text is None:
        return ()
    found = []
    for word in text.split(","):
        number = _whole(word)
        if number is None or number == 0 or not low <= number <= high:
            raise UsageError(f"{name}={text[:40]} must be made of whole numbers from {low} to {high}")
        found.append(number)
    return tuple(found)


def _whole(word: str) -> int | None:
    digits = word.strip().lstrip("+-")
    return int(word) if digits.isascii() and digits.isdigit() and len(word) <= 9 else None


def _named(text: str) -> tuple[int, int]:
    text = text.strip()
    ordinal = _whole(text[:-2]) if text[:-2] else 0
    if text[-2:] not in _WEEKDAYS or ordinal is None or abs(ordinal) > 53 or text[:-2] == "0":
        raise UsageError(
            f"BYDAY={text[:20]} is not a weekday; write it as MO, or as 1SU for the first Sunday"
        )
    return _WEEKDAYS.index(text[-2:]), ordinal


def _up(number: int, step: int) -> int:
    return -(-number // step) * step


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _days_of(year: int, month: int) -> list[date]:
    return [date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1)]


def _counted(number: int, length: int, wanted: tuple[int, ...]) -> bool:
    """Whether ``number``, from 1 to ``length``, is selected, counted from either end."""
    return number in wanted or number - length - 1 in wanted


def _week(day: date, start: int) -> tuple[int, int]:
    """The number of the week of ``day``, and the number of weeks in its year; a week belongs to the year of most
    days.
    """
    middle = day + (3 - (day.weekday() - start) % 7) * _DAY
    number = (middle.timetuple().tm_yday - 1) // 7 + 1
    last = date(middle.year, 12, 31)
    final = last + (3 - (last.weekday() - start) % 7) * _DAY
    final = final if final.year == last.year else final - 7 * _DAY
    return number, (final.timetuple().tm_yday - 1) // 7 + 1
