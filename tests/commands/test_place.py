import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from yulelight.commands.cli import app


@pytest.fixture(autouse=True)
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    monkeypatch.setenv("YULELIGHT_DATA", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "place.json"


def place(*words: str, status: int = 0) -> str:
    result = CliRunner().invoke(app, ["place", *words])
    assert result.exit_code == status, result.output
    return result.output


@pytest.mark.parametrize(
    ("words", "north", "east", "zone"),
    [
        # Degrees from an atlas.
        (("Munich",), 48.1, 11.6, "Europe/Berlin"),
        (("münchen",), 48.1, 11.6, "Europe/Berlin"),
        (("Wien",), 48.2, 16.4, "Europe/Vienna"),
        (("New", "York"), 40.7, -74.0, "America/New_York"),
        (("Sydney",), -33.9, 151.2, "Australia/Sydney"),
        (("Portland, US",), 45.5, -122.7, "America/Los_Angeles"),
        (("London, CA",), 43.0, -81.2, "America/Toronto"),
        (("-33.87", "151.21"), -33.9, 151.2, None),
        (("48.14,", "11.58"), 48.1, 11.6, None),
    ],
)
def test_a_place_is_kept(
    house: Path, words: tuple[str, ...], north: float, east: float, zone: str | None
) -> None:
    said = place(*words)
    kept = json.loads(house.read_text())
    assert (round(kept["latitude"], 1), round(kept["longitude"], 1), kept["timezone"]) == (north, east, zone)
    assert "the sun sets at" in said
    assert place() == said.splitlines()[-1] + "\n"


def test_what_is_not_known_is_said_with_what_to_do(house: Path) -> None:
    assert "yulelight place Munich" in place()
    assert "did you mean 'Nuremberg'?" in place("Nurembreg", status=2)
    assert "yulelight place 48.14 11.58" in place("Nowhereville upon Nothing", status=2)
    assert "two numbers" in place("48.14", status=2)
    assert "latitude" in place("148.14", "11.58", status=2)
    assert "no option --longitude" in place("--longitude", "11.58", status=2)
    assert "time zone" in place("Munich", "--timezone", "Middle/Earth", status=2)
    assert not house.exists()


def test_what_is_not_said_stays(house: Path) -> None:
    place("Munich", "--elevation", "520")
    place("--timezone", "Europe/Vienna")
    kept = json.loads(house.read_text())
    assert (kept["latitude"], kept["elevation"], kept["timezone"]) == (48.14, 520.0, "Europe/Vienna")


def test_settings_that_fix_the_place_are_told(house: Path) -> None:
    (house.parent / "yulelight.toml").write_text("[place]\nlatitude = 52.5\nlongitude = 13.4\n")
    assert "take [place] out of them" in place("Munich")
    assert "52.50° N" in place()


@pytest.mark.parametrize(
    "words",
    [("52,52", "13,4"), ("52.52,13.4",), ("52.52,", "13.4"), ("52.52; 13.4",), ("+52.52", "13.40")],
)
def test_degrees_are_understood_as_maps_and_people_write_them(house: Path, words: tuple[str, ...]) -> None:
    assert "52.52° N, 13.40° E" in place(*words)


@pytest.mark.parametrize("words", [("52,52",), ("52.52",), ("52", "13", "4"), ("52,52", "Berlin")])
def test_what_is_not_surely_two_numbers_is_refused(house: Path, words: tuple[str, ...]) -> None:
    assert "two numbers with a point" in place(*words, status=2)
