import contextlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream

from tests.schedule.seasons import FIRST, LAST, house_time
from yulelight.core.errors import UsageError
from yulelight.schedule.edit import merge
from yulelight.schedule.entry import Entry, SunTime
from yulelight.schedule.ics import Schedule, read, write
from yulelight.schedule.occurrences import expand
from yulelight.schedule.rule import parse_rule

STAMP = datetime(2026, 11, 1, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
TITLES = st.text(st.characters(exclude_categories=["C"], codec="utf-8"), max_size=120).map(str.strip)
NAMES = st.from_regex(r"[\w][\w .-]{0,61}[\w]", fullmatch=True)
SUNS = st.none() | st.builds(
    SunTime, st.sampled_from(["dawn", "sunrise", "sunset", "dusk"]), st.integers(-720, 720)
)
STARTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda d: d.replace(microsecond=0))


@st.composite
def entries(draw: st.DrawFn, uid: str = "u", override: bool = False) -> Entry:
    start = draw(STARTS)
    length = timedelta(minutes=draw(st.integers(1, 10000)))
    rule = None
    if not override:
        text = draw(
            st.sampled_from(
                ["", "FREQ=DAILY", "FREQ=DAILY;COUNT=9", "FREQ=WEEKLY;BYDAY=MO,SU;UNTIL=20280301"]
            )
        )
        rule = parse_rule(text, start, None) if text else None
    nights = st.dates(start.date(), start.date() + timedelta(days=99))
    changed = draw(st.lists(nights, max_size=3, unique=True)) if rule else []
    ends: list[datetime | timedelta] = [start + length, length]
    return Entry(
        uid=uid,
        summary=draw(TITLES),
        playlist=draw(NAMES),
        start=start,
        end=draw(st.sampled_from(ends)),
        look=draw(st.none() | NAMES),
        zone=draw(st.sampled_from([None, UTC, BERLIN, ZoneInfo("Australia/Lord_Howe")])),
        start_sun=draw(SUNS),
        end_sun=draw(SUNS),
        rule=rule,
        exdates=frozenset(draw(st.lists(nights, max_size=3))) if rule else frozenset(),
        overrides=tuple((day, draw(entries(uid, override=True))) for day in sorted(changed)),
        finish=draw(st.sampled_from(["cut", "song"])),
        shuffle=draw(st.booleans()),
        repeat=draw(st.booleans()),
        priority=draw(st.integers(0, 9)),
    )


@given(st.lists(entries(), max_size=3))
def test_what_is_written_is_read_again(made: list[Entry]) -> None:
    shows = tuple(replace(entry, uid=f"u{k}", overrides=()) for k, entry in enumerate(made))
    text = write(Schedule(shows), STAMP)
    again = read(text, BERLIN)
    assert again.problems == ()
    assert again.entries == shows
    assert write(again, datetime(2027, 1, 1, tzinfo=UTC)) == text, (
        "and nothing changes when nothing was changed"
    )


def _fields(entry: Entry) -> dict[str, Any]:
    uid_less = {name: getattr(entry, name) for name in Entry.__slots__ if name != "overrides"}
    return {**uid_less, "overrides": ()}


@given(entries())
def test_nights_that_differ_are_read_again(entry: Entry) -> None:
    [again] = read(write(Schedule((entry,)), STAMP), BERLIN).entries
    assert again.overrides == tuple(
        (day, other)
        for day, other in entry.overrides
        if other.zone == entry.zone or day in dict(again.overrides)
    )
    assert len(again.overrides) == len(entry.overrides)


