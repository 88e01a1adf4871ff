"""What is just allowed and what is one too much, by the limits that docs/schedule.md states."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.schedule.calendars import calendar
from tests.schedule.seasons import nightly, once
from yulelight.core.errors import UsageError
from yulelight.schedule.edit import add, merge
from yulelight.schedule.entry import Entry, SunTime, check
from yulelight.schedule.ics import Schedule, read, write

NEW_YEAR = datetime(2027, 1, 1, 18)
HOUR = timedelta(hours=1)


def event(uid: object, *lines: str) -> str:
    parts = f"UID:{uid}", "DTSTAMP:20261001T080000Z", "SUMMARY:Carols"
    return "\n".join([*parts, "DTSTART:20261207T173000", "DTEND:20261207T220000", *lines])


def test_a_schedule_has_at_most_a_megabyte() -> None:
    text = calendar(event("a")).decode()
    fits = text.replace("SUMMARY", "X-NOTE:" + "x" * (1024 * 1024 - len(text) - 9) + "\r\nSUMMARY")
    assert len(fits) == 1024 * 1024
    assert len(read(fits, UTC).entries) == 1
    with pytest.raises(UsageError, match="at most 1024 kB"):
        read(fits.replace("X-NOTE", "X-NOTED"), UTC)


def test_a_schedule_has_at_most_a_thousand_events() -> None:
    full = read(calendar(*map(event, range(1000))), UTC)
    assert len(full.entries) == 1000
    with pytest.raises(UsageError, match="at most 1000 events; this has 1001"):
        read(calendar(*map(event, range(1001))), UTC)
    with pytest.raises(UsageError, match="full"):
        add(full, once(NEW_YEAR, HOUR))
    almost = replace(full, entries=full.entries[1:])
    assert len(add(almost, once(NEW_YEAR, HOUR)).entries) == 1000


@pytest.mark.parametrize("count", [1, 50, 51, 70])
def test_fifty_problems_are_told_and_the_rest_counted(count: int) -> None:
    wrong = (event(n, "DTSTART:nonsense").replace("DTSTART:20261207T173000\n", "") for n in range(count))
    problems = read(calendar(*wrong), UTC).problems
    if count <= 50:
        assert len(problems) == count
    else:
        assert len(problems) == 51
        assert problems[-1].startswith(f"and {count - 50} more")


@pytest.mark.parametrize(
    ("changes", "right"),
    [
        ({"start": datetime(2000, 1, 1), "end": HOUR}, True),
        ({"start": datetime(1999, 12, 31, 23, 59), "end": HOUR}, False),
        ({"start": datetime(2999, 12, 31), "end": HOUR}, True),
        ({"start": datetime(3000, 1, 1), "end": HOUR}, False),
        ({"end": timedelta(days=7)}, True),
        ({"end": timedelta(days=7, seconds=1)}, False),
        ({"end": timedelta(seconds=1)}, True),
        ({"end": timedelta()}, False),
        ({"priority": 0}, True),
        ({"priority": 9}, True),
        ({"priority": -1}, False),
        ({"priority": 10}, False),
        ({"start_sun": SunTime("sunset", 720)}, True),
        ({"start_sun": SunTime("sunset", -720)}, True),
        ({"start_sun": SunTime("sunset", 721)}, False),
        ({"end_sun": SunTime("sunset", -721)}, False),
    ],
)
def test_what_can_be_a_show(changes: dict[str, object], right: bool) -> None:
    entry: Entry = replace(once(NEW_YEAR, HOUR), **changes)  # type: ignore[arg-type]
    if right:
        assert check(entry) is entry
    else:
        with pytest.raises(UsageError):
            check(entry)


def test_what_another_calendar_has_replaces_what_is_no_show_here() -> None:
    """An event that Yulelight only keeps, such as a whole day, by one of its uid that it plays."""
    whole_day = event("a").replace(":20261207T173000", ";VALUE=DATE:20261207")
    whole_day = whole_day.replace(":20261207T220000", ";VALUE=DATE:20261208")
    ours = read(calendar(whole_day, whole_day.replace("UID:a", "UID:b")), UTC)
    assert ours.entries == ()
    assert len(ours.foreign) == 2
    merged = merge(ours, read(calendar(event("a")), UTC))
    assert [entry.uid for entry in merged.entries] == ["a"]
    text = write(merged, NEW_YEAR.replace(tzinfo=UTC))
    assert text.count("UID:a") == 1
    assert text.count("UID:b") == 1


def test_files_are_joined_with_what_is_neither_event_nor_known() -> None:
    """Two calendars in one file: what they have beside events is kept, once."""
    other = "BEGIN:VTODO\nUID:t\nSUMMARY:Buy candles\nEND:VTODO\n"
    one = calendar(event("a")).replace(
        b"END:VCALENDAR", other.replace("\n", "\r\n").encode() + b"END:VCALENDAR"
    )
    two = one.replace(b"UID:a", b"UID:b")
    more = two.replace(b"candles", b"apples")
    text = write(read(one + two + more.replace(b"UID:b", b"UID:c"), UTC), NEW_YEAR.replace(tzinfo=UTC))
    assert text.count("candles") == 1
    assert text.count("apples") == 1


def test_the_schedule_may_be_empty() -> None:
    assert read(write(Schedule(), NEW_YEAR.replace(tzinfo=UTC)), UTC).entries == ()
    assert add(Schedule(), nightly()).entries == (nightly(),)
