"""Calendars with faults: at most the property or the event is lost, and named; what is written holds all."""

import contextlib
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.schedule.calendars import CAROLS, HOUSE, WEEK, calendar, days, no_sun, playing
from yulelight.core.errors import UsageError
from yulelight.schedule.edit import add, remove, update
from yulelight.schedule.entry import Entry
from yulelight.schedule.ics import Schedule, read, write
from yulelight.schedule.occurrences import HouseTime, expand

NOW = datetime(2026, 11, 1, tzinfo=UTC)
ROCK = CAROLS.replace("carols@", "rock@").replace("Carols", "Rock").replace("202612", "202701")
"""In January, where only whether it is there is looked at."""


@pytest.mark.parametrize(
    "line",
    [
        # What programs put into events, and how it goes wrong; none of it is needed for a show.
        *("BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT15M\nEND:VALARM", "BEGIN:VALARM\nTRIGGER:soon\nEND:VALARM"),
        *("BEGIN:VALARM\nBEGIN:X\nEND:VALARM", "DTSTAMP:20261002T080000Z", "DTSTAMP:", "STATUS:confirmed", "STATUS:"),
        *("SEQUENCE:", "SEQUENCE:one", "PRIORITY:", "PRIORITY:high", "GEO:52.5,13.4", "LAST-MODIFIED:2026-10-01"),
        *("CREATED:yesterday", "TRANSP:maybe", "CLASS:", "ATTENDEE:bob", "ORGANIZER;CN=A:B", "ATTACH;VALUE=BINARY:?"),
        *('X-APPLE-STRUCTURED-LOCATION;X-TITLE="A: B":geo:1,2', "COLOR:no such colour", "URL:not an address"),
        *("DESCRIPTION:first\nsecond line", "DESCRIPTION:first\n\n\nthird, with 17:30 in it", "COMMENT:a\x07b"),
        *('DESCRIPTION;ALTREP="CID:x":Hello', "CATEGORIES:a,b\\,c", "RELATED-TO:", "X-LONG:" + "x" * 5000),
        *("X-EMPTY:", "X_UNDERSCORE:1", "DESCRIPTION:Begin: at the tree", "DURATION:", "RESOURCES"),
        *("LOCATION:Platz\n 1", "RECURRENCE-ID:", "RRULE:", "EXRULE:", "RDATE:", "EXDATE:"),
        *("DESCRIPTION:see\nBEGIN: 17:30 sharp\nEND: 22:00", "DESCRIPTION:x\nEND: of the line"),
    ],
)  # fmt: skip
def test_what_a_show_does_not_need_never_costs_it(line: str) -> None:
    found = read(calendar(f"{CAROLS}\n{line}", ROCK), HOUSE)
    assert days(found) == WEEK
    assert [entry.playlist for entry in found.entries] == ["Carols", "Rock"]
    assert all("line" in problem for problem in found.problems), "no show is said to be left out"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("DTSTART;TZID=Europe/Berlin:20261299T173000", "is not a time"),
        ("RRULE:FREQ=HOURLY", "FREQ="),
        ("RRULE:FREQ=DAILY;BYHOUR=3", "another time than the start"),
        ("X-YULELIGHT-START:moonrise", "not a sun time"),
        ("X-YULELIGHT-PLAYLIST:a/b", "no playlist"),
        ("DTSTART;TZID=Middle/Earth:20261207T173000", "time zone 'Middle/Earth' is not known"),
        ("DTSTART;VALUE=DATE:20261207", "whole days"),
        ("DTEND;TZID=Europe/Berlin:20261206T220000", "ends after it began"),
        (
            "DTEND;TZID=Europe/Berlin:20261208T220000\nDTEND;TZID=Europe/Berlin:20261207T220000",
            "more than one DTEND",
        ),
    ],
)
def test_what_cannot_be_a_show_is_named_and_costs_no_other(line: str, says: str) -> None:
    name = line.partition(":")[0].partition(";")[0]
    kept = [one for one in ROCK.splitlines() if not one.startswith(name)]
    found = read(calendar(CAROLS, "\n".join([*kept, line])), HOUSE)
    assert days(found) == WEEK
    [problem] = found.problems
    assert problem.startswith("Rock: ")
    assert says in problem
    assert line.splitlines()[-1] in write(found, NOW).replace("\r\n ", "")


