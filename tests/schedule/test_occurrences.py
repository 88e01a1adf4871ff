from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.schedule.seasons import DAY, FIRST, LAST, ZONES, days, house_time, nightly, no_sun, once, utc_of
from yulelight.schedule.entry import Entry, SunTime
from yulelight.schedule.occurrences import HouseTime, expand, instant

WINDOW = datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("zone", ZONES)
def test_a_whole_season(zone: str) -> None:
    left_out = frozenset({date(2026, 12, 24), date(2026, 12, 31)})
    found = expand([nightly(exdates=left_out)], house_time(zone), *WINDOW)
    expected = [
        (
            utc_of(datetime.combine(day, time(17, 30)), ZoneInfo(zone)),
            utc_of(datetime.combine(day, time(22)), ZoneInfo(zone)),
        )
        for day in days(FIRST, LAST)
        if day not in left_out
    ]
    assert [(o.start, o.end) for o in found] == expected
    assert len(found) == 39


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("start", "end"),
    [
        (time(23), time(3)),
        (time(1, 30), time(2, 15)),
        (time(2, 10), time(2, 50)),
        (time(0, 30), time(4)),
        (time(2), time(3)),
    ],
)
@pytest.mark.parametrize("first", [date(2026, 3, 5), date(2026, 10, 1), date(2026, 4, 1), date(2026, 10, 28)])
def test_nights_around_clock_changes(zone: str, start: time, end: time, first: date) -> None:
    """Every night has its show, at the times the clocks show, or as near as they come."""
    last = first + 30 * DAY
    found = expand([nightly(start, end, first, last)], house_time(zone), *WINDOW)
    assert [o.night for o in found] == list(days(first, last))
    for o in found:
        assert o.start == utc_of(datetime.combine(o.night, start), ZoneInfo(zone))
        nominal = datetime.combine(o.night if end > start else o.night + DAY, end)
        expected = utc_of(nominal, ZoneInfo(zone))
        assert o.end == (
            expected if expected > o.start else o.start + (nominal - datetime.combine(o.night, start))
        )
        assert timedelta() < o.end - o.start < timedelta(hours=6)
    for before, after in pairwise(found):
        assert before.end <= after.start


def test_a_show_through_the_longer_night_ends_by_the_clock_and_one_of_a_duration_by_time() -> None:
    start = datetime(2026, 10, 24, 23)
    by_clock, by_time = expand(
        [once(start, start + timedelta(hours=5), "a"), once(start, start + 2 * timedelta(hours=2.5), "b")]
        and [once(start, datetime(2026, 10, 25, 4), "a"), once(start, timedelta(hours=5), "b")],
        house_time("Europe/Berlin"),
        *WINDOW,
    )
    assert by_clock.end - by_clock.start == timedelta(hours=6)
    assert by_time.end - by_time.start == timedelta(hours=5)


@pytest.mark.parametrize("zone", ZONES)
@given(
    local=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(
        lambda d: d.replace(second=0, microsecond=0)
    )
)
def test_a_local_time_is_when_clocks_first_show_it(zone: str, local: datetime) -> None:
    assert instant(local, ZoneInfo(zone)) == utc_of(local, ZoneInfo(zone))


def test_a_show_with_a_zone_of_its_own_keeps_to_it() -> None:
    entry = replace(nightly(), zone=ZoneInfo("America/New_York"))
    [first, *_] = expand([entry], house_time("Europe/Berlin"), *WINDOW)
    assert first.start == datetime(2026, 11, 27, 22, 30, tzinfo=UTC)


def test_when_the_house_changes_its_zone_shows_follow_its_clock() -> None:
    entry = nightly()
    for zone in ZONES:
        assert expand([entry], house_time(zone), *WINDOW)[3].start.astimezone(ZoneInfo(zone)).time() == time(
            17, 30
        )


def test_a_night_that_differs_keeps_its_name_wherever_it_moves() -> None:
    moved = once(datetime(2026, 12, 26, 12), timedelta(hours=1), uid="nightly")
    entry = replace(nightly(), overrides=((date(2026, 12, 25), moved),))
    found = expand([entry], house_time("Europe/Berlin"), *WINDOW)
    assert len(found) == 41
    [special] = [o for o in found if o.entry is moved]
    assert special.key == ("nightly", date(2026, 12, 25))
    assert special.start == datetime(2026, 12, 26, 11, tzinfo=UTC)


def test_only_what_touches_the_window_is_found() -> None:
    entry = nightly(time(22), time(2))
    zone = house_time("Europe/Berlin")
    noon = datetime(2026, 12, 5, 0, 30, tzinfo=UTC)
    assert [o.night for o in expand([entry], zone, noon, noon + timedelta(minutes=1))] == [date(2026, 12, 4)]
    assert expand([entry], zone, noon + timedelta(minutes=30), noon + timedelta(hours=10)) == []


def at_five(event: str, day: date) -> datetime | None:
    return datetime.combine(day, time(17), UTC) if event == "sunset" else None


def test_sun_times_count_where_they_are_known() -> None:
    entry = nightly(start_sun=SunTime("sunset", -15), end_sun=SunTime("dawn"))
    [first, *_] = expand([entry], HouseTime(ZoneInfo("Europe/London"), at_five), *WINDOW)
    assert first.start == datetime(2026, 11, 27, 16, 45, tzinfo=UTC)
    assert first.end == datetime(2026, 11, 27, 22, tzinfo=UTC), "dawn is unknown: the time in the file holds"
    [first, *_] = expand([entry], HouseTime(ZoneInfo("Europe/London"), no_sun), *WINDOW)
    assert first.start == datetime(2026, 11, 27, 17, 30, tzinfo=UTC)


def test_a_show_that_would_end_before_sunset_is_left_out() -> None:
    entry: Entry = nightly(time(15), time(16), start_sun=SunTime("sunset"))
    assert expand([entry], HouseTime(ZoneInfo("Europe/London"), at_five), *WINDOW) == []
