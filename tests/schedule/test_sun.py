import math
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.schedule.seasons import days
from yulelight.schedule.place import Place
from yulelight.schedule.sun import sun_at

PLACES = {
    "Europe/Berlin": Place(52.5, 13.4),
    "America/New_York": Place(40.7, -74.0),
    "Asia/Kolkata": Place(22.6, 88.4),
    "Pacific/Kiritimati": Place(1.9, -157.4),
    "Pacific/Auckland": Place(-36.8, 174.8),
    "Pacific/Honolulu": Place(21.3, -157.9),
    "Australia/Lord_Howe": Place(-31.6, 159.1),
}


def by_hand(place: Place, day: date) -> timedelta:
    """Half the day's length, by the declination of the sun alone; right to some minutes."""
    assert place.latitude is not None
    turn = 2 * math.pi * (day.timetuple().tm_yday + 10) / 365.25
    declination = -math.radians(23.44) * math.cos(turn)
    high, latitude = math.radians(-0.833), math.radians(place.latitude)
    cosine = (math.sin(high) - math.sin(latitude) * math.sin(declination)) / (
        math.cos(latitude) * math.cos(declination)
    )
    return timedelta(hours=math.degrees(math.acos(cosine)) / 15)


@pytest.mark.parametrize("name", PLACES)
def test_every_day_has_its_sun_in_order_and_a_right_length(name: str) -> None:
    zone, place = ZoneInfo(name), PLACES[name]
    sun = sun_at(place, zone)
    for day in [*days(date(2026, 11, 27), date(2027, 1, 6)), *days(date(2026, 3, 20), date(2026, 4, 10))]:
        times = [sun(event, day) for event in ("dawn", "sunrise", "sunset", "dusk")]
        moments = [moment for moment in times if moment is not None]
        assert len(moments) == 4
        assert moments == sorted(moments)
        assert {moment.astimezone(zone).date() for moment in moments} == {day}
        length = moments[2] - moments[1]
        assert abs(length - 2 * by_hand(place, day)) < timedelta(minutes=10)


def test_a_known_sunset() -> None:
    """Greenwich on 21 December 2025: sunset at 15:54, as almanacs say."""
    found = sun_at(Place(51.48, 0.0), ZoneInfo("Europe/London"))("sunset", date(2025, 12, 21))
    assert found is not None
    assert abs(found - datetime(2025, 12, 21, 15, 53, 30, tzinfo=UTC)) < timedelta(minutes=2)


def test_where_the_sun_stays_away_there_is_no_sunset() -> None:
    tromso = sun_at(Place(69.65, 18.96), ZoneInfo("Europe/Oslo"))
    assert tromso("sunset", date(2026, 12, 21)) is None
    assert tromso("dusk", date(2026, 12, 21)) is not None
    assert tromso("dusk", date(2026, 6, 21)) is None


def test_without_a_place_nothing_is_known() -> None:
    assert sun_at(Place(), UTC)("sunset", date(2026, 12, 1)) is None