def test_other_programs_see_the_same_nights() -> None:
    """By the timeline of ical, as Home Assistant's local calendar uses it."""
    rule = parse_rule("FREQ=DAILY;UNTIL=20270106", datetime(2026, 11, 27, 17, 30), None)
    entry = Entry(
        "n", "Nightly", "Carols", datetime(2026, 11, 27, 17, 30), datetime(2026, 11, 27, 22), rule=rule,
        exdates=frozenset({date(2026, 12, 24)}),
        overrides=((date(2026, 12, 25), Entry("n", "Late", "Carols", datetime(2026, 12, 25, 20), timedelta(hours=1))),),
    )  # fmt: skip
    calendar = IcsCalendarStream.calendar_from_ics(write(Schedule((entry,)), STAMP))
    theirs = [(e.summary, e.start_datetime, e.end_datetime) for e in calendar.timeline_tz(UTC)]
    ours = expand(
        [entry], house_time("UTC"), datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
    )
    assert len(theirs) == 40
    assert [(o.entry.summary, o.start, o.end) for o in ours] == theirs


FOREIGN = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Somebody//Else//EN
X-WR-CALNAME:House
BEGIN:VTODO
UID:todo
SUMMARY:Buy fuses
END:VTODO
BEGIN:VEVENT
DTSTAMP:20261101T000000Z
UID:google
DTSTART;TZID=Europe/Berlin:20261127T173000
DTEND;TZID=Europe/Berlin:20261127T220000
SUMMARY:Carols
DESCRIPTION:Grandma comes\\, too
RRULE:FREQ=DAILY;UNTIL=20270106
EXDATE;VALUE=DATE:20261224
BEGIN:VALARM
ACTION:DISPLAY
DESCRIPTION:Soon
TRIGGER:-PT10M
END:VALARM
END:VEVENT
BEGIN:VEVENT
DTSTAMP:20261101T000000Z
UID:birthday
DTSTART;VALUE=DATE:20261212
DTEND;VALUE=DATE:20261213
SUMMARY:Birthday
END:VEVENT
BEGIN:VEVENT
DTSTAMP:20261101T000000Z
UID:hourly
DTSTART:20261212T120000
DTEND:20261212T120500
SUMMARY:Bells
RRULE:FREQ=HOURLY
END:VEVENT
END:VCALENDAR
"""


def test_a_calendar_of_another_program() -> None:
    found = read(FOREIGN, UTC)
    [entry] = found.entries
    assert (entry.playlist, entry.zone) == ("Carols", BERLIN), "the title names the playlist"
    nights = [o.night for o in expand([entry], house_time("UTC"), STAMP, datetime(2028, 1, 1, tzinfo=UTC))]
    assert nights[0] == FIRST
    assert nights[-1] == LAST, "a date as UNTIL is that whole day"
    assert len(nights) == 40
    assert [problem.split(":")[0] for problem in found.problems] == ["Birthday", "Bells"]
    text = write(found, STAMP)
    for kept in (
        "X-WR-CALNAME:House",
        "Buy fuses",
        "TRIGGER:-PT10M",
        "Grandma comes",
        "Birthday",
        "FREQ=HOURLY",
    ):
        assert kept in text
    assert read(text, UTC) == found


def test_taking_a_calendar_over_brings_its_time_zones() -> None:
    zone = (
        "BEGIN:VTIMEZONE\nTZID:Nowhere\nBEGIN:STANDARD\nDTSTART:19700101T000000\nRRULE:FREQ=YEARLY;BYMONTH=1\n"
        "TZOFFSETFROM:+0330\nTZOFFSETTO:+0330\nEND:STANDARD\nEND:VTIMEZONE\nBEGIN:VTODO"
    )
    text = FOREIGN.replace("Europe/Berlin", "Nowhere").replace("BEGIN:VTODO", zone)
    kept = merge(read(write(Schedule(), STAMP), UTC), read(text, UTC))
    [entry] = read(write(kept, STAMP), UTC).entries
    [first, *_] = expand([entry], house_time("UTC"), STAMP, datetime(2028, 1, 1, tzinfo=UTC))
    assert first.start == datetime(2026, 11, 27, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "VCALENDAR",
        "x" * 2_000_000,
    ],
)
def test_what_is_no_calendar_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        read(text, UTC)


@given(st.integers(0, len(FOREIGN)), st.text(max_size=20))
def test_damage_is_refused_or_costs_single_events(at: int, text: str) -> None:
    with contextlib.suppress(UsageError):
        read(FOREIGN[:at] + text + FOREIGN[at + len(text) :], UTC)
