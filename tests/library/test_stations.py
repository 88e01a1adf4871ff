"""The stations that are kept: their names, and their file."""

import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yulelight.core.errors import UsageError
from yulelight.library.stations import NoSuchStation, Stations, cleaned, usable


def test_stations_outlive_the_service(tmp_path: Path) -> None:
    path = tmp_path / "stations.json"
    stations = Stations(path)
    assert list(stations.all()) == []
    first = stations.add("https://one.example/a.m3u", "Eins")
    second = stations.add("http://two.example/live")
    assert second.name == "two.example"
    stations.rename("EINS", "Ans")
    again = Stations(path)
    assert [(each.name, each.url) for each in again.all()] == [
        ("Ans", "https://one.example/a.m3u"),
        ("two.example", "http://two.example/live"),
    ]
    assert again.find(first.id).name == again.find("ans").name == again.find(first.url).name == "Ans"
    again.remove(second.id)
    assert [each.name for each in again.all()] == ["Ans"]


def test_what_cannot_be_kept_is_told(tmp_path: Path) -> None:
    stations = Stations(tmp_path / "stations.json")
    stations.add("http://one.example/", "One")
    for url, name, said in (
        ("ftp://x/", "X", "begins with http"),
        ("http://one.example/", "Other", "kept already, as 'One'"),
        ("http://two.example/", "one", "there is a station 'one' already"),
        ("http://two.example/", "a/b", "a station's name has"),
        ("http://two.example/", "x" * 65, "a station's name has"),
    ):
        with pytest.raises(UsageError, match=said):
            stations.add(url, name)
    with pytest.raises(NoSuchStation, match="One"):
        stations.find("Onne")
    assert [each.name for each in stations.all()] == ["One"]


def test_reading_does_not_disturb_writing(tmp_path: Path) -> None:
    """Two parts of the service know the file: one lists what the other adds."""
    path, over = tmp_path / "stations.json", threading.Event()

    def read() -> None:
        while not over.is_set():
            Stations(path).all()

    reader = threading.Thread(target=read)
    reader.start()
    try:
        stations = Stations(path)
        for k in range(100):
            stations.add(f"http://{k}.example/")
    finally:
        over.set()
        reader.join()
    assert len(Stations(path).all()) == 100


def test_a_damaged_file_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "stations.json"
    path.write_text('{"version": 1, "stations": [{"name": 3}]}')
    stations = Stations(path)
    assert list(stations.all()) == []
    assert (tmp_path / "stations.json.broken").exists()
    stations.add("http://one.example/", "One")
    assert [each.name for each in stations.all()] == ["One"]


@given(st.text(max_size=100))
def test_whatever_a_station_calls_itself_becomes_a_name_or_none(text: str) -> None:
    name = cleaned(text)
    assert name == "" or usable(name) == name