def test_a_note_about_a_part_names_the_event() -> None:
    found = read(calendar(CAROLS + "\nX-YULELIGHT-PRIORITY:high\nEXDATE:someday"), HOUSE)
    assert days(found) == WEEK
    assert [problem.partition(":")[0] for problem in found.problems] == ["Carols", "Carols"]


def test_text_that_looks_like_a_component_hides_nothing_behind_it() -> None:
    text = CAROLS.replace("RRULE", "DESCRIPTION:when\nBegin: Abend\nBEGIN:Abend\nRRULE")
    found = read(calendar(text), HOUSE)
    assert days(found) == WEEK
    assert "Begin: Abend\\nBEGIN:Abend" in write(found, NOW)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ = DAILY ; COUNT = 2", [7, 8]),
        ("FREQ=DAILY;UNTIL=2026-12-08", [7, 8]),
        ("freq=daily;count=2;;", [7, 8]),
    ],
)
def test_rules_as_people_write_them(rule: str, expected: list[int]) -> None:
    assert days(read(calendar(CAROLS.replace("FREQ=DAILY;COUNT=5", rule)), HOUSE)) == expected


def test_a_calendar_out_of_a_mail_is_indented() -> None:
    text = calendar(CAROLS + "\nDESCRIPTION:a long\n  line")
    found = read(b"".join(b"  " + line + b"\r\n" for line in text.split(b"\r\n")), HOUSE)
    assert days(found) == WEEK
    assert "DESCRIPTION:a long line" in write(found, NOW)


def test_a_night_in_a_zone_that_nobody_knows_is_that_date() -> None:
    off = CAROLS.replace(
        "RRULE:FREQ=DAILY;COUNT=5", "STATUS:CANCELLED\nRECURRENCE-ID;TZID=Middle/Earth:20261208T173000"
    )
    found = read(calendar(CAROLS + "\nEXDATE;TZID=Middle/Earth:20261209T173000", off), HOUSE)
    assert days(found) == [7, 10, 11]
    assert found.problems == ()


@given(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=150, max_size=400))
def test_what_is_written_is_folded_as_other_programs_expect(note: str) -> None:
    """RFC 5545, 3.1: no line of more than 75 octets, and no letter in two pieces."""
    text = write(read(calendar(f"{CAROLS}\nX-NOTE:{note}"), HOUSE), NOW).encode()
    lines = text.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert all(line.decode() is not None for line in lines)
    assert f"X-NOTE:{note}\r\n".encode() in text.replace(b"\r\n ", b"")


@pytest.mark.parametrize(("depth", "lost"), [(8, 0), (9, 1)])
def test_components_within_an_event_are_kept_to_a_depth_of_eight(depth: int, lost: int) -> None:
    inner = [*(f"BEGIN:X-{n}" for n in range(depth)), *(f"END:X-{n}" for n in reversed(range(depth)))]
    found = read(calendar("\n".join([CAROLS, *inner])), HOUSE)
    assert days(found) == WEEK
    assert len(found.problems) == lost
    written = write(found, NOW)
    assert [f"BEGIN:X-{n}\r\n" in written for n in range(depth)] == [n < 8 for n in range(depth)]


def test_a_fold_within_a_letter() -> None:
    text = calendar(CAROLS.replace("SUMMARY:Carols", "SUMMARY:Zauberflöte\nDESCRIPTION:Grüße"), ROCK)
    at = text.index("ö".encode()) + 1
    found = read(text[:at] + b"\r\n " + text[at:], HOUSE)
    assert [name for _, _, name in playing(found)] == ["Zauberflöte"] * 5
    assert "Zauberflöte" in write(found, NOW)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_other_encodings(encoding: str) -> None:
    text = calendar(CAROLS.replace("SUMMARY:Carols", "SUMMARY:Zauberflöte")).decode().encode(encoding)
    assert [name for _, _, name in playing(read(text, HOUSE))] == ["Zauberflöte"] * 5


@pytest.mark.parametrize("ends", ["\n", "\r", "\r\r\n", "\r\n\r\n", "\n\n"])
def test_other_line_ends(ends: str) -> None:
    assert days(read(calendar(CAROLS).replace(b"\r\n", ends.encode()), HOUSE)) == WEEK


