"""Nights that differ, are called off, or cannot be read; each is told by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from dateutil.rrule import DAILY, SA, SU, WEEKLY, rrule, rruleset

from tests.schedule.calendars import CAROLS, HOUSE, WEEK, calendar, days, no_sun, playing
from yulelight.schedule.edit import merge, remove, update
from yulelight.schedule.ics import Schedule, read, write
from yulelight.schedule.occurrences import HouseTime, expand

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def single(night: str, *lines: str, start: str = "173000", parameter: str = "") -> str:
    """An event that replaces the night of ``night`` of the series."""
    named = night if "T" in night else f"{night}T173000"
    return "\n".join(
        [
            *("UID:carols@example.org", "DTSTAMP:20261001T080000Z", "SUMMARY:Carols"),
            f"RECURRENCE-ID;TZID=Europe/Berlin{parameter}:{named}",
            f"DTSTART;TZID=Europe/Berlin:{night[:8]}T{start}",
            f"DTEND;TZID=Europe/Berlin:{night[:8]}T220000",
            *lines,
        ]
    )


def again(schedule: Schedule) -> Schedule:
    """As it is after having been written to the disk."""
    return read(write(schedule, NOW), HOUSE)


def changed(schedule: Schedule) -> Schedule:
    """With the title of the series changed, so that it is written anew, and read back."""
    [entry] = schedule.entries
    new = replace(entry, summary="Changed", overrides=(), exrules=(), onwards=())
    return again(update(schedule, entry.uid, new, None, "all", fresh="fresh"))


@pytest.mark.parametrize("status", ["CANCELLED", "Cancelled", "cancelled", "CANCELED"])
def test_a_night_that_is_called_off_does_not_play(status: str) -> None:
    found = read(calendar(CAROLS, single("20261209", f"STATUS:{status}", "DESCRIPTION:Storm")), HOUSE)
    assert found.problems == ()
    for schedule in (found, again(found), changed(found)):
        assert days(schedule) == [7, 8, 10, 11]
        assert "DESCRIPTION:Storm" in write(schedule, NOW)


def test_a_night_that_plays_again_after_all_is_written_as_one() -> None:
    found = read(calendar(CAROLS, single("20261209", "STATUS:CANCELLED")), HOUSE)
    [entry] = found.entries
    back = update(found, entry.uid, replace(entry, exdates=frozenset()), None, "all", fresh="f")
    assert days(again(back)) == WEEK


def test_a_series_that_is_called_off_does_not_play_and_stays_in_the_file() -> None:
    off = calendar(CAROLS + "\nSTATUS:CANCELLED", single("20261209", start="190000"), "UID:x\n" + CAROLS[23:])
    found = read(off, HOUSE)
    assert days(found) == WEEK
    assert found.problems == ()
    assert "STATUS:CANCELLED" in write(found, NOW)


def test_a_calendar_that_calls_a_series_off_does_so_where_it_is_imported() -> None:
    ours = read(calendar(CAROLS), HOUSE)
    assert days(merge(ours, read(calendar(CAROLS + "\nSTATUS:CANCELLED"), HOUSE))) == []


def test_a_message_that_calls_events_off_calls_off_its_own() -> None:
    other = CAROLS.replace("carols@", "other@")
    found = read(calendar(CAROLS, head="METHOD:CANCEL") + calendar(other), HOUSE)
    assert [entry.uid for entry in found.entries] == ["other@example.org"]
    assert [entry.uid for entry in again(found).entries] == ["other@example.org"]


def test_a_message_that_calls_off_events_said_to_be_confirmed_keeps_what_they_are() -> None:
    text = calendar(CAROLS + "\nSTATUS:CONFIRMED", head="METHOD:CANCEL")
    off = read(text, HOUSE)
    assert off.entries == ()
    assert days(merge(read(calendar(CAROLS), HOUSE), off)) == []
    assert "SUMMARY:Carols" in write(off, NOW)


def test_of_two_changes_of_the_same_nights_the_newer_one_counts() -> None:
    first = single("20261209", "SEQUENCE:1", start="180000", parameter=";RANGE=THISANDFUTURE")
    second = single("20261209", "SEQUENCE:2", start="190000", parameter=";RANGE=THISANDFUTURE")
    found = read(calendar(CAROLS, first, second), HOUSE)
    assert [len(entry.onwards) for entry in found.entries] == [1]
    assert playing(found) == [(day, "17:30-22:00" if day < 9 else "19:00-22:00", "Carols") for day in WEEK]


def test_a_night_and_all_that_follow_are_moved() -> None:
    moved = single("20261209", start="190000", parameter=";RANGE=THISANDFUTURE")
    found = read(calendar(CAROLS, moved), HOUSE)
    evening, late = "17:30-22:00", "19:00-22:00"
    expected = [(day, evening if day < 9 else late, "Carols") for day in WEEK]
    for schedule in (found, again(found), changed(found)):
        assert playing(schedule) == expected
        assert schedule.problems == ()


def test_nights_are_moved_to_another_day_and_single_ones_still_count() -> None:
    later = single("20261209", start="190000", parameter=";RANGE=THISANDFUTURE")
    later = later.replace("DTSTART;TZID=Europe/Berlin:20261209", "DTSTART;TZID=Europe/Berlin:20261210")
    later = later.replace("DTEND;TZID=Europe/Berlin:20261209", "DTEND;TZID=Europe/Berlin:20261210")
    found = read(calendar(CAROLS, later, single("20261210", "STATUS:CANCELLED")), HOUSE)
    assert playing(found) == [
        (7, "17:30-22:00", "Carols"),
        (8, "17:30-22:00", "Carols"),
        (10, "19:00-22:00", "Carols"),
        (12, "19:00-22:00", "Carols"),
    ]


@pytest.mark.parametrize("how", ["STATUS:CANCELLED", "DTSTART:nonsense"])
def test_a_night_and_all_that_follow_are_called_off_or_left_out(how: str) -> None:
    off = single("20261209", parameter=";RANGE=THISANDFUTURE")
    off = (
        f"{off}\n{how}" if how.startswith("STATUS") else off.replace("DTSTART;TZID=Europe/Berlin", "DTSTART")
    )
    off = off if how.startswith("STATUS") else off.replace("DTSTART:20261209T173000", how)
    found = read(calendar(CAROLS, off), HOUSE)
    for schedule in (found, again(found), changed(found)):
        assert days(schedule) == [7, 8]
        assert len(schedule.problems) == (0 if how.startswith("STATUS") else 1)


def test_a_night_that_became_a_whole_day_is_left_out_and_named() -> None:
    whole = single("20261209").replace(
        "DTSTART;TZID=Europe/Berlin:20261209T173000", "DTSTART;VALUE=DATE:20261209"
    )
    whole = whole.replace("DTEND;TZID=Europe/Berlin:20261209T220000", "DTEND;VALUE=DATE:20261210")
    found = read(calendar(CAROLS, whole), HOUSE)
    for schedule in (found, again(found), changed(found)):
        assert days(schedule) == [7, 8, 10, 11]
        [problem] = schedule.problems
        assert "2026-12-09" in problem and "whole days" in problem and "left out" in problem


def test_exrule_leaves_nights_out() -> None:
    """By dateutil, which still knows it."""
    text = CAROLS.replace("COUNT=5", "UNTIL=20261231T230000Z") + "\nEXRULE:FREQ=WEEKLY;BYDAY=SA,SU"
    theirs = rruleset()
    first = datetime(2026, 12, 7, 17, 30)
    theirs.rrule(rrule(DAILY, first, until=datetime(2026, 12, 31, 23)))
    theirs.exrule(rrule(WEEKLY, first, byweekday=(SA, SU)))
    found = read(calendar(text), HOUSE)
    for schedule in (found, again(found), changed(found)):
        assert days(schedule) == [moment.day for moment in theirs]
        assert schedule.problems == ()


def test_an_exrule_that_cannot_be_read_is_named_and_nothing_plays_on_nights_it_may_mean() -> None:
    found = read(calendar(CAROLS + "\nEXRULE:FREQ=HOURLY"), HOUSE)
    assert days(found) == []
    assert "EXRULE" in found.problems[0]


def test_more_nights_than_the_rule_has() -> None:
    found = read(calendar(CAROLS + "\nRDATE;TZID=Europe/Berlin:20261220T190000,20261221T173000"), HOUSE)
    extra = [(20, "19:00-23:30", "Carols"), (21, "17:30-22:00", "Carols")]
    for schedule in (found, again(found), changed(found)):
        assert playing(schedule)[5:] == extra
    gone = again(remove(found, "carols@example.org", date(2026, 12, 20), "this"))
    assert days(gone) == [*WEEK, 21]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ((CAROLS + "\nSEQUENCE:0", CAROLS.replace("T173000", "T183000") + "\nSEQUENCE:3"), "18:30-22:00"),
        ((CAROLS.replace("T173000", "T183000") + "\nSEQUENCE:3", CAROLS + "\nSEQUENCE:"), "18:30-22:00"),
        ((CAROLS, CAROLS), "17:30-22:00"),
    ],
)
def test_of_two_versions_the_higher_sequence_counts(events: tuple[str, ...], expected: str) -> None:
    found = read(calendar(*events), HOUSE)
    assert found.problems == ()
    for schedule in (found, again(found), changed(found)):
        assert [(day, hours) for day, hours, _ in playing(schedule)] == [(day, expected) for day in WEEK]
    assert again(remove(found, "carols@example.org", None, "all")).entries == (), "no older one comes back"


def test_of_two_versions_of_a_night_the_higher_sequence_counts() -> None:
    first, second = (
        single("20261209", "SEQUENCE:5", start="200000"),
        single("20261209", "SEQUENCE:2", start="210000"),
    )
    assert (9, "20:00-22:00", "Carols") in playing(read(calendar(CAROLS, first, second), HOUSE))


def test_two_events_of_one_uid_that_differ_are_named() -> None:
    found = read(calendar(CAROLS, CAROLS.replace("Carols", "Rock")), HOUSE)
    assert {name for _, _, name in playing(found)} == {"Carols"}
    assert "same UID" in found.problems[0]


@pytest.mark.parametrize(
    "named",
    [
        "RECURRENCE-ID:20261209T163000Z",
        "RECURRENCE-ID;VALUE=DATE:20261209",
        "RECURRENCE-ID;TZID=America/New_York:20261209T113000",
        "RECURRENCE-ID;tzid=W. Europe Standard Time:20261209T173000",
    ],
)
def test_a_night_may_be_named_in_many_ways(named: str) -> None:
    text = single("20261209", "STATUS:CANCELLED").replace(
        "RECURRENCE-ID;TZID=Europe/Berlin:20261209T173000", named
    )
    assert days(read(calendar(CAROLS, text), HOUSE)) == [7, 8, 10, 11]


def test_a_night_that_cannot_be_named_is_told_and_stays_in_the_file() -> None:
    text = single("20261209", "STATUS:CANCELLED").replace("20261209T173000\nDTSTART", "someday\nDTSTART")
    found = read(calendar(CAROLS, text), HOUSE)
    assert days(found) == WEEK
    assert "cannot be read" in found.problems[0]
    assert "someday" in write(changed(found), NOW)


def test_a_night_that_another_program_changed_stays_the_show_that_it_was() -> None:
    """It kept nothing of ours, so that the playlist is the one of the series."""
    series = CAROLS.replace(
        "SUMMARY:Carols", "SUMMARY:Light show\nX-YULELIGHT-PLAYLIST:Carols\nX-YULELIGHT-LOOK:calm"
    )
    night = single("20261209", start="190000").replace("SUMMARY:Carols", "SUMMARY:Light show")
    found = read(calendar(series, night), HOUSE)
    assert playing(found)[2] == (9, "19:00-22:00", "Carols")
    assert dict(found.entries[0].overrides)[date(2026, 12, 9)].look == "calm"


def test_a_night_of_no_series_is_named() -> None:
    found = read(calendar(single("20261209")), HOUSE)
    assert found.entries == ()
    assert "not there" in found.problems[0]


def test_a_long_move_is_refused() -> None:
    far = single("20261209", parameter=";RANGE=THISANDFUTURE").replace(
        "DTSTART;TZID=Europe/Berlin:2026", "DTSTART;TZID=Europe/Berlin:2099"
    ).replace("DTEND;TZID=Europe/Berlin:2026", "DTEND;TZID=Europe/Berlin:2099")  # fmt: skip
    found = read(calendar(CAROLS, far), HOUSE)
    assert days(found) == [7, 8]
    assert "more than a year" in found.problems[0]


def test_a_night_told_twice_stays_what_the_later_one_says() -> None:
    """Also once the series is written anew; the first one is kept in the file."""
    first, second = single("20261209", "COMMENT:old"), single("20261209", start="190000")
    found = read(calendar(CAROLS, first, second), HOUSE)
    for schedule in (found, again(found), changed(found)):
        assert playing(schedule)[2] == (9, "19:00-22:00", "Carols")
        assert "COMMENT:old" in write(schedule, NOW)


def test_without_a_rule_the_nights_that_are_named_end_where_they_are_ended() -> None:
    """The first of them by date need not be the event's own."""
    text = (
        CAROLS.replace("\nRRULE:FREQ=DAILY;COUNT=5", "")
        + "\nRDATE;TZID=Europe/Berlin:20261203T173000,20261210T173000"
    )
    found = read(calendar(text), HOUSE)
    assert days(found) == [3, 7, 10]
    assert days(again(remove(found, "carols@example.org", date(2026, 12, 10), "future"))) == [3, 7]
    assert days(again(remove(found, "carols@example.org", date(2026, 12, 3), "future"))) == []


