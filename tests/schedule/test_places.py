"""Where the house is: what may be told, what settings decide, and the file that keeps the rest."""

import math
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from yulelight.core.errors import UsageError
from yulelight.schedule.place import Place, machine_zone
from yulelight.schedule.places import PlaceFile, check_place

MUNICH = Place(48.14, 11.58, 520.0, "Europe/Berlin")
SYDNEY = Place(-33.87, 151.21, 20.0, "Australia/Sydney")


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("latitude", "longitude", "height"), [(90, 180, 9000), (0, 0, 0)])
def test_the_ends_of_the_earth_are_places(
    latitude: float, longitude: float, height: float, sign: int
) -> None:
    place = Place(sign * latitude, sign * longitude, sign * height)
    assert check_place(place) == place


@pytest.mark.parametrize(
    "wrong",
    [
        *(Place(90.01, 0), Place(-90.01, 0), Place(0, 180.01), Place(0, -180.01), Place(0, 0, 9001)),
        *(Place(0, 0, -9001), Place(math.nan, 0), Place(0, math.inf), Place(1.0, None), Place(None, 1.0)),
        *(Place(timezone="Europe/Munich"), Place(timezone="../etc/passwd"), Place(timezone="")),
    ],
)
def test_what_is_not_on_earth_is_refused_and_changes_nothing(tmp_path: Path, wrong: Place) -> None:
    file = PlaceFile(Place(), tmp_path / "place.json")
    file.set(MUNICH)
    with pytest.raises(UsageError):
        file.set(wrong)
    assert file.place == MUNICH
    file.load()
    assert file.place == MUNICH


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (Place(), SYDNEY),
        (MUNICH, MUNICH),
        (Place(timezone="Europe/Berlin"), Place(-33.87, 151.21, 20.0, "Europe/Berlin")),
        (Place(48.14, 11.58), Place(48.14, 11.58, 0.0, "Australia/Sydney")),
    ],
)
def test_settings_come_before_what_was_told(tmp_path: Path, settings: Place, expected: Place) -> None:
    file = PlaceFile(settings, tmp_path / "place.json")
    file.set(SYDNEY)
    assert file.place == expected
    again = PlaceFile(settings, tmp_path / "place.json")
    assert again.place == settings
    again.refresh()
    assert again.place == expected


def test_a_file_that_is_gone_or_damaged_leaves_the_settings(tmp_path: Path) -> None:
    path = tmp_path / "place.json"
    file = PlaceFile(Place(timezone="Europe/Berlin"), path)
    file.set(SYDNEY)
    path.write_text("{")
    file.load()
    assert file.place == Place(timezone="Europe/Berlin")
    file.set(SYDNEY)
    path.unlink()
    file.refresh()
    assert file.place == Place(timezone="Europe/Berlin")


def test_what_cannot_be_kept_is_said_and_the_old_place_stays(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    file = PlaceFile(Place(), tmp_path / "file" / "place.json")
    with pytest.raises(Exception, match="the place of the house"):
        file.set(MUNICH)
    assert file.place == Place()


def test_the_zone_of_the_machine(tmp_path: Path) -> None:
    zones = tmp_path / "zoneinfo"
    (zones / "Europe").mkdir(parents=True)
    (zones / "Europe" / "Berlin").touch()
    link = tmp_path / "localtime"
    link.symlink_to(zones / "Europe" / "Berlin")
    assert machine_zone(localtime=link) == ZoneInfo("Europe/Berlin")
    assert machine_zone("Asia/Tokyo", link) == ZoneInfo("Asia/Tokyo")
    assert machine_zone(":Asia/Tokyo", link) == ZoneInfo("Asia/Tokyo")
    assert machine_zone("nonsense", link) == ZoneInfo("Europe/Berlin")
    assert str(machine_zone(localtime=tmp_path / "nothing")) == "UTC"