@pytest.mark.parametrize(
    "after", [b"\x1a", b"\0\0\0", b"\r\n-- \r\nSent from my phone", b"END:VCALENDAR\r\n", b"\xff"]
)
def test_text_after_the_end(after: bytes) -> None:
    assert days(read(calendar(CAROLS) + after, HOUSE)) == WEEK


def test_names_in_small_letters() -> None:
    text = calendar(CAROLS).decode()
    for name in (
        "UID",
        "SUMMARY",
        "DTSTART",
        "DTEND",
        "RRULE",
        "TZID",
        "BEGIN",
        "END",
        "VEVENT",
        "VCALENDAR",
    ):
        text = text.replace(name, name.lower())
    assert days(read(text, HOUSE)) == WEEK


def test_two_calendars_in_one_file_are_one_schedule() -> None:
    other = calendar(ROCK.replace("202701", "202612").replace("COUNT=5", "COUNT=6"), "DTSTART:nothing")
    found = read(calendar(CAROLS) + other, HOUSE)
    assert sorted({(day, name) for day, _, name in playing(found)}) == sorted(
        [(day, "Carols") for day in WEEK] + [(day, "Rock") for day in (*WEEK, 12)]
    )
    assert len(found.problems) == 1
    assert read(write(found, NOW), HOUSE).entries == found.entries


@pytest.mark.parametrize(
    "missing", ["END:VEVENT", "UID:carols@example.org", "DTSTAMP:20261001T080000Z", "VERSION:2.0"]
)
def test_a_line_that_is_missing(missing: str) -> None:
    text = calendar(CAROLS, ROCK).decode().replace(f"{missing}\r\n", "", 1)
    found = read(text, HOUSE)
    assert days(found) == WEEK
    assert len(found.entries) == 2
    assert read(write(found, NOW), HOUSE).entries == found.entries


def test_a_calendar_that_ends_early_says_so() -> None:
    found = read(calendar(CAROLS, ROCK)[:-20], HOUSE)
    assert days(found) == WEEK
    assert found.cut
    assert any("END:VCALENDAR" in problem for problem in found.problems)


def test_without_a_uid_an_event_keeps_the_same_name() -> None:
    text = calendar(CAROLS.replace("UID:carols@example.org\n", ""))
    uids = {entry.uid for _ in range(2) for entry in read(text, HOUSE).entries}
    assert len(uids) == 1


def test_problems_are_not_without_end() -> None:
    assert len(read(calendar("\n".join(["DTSTART:x", *["garbage"] * 5000])), HOUSE).problems) < 100


# --- whatever happens to a file --------------------------------------------------------------------------------

SAMPLE = calendar(
    CAROLS + "\nDESCRIPTION:Grüße\\, und mehr\nBEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT5M\nEND:VALARM",
    ROCK + '\nX-OTHER;A="b":c\nEXDATE;TZID=Europe/Berlin:20270108T173000',
    "UID:party\nSUMMARY:Party\nDTSTART;VALUE=DATE:20261224\nX-NOTE:keep me",
    "UID:carols@example.org\nSUMMARY:Carols\nRECURRENCE-ID;TZID=Europe/Berlin:20261208T173000\n"
    "DTSTART;TZID=Europe/Berlin:20261208T190000\nDTEND;TZID=Europe/Berlin:20261208T200000",
)
LINES = SAMPLE.split(b"\r\n")
ODD = st.sampled_from(
    [b"", b" ", b"garbage", b"NAME", b"NAME;P", b'NAME;P="x:y', b":", b";", b"\xff\xfe", b"\0", b"BEGIN:VALARM",
     b"END:VALARM", b"BEGIN:", b"END:", b"X-A:\x01\x0b\x0c", "SUMMARY:\u2028\x85".encode(), b"DTSTART:99999999T999999",
     b"RRULE:FREQ=SECONDLY", b"STATUS:CANCELLED", b"RECURRENCE-ID:0", b"EXDATE:,,,", b"DURATION:P",
     b"X-YULELIGHT-END:dawn", b"RDATE:20261231T120000"]
)  # fmt: skip
CHANGES = st.lists(
    st.tuples(st.integers(1, len(LINES) - 3), st.sampled_from(["put", "drop", "twice", "cut", "swap"]), ODD),
    max_size=4,
)


