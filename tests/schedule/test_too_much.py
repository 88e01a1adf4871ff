"""How much one event may hold, and rules just within and just beyond what there is."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.schedule.calendars import CAROLS, HOUSE, calendar, days
from tests.schedule.seasons import once
from yulelight.core.errors import UsageError
from yulelight.schedule.entry import SunTime
from yulelight.schedule.ics import read
from yulelight.schedule.occurrences import HouseTime, expand
from yulelight.schedule.rule import parse_rule


def nights(count: int, name: str) -> str:
    return "\n".join(
        f"{name};TZID=Europe/Berlin:{date(2027, 1, 1) + timedelta(days=n):%Y%m%d}T173000"
        for n in range(count)
    )


@pytest.mark.parametrize("name", ["EXDATE", "RDATE"])
def test_an_event_lists_at_most_a_thousand_nights(name: str) -> None:
    assert len(read(calendar(f"{CAROLS}\n{nights(1000, name)}"), HOUSE).entries) == 1
    found = read(calendar(f"{CAROLS}\n{nights(1001, name)}"), HOUSE)
    assert found.entries == ()
    assert "more than 1000 nights" in found.problems[0]


def test_an_event_has_at_most_ten_exceptions_by_rule_and_one_rule() -> None:
    rule = "\nEXRULE:FREQ=MONTHLY;BYMONTHDAY=9"
    assert days(read(calendar(CAROLS + 10 * rule), HOUSE)) == [7, 8, 10, 11]
    assert "more than 10 EXRULE" in read(calendar(CAROLS + 11 * rule), HOUSE).problems[0]
    twice = read(calendar(f"{CAROLS}\nRRULE:FREQ=DAILY;COUNT=6"), HOUSE)
    assert (twice.entries, "more than one RRULE" in twice.problems[0]) == ((), True)
    assert days(read(calendar(f"{CAROLS}\nRRULE:freq=daily;count=5;"), HOUSE)) == [7, 8, 9, 10, 11]


@pytest.mark.parametrize(("length", "hours"), [("PT4H", 4), ("+PT4H", 4), ("-PT4H", None), ("PT0S", None)])
def test_a_show_lasts_forwards(length: str, hours: int | None) -> None:
    text = CAROLS.replace("DTEND;TZID=Europe/Berlin:20261207T220000", f"DURATION:{length}")
    found = read(calendar(text), HOUSE)
    assert [entry.end for entry in found.entries] == ([] if hours is None else [timedelta(hours=hours)])
    assert len(found.problems) == (hours is None)


START = datetime(2026, 12, 1, 18)


@pytest.mark.parametrize(
    "rule",
    [
        *(
            "FREQ=YEARLY;BYMONTH=1",
            "FREQ=YEARLY;BYMONTH=12",
            "FREQ=YEARLY;BYDAY=53MO",
            "FREQ=YEARLY;BYDAY=-53MO",
        ),
        *(
            "FREQ=MONTHLY;BYDAY=1SU",
            "FREQ=MONTHLY;BYDAY=+1SU",
            "FREQ=MONTHLY;BYDAY=10SU",
            "FREQ=WEEKLY;BYDAY=SU",
        ),
    ],
)
def test_rules_that_there_are(rule: str) -> None:
    parse_rule(rule, START, None)


@pytest.mark.parametrize(
    "rule",
    [
        *(
            "FREQ=YEARLY;BYMONTH=0",
            "FREQ=YEARLY;BYMONTH=13",
            "FREQ=YEARLY;BYDAY=54MO",
            "FREQ=YEARLY;BYDAY=-54MO",
        ),
        *("FREQ=MONTHLY;BYDAY=0SU", "FREQ=MONTHLY;BYDAY=SUN", "FREQ=MONTHLY;BYDAY=xSU", "FREQ=WEEKLY;BYDAY="),
    ],
)
def test_rules_that_there_are_not(rule: str) -> None:
    with pytest.raises(UsageError):
        parse_rule(rule, START, None)


def test_a_rule_has_at_most_five_hundred_characters() -> None:
    most = "FREQ=MONTHLY;BYMONTHDAY=01" + 237 * ",1"
    assert len(most) == 500
    parse_rule(most, START, None)
    with pytest.raises(UsageError, match="at most 500 characters"):
        parse_rule(most.replace(",1", ",01", 1), START, None)


def test_a_show_until_dawn_ends_on_the_next_morning() -> None:
    """Where dawn of the evening's own date is over, that of the next day is meant."""

    def sun(event: str, day: date) -> datetime | None:
        return datetime.combine(day, time(7), UTC) if event == "dawn" else None

    show = once(datetime(2026, 12, 5, 18), datetime(2026, 12, 5, 23), end_sun=SunTime("dawn", 15))
    [found] = expand(
        [show], HouseTime(UTC, sun), datetime(2026, 12, 5, tzinfo=UTC), datetime(2026, 12, 7, tzinfo=UTC)
    )
    assert (found.start, found.end) == (
        datetime(2026, 12, 5, 18, tzinfo=UTC),
        datetime(2026, 12, 6, 7, 15, tzinfo=UTC),
    )
