"""Time zones of calendars, compared with IANA's and with dateutil's reading of the same definitions."""

import io
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical
from hypothesis import given
from hypothesis import strategies as st

from tests.schedule.calendars import BERLIN, CAROLS, HOUSE, WEEK, calendar, days, playing
from yulelight.core.errors import UsageError
from yulelight.schedule.components import parse_calendars
from yulelight.schedule.ics import read
from yulelight.schedule.zones import Zones, known_zone

OWN = """BEGIN:VTIMEZONE
TZID:Our House
BEGIN:DAYLIGHT
DTSTART:19870405T020000
RRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=1SU;UNTIL=20060402T070000Z
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
TZNAME:EDT
END:DAYLIGHT
BEGIN:DAYLIGHT
DTSTART:20070311T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
TZNAME:EDT
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19671029T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU;UNTIL=20061029T060000Z
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
TZNAME:EST
END:STANDARD
BEGIN:STANDARD
DTSTART:20071104T020000
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
TZNAME:EST
END:STANDARD
END:VTIMEZONE
"""
"""New York's rules under a name of one's own, with those that ended in 2006."""


def zones(text: str) -> Zones:
    [found] = parse_calendars(f"BEGIN:VCALENDAR\n{text}END:VCALENDAR\n".encode()).calendars
    return Zones(found.of("VTIMEZONE"))


@given(st.datetimes(datetime(1990, 1, 1), datetime(2037, 1, 1)), st.booleans())
def test_a_zone_of_ones_own_is_the_one_that_it_describes(local: datetime, fold: bool) -> None:
    ours, theirs = zones(OWN).named("Our House"), ZoneInfo("America/New_York")
    assert local.replace(tzinfo=UTC).astimezone(ours).replace(tzinfo=None) == local.replace(
        tzinfo=UTC
    ).astimezone(theirs).replace(tzinfo=None)
    moment = local.replace(fold=int(fold))
    assert moment.replace(tzinfo=ours).utcoffset() == moment.replace(tzinfo=theirs).utcoffset()


@given(st.datetimes(datetime(2008, 1, 1), datetime(2036, 1, 1)))
def test_dateutil_reads_the_same(moment: datetime) -> None:
    theirs = tzical(io.StringIO(f"BEGIN:VCALENDAR\n{OWN}END:VCALENDAR\n")).get("Our House")
    assert theirs is not None
    ours = zones(OWN).named("Our House")
    utc = moment.replace(tzinfo=UTC)
    # dateutil does not know which of two hours is meant while clocks are put back.
    if (utc - timedelta(hours=2)).astimezone(ours).utcoffset() == (utc + timedelta(hours=2)).astimezone(
        ours
    ).utcoffset():
        assert utc.astimezone(ours).replace(tzinfo=None) == utc.astimezone(theirs).replace(tzinfo=None)


def test_hours_around_a_change() -> None:
    ours, theirs = zones(OWN).named("Our House"), ZoneInfo("America/New_York")
    for change in (
        datetime(2026, 3, 8, 7, tzinfo=UTC),
        datetime(2026, 11, 1, 6, tzinfo=UTC),
        datetime(2006, 4, 2, 7, tzinfo=UTC),
    ):
        for minutes in range(-180, 181, 15):
            moment = change + timedelta(minutes=minutes)
            here, there = moment.astimezone(ours), moment.astimezone(theirs)
            assert (here.replace(tzinfo=None), here.fold) == (there.replace(tzinfo=None), there.fold)


