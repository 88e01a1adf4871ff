"""Which show of the calendar comes next."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.schedule.seasons import DAY, house_time, once
from yulelight.schedule.messages import next_of

NOW = datetime(2026, 12, 5, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    "away", [timedelta(seconds=1), timedelta(hours=1), 3 * DAY, 39 * DAY, 41 * DAY, 366 * DAY]
)
def test_the_next_show_may_be_a_year_away(away: timedelta) -> None:
    start = (NOW + away).replace(tzinfo=None)
    later = once(start + DAY, timedelta(hours=1), uid="later")
    found = next_of((later, once(start, timedelta(hours=1))), house_time("UTC"), NOW)
    assert found is not None
    assert (found.entry.uid, found.start) == ("once", NOW + away)


@pytest.mark.parametrize("started", [timedelta(), timedelta(minutes=1)])
def test_a_show_that_has_begun_is_not_the_next(started: timedelta) -> None:
    start = (NOW - started).replace(tzinfo=None)
    assert next_of((once(start, timedelta(hours=2)),), house_time("UTC"), NOW) is None


def test_what_another_show_leaves_of_a_show_is_not_its_beginning() -> None:
    start = (NOW + timedelta(hours=1)).replace(tzinfo=None)
    long = once(start, timedelta(hours=4), uid="long")
    short = once(start, timedelta(hours=1), uid="short", priority=1)
    found = next_of((long, short), house_time("UTC"), NOW)
    assert found is not None
    assert found.entry.uid == "short"
    assert next_of((long, short), house_time("UTC"), NOW + timedelta(hours=1)) is None