def test_a_series_that_is_moved_by_weeks_is_found_where_it_plays() -> None:
    """Three weeks later, where only the days on which it plays are asked for."""
    text = CAROLS.replace("20261207", "20261109").replace("COUNT=5", "COUNT=10")
    moved = single("20261112", parameter=";RANGE=THISANDFUTURE")
    for name in ("DTSTART", "DTEND"):
        moved = moved.replace(f"{name};TZID=Europe/Berlin:20261112", f"{name};TZID=Europe/Berlin:20261203")
    found = read(calendar(text, moved), HOUSE)
    assert days(found) == [3, 4, 5, 6, 7, 8, 9]
    first = datetime(2026, 12, 9, tzinfo=UTC)
    late = expand(found.entries, HouseTime(HOUSE, no_sun), first, first + timedelta(days=1))
    assert [one.start.day for one in late] == [9]
    back = single("20261231", parameter=";RANGE=THISANDFUTURE")
    for name in ("DTSTART", "DTEND"):
        back = back.replace(f"{name};TZID=Europe/Berlin:20261231", f"{name};TZID=Europe/Berlin:20261201")
    ahead = CAROLS.replace("20261207", "20261230").replace("COUNT=5", "COUNT=4")
    early = read(calendar(ahead, back), HOUSE)
    third = datetime(2026, 12, 3, tzinfo=UTC)
    assert [
        one.start.day
        for one in expand(early.entries, HouseTime(HOUSE, no_sun), third, third + timedelta(days=1))
    ] == [3]


def test_a_night_that_is_edited_keeps_what_other_programs_wrote_in_it() -> None:
    text = calendar(
        f"{CAROLS}\nX-NOTE:series", single("20261208", "X-NOTE:eighth"), single("20261209", "X-NOTE:ninth")
    )
    [entry] = read(text, HOUSE).entries
    schedule = Schedule((entry,))
    for night in (date(2026, 12, 9), date(2026, 12, 10)):
        new = replace(entry, summary=f"On {night:%d}", overrides=())
        schedule = update(schedule, entry.uid, new, night, "this", fresh="fresh")
    events = write(schedule, NOW).split("BEGIN:VEVENT")
    notes = {
        line[8:]: event for event in events for line in event.splitlines() if line.startswith("SUMMARY:")
    }
    assert "X-NOTE:ninth" in notes["On 09"]
    assert "X-NOTE:series" in notes["On 10"]