@pytest.mark.parametrize(
    ("name", "iana"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ('"Europe/Berlin"', "Europe/Berlin"),
        ("/mozilla.org/20050126_1/Europe/Berlin", "Europe/Berlin"),
        ("/freeassociation.sourceforge.net/Tzfile/Europe/Berlin", "Europe/Berlin"),
        ("/citadel.org/20210210_1/America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("w. europe standard time", "Europe/Berlin"),
        ("W. Europe Standard Time 2", "Europe/Berlin"),
        ("Eastern Standard Time", "America/New_York"),
        ("AUS Eastern Standard Time", "Australia/Sydney"),
        ("(UTC+01:00) Amsterdam, Berlin, Bern, Rom, Stockholm, Wien", "Europe/Berlin"),
        ("(GMT-08.00) Nowhere", None),
        ("(UTC+05:00) Berlin", None),
        ("Berlin", None),
        ("../../etc/passwd", None),
        ("/mozilla.org/20050126_1/CET", "CET"),
        ("Tag/Nacht", None),
        ("Tag/CET", None),
        ("", None),
    ],
)
def test_names_of_zones(name: str, iana: str | None) -> None:
    found = known_zone(name)
    if iana is None:
        assert found is None
        return
    assert found is not None
    year = [datetime(2026, month, 1, 12, tzinfo=UTC) for month in range(1, 13)]
    assert [m.astimezone(found).utcoffset() for m in year] == [
        m.astimezone(ZoneInfo(iana)).utcoffset() for m in year
    ]


@pytest.mark.parametrize(
    "name",
    [
        *("W. Europe Standard Time", "/mozilla.org/20050126_1/Europe/Berlin"),
        *('"(UTC+01:00) Amsterdam, Berlin, Bern"', "(UTC+01:00) Amsterdam, Berlin"),
    ],
)
def test_a_show_by_such_a_name(name: str) -> None:
    found = read(calendar(CAROLS.replace("Europe/Berlin", name)), HOUSE)
    assert playing(found) == [(day, "17:30-22:00", "Carols") for day in WEEK]


def test_names_with_a_colon_that_nobody_quoted() -> None:
    found = read(calendar(CAROLS.replace("Europe/Berlin", "tzone://Microsoft/Utc")), HOUSE)
    assert playing(found)[0] == (7, "18:30-23:00", "Carols")


def test_a_name_in_small_letters_names_the_zone_too() -> None:
    assert playing(read(calendar(CAROLS.replace("TZID", "tzid")), HOUSE))[0][1] == "17:30-22:00"


BROKEN = [
    "BEGIN:VTIMEZONE\nEND:VTIMEZONE\n",
    "BEGIN:VTIMEZONE\nTZID:Our House\nEND:VTIMEZONE\n",
    OWN.replace("FREQ=YEARLY", "FREQ=SECONDLY"),
    OWN.replace("RRULE:FREQ=YEARLY", "RRULE:FREQ=DAILY;COUNT=9999"),
    OWN.replace("TZOFFSETTO:-0400", "TZOFFSETTO:"),
    OWN.replace("TZOFFSETTO:-0400", "TZOFFSETTO:+9900"),
    OWN.replace("DTSTART:20071104T020000", "DTSTART:"),
    OWN.replace("END:STANDARD", "END:NOTHING"),
    OWN.replace("BYMONTH=11;BYDAY=1SU", "BYDAY=MO,TU,WE,TH,FR,SA,SU"),
]


@pytest.mark.parametrize("definition", BROKEN)
def test_a_broken_zone_that_nobody_uses_costs_nothing(definition: str) -> None:
    assert days(read(calendar(CAROLS, head=f"VERSION:2.0\n{definition.strip()}"), HOUSE)) == WEEK


@pytest.mark.parametrize("definition", [one for one in BROKEN if "END:NOTHING" not in one])
def test_a_show_in_a_broken_zone_is_left_out_and_named(definition: str) -> None:
    used = CAROLS.replace("Europe/Berlin", "Our House")
    found = read(calendar(used, head=f"VERSION:2.0\n{definition.strip()}"), HOUSE)
    assert found.entries == ()
    assert "time zone 'Our House'" in found.problems[0]


def test_a_definition_that_says_which_zone_it_is() -> None:
    definition = "BEGIN:VTIMEZONE\nTZID:Mine\nX-LIC-LOCATION:Europe/Berlin\nEND:VTIMEZONE"
    found = read(calendar(CAROLS.replace("Europe/Berlin", "Mine"), head=definition), HOUSE)
    assert playing(found)[0][1] == "17:30-22:00"


def test_an_unknown_zone_says_what_to_write() -> None:
    with pytest.raises(UsageError, match="TZID=Europe/Berlin"):
        Zones().named("Middle/Earth")
    assert known_zone("Europe/Berlin") == BERLIN


def test_two_calendars_that_mean_different_zones_by_one_name_are_told_apart() -> None:
    """In one file, and where one is imported into the other: a show by the wrong clock would be worse than none."""
    shifted = OWN.replace("-0400", "+0900").replace("-0500", "+0800")
    used = CAROLS.replace("Europe/Berlin", "Our House")
    first = calendar(used, head=f"VERSION:2.0\n{OWN.strip()}")
    second = calendar(used.replace("carols@", "other@"), head=f"VERSION:2.0\n{shifted.strip()}")
    ours = read(first, HOUSE)
    assert len(read(first + first.replace(b"carols@", b"2@"), HOUSE).entries) == 2
    for found in (read(first + second, HOUSE), read(second, HOUSE, ours)):
        assert "other@example.org" not in [entry.uid for entry in found.entries]
        assert "rename one of them" in found.problems[0]
    assert len(read(second, HOUSE).entries) == 1


def test_the_last_change_of_rules_that_ended_counts() -> None:
    """UNTIL is the very moment of that change, in UTC, which is another time of day than on the clock."""
    text = """BEGIN:VTIMEZONE
TZID:Summer no more
BEGIN:DAYLIGHT
DTSTART:20000326T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;UNTIL=20260329T010000Z
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:20001029T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU;UNTIL=20261025T010000Z
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""
    zone = zones(text).named("Summer no more")
    hours = [
        datetime(year, month, 1, 12, tzinfo=zone).utcoffset() for year in (2026, 2027) for month in (2, 7, 12)
    ]
    assert hours == [timedelta(hours=n) for n in (1, 2, 1, 1, 1, 1)]
