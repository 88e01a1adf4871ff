"""The list of cities, checked with places whose coordinates anybody can look up."""

from zoneinfo import ZoneInfo

import pytest

from yulelight.core.errors import UsageError
from yulelight.schedule.cities import cities_like, find_city


@pytest.mark.parametrize(
    ("asked", "country", "latitude", "longitude", "zone"),
    [
        ("Munich", "DE", 48.137, 11.575, "Europe/Berlin"),
        ("München", "DE", 48.137, 11.575, "Europe/Berlin"),
        ("vienna", "AT", 48.208, 16.372, "Europe/Vienna"),
        ("New York", "US", 40.713, -74.006, "America/New_York"),
        ("Sydney", "AU", -33.869, 151.209, "Australia/Sydney"),
    ],
)
def test_where_a_city_is(asked: str, country: str, latitude: float, longitude: float, zone: str) -> None:
    city = find_city(asked)
    assert (city.country, city.timezone) == (country, zone)
    assert city.latitude == pytest.approx(latitude, abs=0.1)
    assert city.longitude == pytest.approx(longitude, abs=0.1)


def test_the_country_decides_between_cities_of_one_name() -> None:
    assert find_city("Birmingham").country == "GB"
    assert find_city("Birmingham, us").country == "US"
    with pytest.raises(UsageError, match="not among the known cities"):
        find_city("Munich, US")


def test_all_zones_exist_and_what_begins_so_comes_first() -> None:
    found = cities_like("par")
    assert found[0].name == "Paris"
    assert len(found) == 8
    assert cities_like("  ") == []
    assert len(cities_like("a", most=3)) == 3
    assert any("ork" in city.name for city in cities_like("ork"))
    for city in cities_like("a", most=5000):
        assert ZoneInfo(city.timezone)
        assert not city.name.startswith("#")