def harmed(changes: list[tuple[int, str, bytes]]) -> bytes:
    lines = [*LINES]
    for at, how, odd in changes:
        at = min(at, len(lines) - 2)  # noqa: PLW2901
        match how:
            case "put":
                lines.insert(at, odd)
            case "drop":
                del lines[at]
            case "twice":
                lines.insert(at, lines[at])
            case "cut":
                lines[at] = lines[at][: len(lines[at]) // 2] + odd
            case _:
                lines[at], lines[at + 1] = lines[at + 1], lines[at]
    return b"\r\n".join(lines)


@given(CHANGES)
def test_what_is_read_of_a_harmed_calendar_is_what_is_written(changes: list[tuple[int, str, bytes]]) -> None:
    """And nothing but the documented error is raised."""
    try:
        found = read(harmed(changes), HOUSE)
    except UsageError:
        return
    text = write(found, NOW)
    again = read(text, HOUSE)
    assert again.entries == found.entries
    assert write(again, NOW) == text
    entry = Entry("new", "New", "New", datetime(2026, 12, 1, 17), datetime(2026, 12, 1, 18))
    more = read(write(add(found, entry), NOW), HOUSE)
    assert more.entries == (*found.entries, entry)


@given(CHANGES)
def test_a_change_of_one_show_leaves_all_others_and_its_own_nights(
    changes: list[tuple[int, str, bytes]],
) -> None:
    """Each is given another title, for the whole series, and once taken out."""
    with contextlib.suppress(UsageError):
        found = read(harmed(changes), HOUSE)
        for entry in found.entries:
            others = [other for other in found.entries if other.uid != entry.uid]
            titled = replace(entry, summary="Changed", overrides=(), exrules=(), onwards=())
            again = read(write(update(found, entry.uid, titled, None, "all", fresh="f"), NOW), HOUSE)
            assert [other for other in again.entries if other.uid != entry.uid] == others
            [changed] = [one for one in again.entries if one.uid == entry.uid]
            assert when(changed) == when(entry)
            left = read(write(remove(found, entry.uid, None, "all"), NOW), HOUSE)
            assert list(left.entries) == others


def when(entry: Entry) -> list[tuple[datetime, datetime]]:
    house_time = HouseTime(HOUSE, no_sun)
    found = expand([entry], house_time, datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC))
    return [(occurrence.start, occurrence.end) for occurrence in found]


@given(CHANGES, st.integers(0, 30))
def test_no_text_of_a_harmed_calendar_gets_lost(changes: list[tuple[int, str, bytes]], at: int) -> None:
    """Every word of the file is in what is written, or the file is said to hold more than that."""
    with contextlib.suppress(UsageError):
        found = read(harmed(changes), HOUSE)
        text = write(found, NOW).replace("\r\n ", "")
        missing = [
            word for word in ("Grüße", "X-OTHER", "keep me", "TRIGGER", "20261224") if word not in text
        ]
        harm = harmed(changes).decode("utf-8", "replace").replace("\r\n ", "")
        assert found.lost or not [word for word in missing if word in harm]


@given(st.integers(0, 2), CHANGES)
def test_harm_to_one_event_costs_no_other(which: int, changes: list[tuple[int, str, bytes]]) -> None:
    """The harmed event stands first, in the middle or last; BEGIN and END are left alone."""
    body = [
        line
        for line in harmed(changes).split(b"\r\n")
        if line.strip()[:5].upper() not in (b"BEGIN", b"END:V")
    ]
    body = [line for line in body if not line.upper().startswith((b"BEGIN", b"END", b"UID", b"METHOD"))]
    events = [CAROLS.encode().replace(b"\n", b"\r\n"), ROCK.encode().replace(b"\n", b"\r\n")]
    events.insert(which, b"UID:harmed\r\n" + b"\r\n".join(body))
    blocks = b"".join(b"BEGIN:VEVENT\r\n" + event + b"\r\nEND:VEVENT\r\n" for event in events)
    found = read(b"BEGIN:VCALENDAR\r\n" + blocks + b"END:VCALENDAR\r\n", HOUSE)
    others = [entry for entry in found.entries if entry.uid != "harmed"]
    assert [entry.playlist for entry in others] == ["Carols", "Rock"]
    assert days(Schedule(tuple(others))) == WEEK


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_are_a_calendar_or_refused(data: bytes) -> None:
    for text in (
        data,
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" + data + b"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    ):
        with contextlib.suppress(UsageError):
            write(read(text, HOUSE), NOW)
