"""A disk that takes nothing: every route says the same, nothing is half done, and the show goes on."""

import resource
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.faults.house import House, until

pytestmark = pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux limits another process")
ENTRY = {
    "summary": "Evening",
    "playlist": "evening",
    "start": "2026-12-01T17:00:00",
    "end": "2026-12-01T18:00:00",
}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    music = tmp_path / "music"
    music.mkdir()
    times = np.arange(2 * 44_100) / 44_100
    soundfile.write(music / "a.wav", 0.5 * np.sin(2 * np.pi * 440 * times), 44_100)
    with House(tmp_path, music=[music]) as made:
        made.start()
        yield made


def disk(house: House, *, full: bool) -> None:
    """From now on no file can have a byte more; pipes, sockets and the log (a file, too) apart."""
    _, hard = resource.prlimit(house.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(house.process.pid, resource.RLIMIT_FSIZE, (0 if full else hard, hard))


def test_every_route_says_the_same_of_a_full_disk(house: House) -> None:
    until(lambda: house.call("GET", "/api/v1/songs")[1]["songs"])
    song = house.call("GET", "/api/v1/songs")[1]["songs"][0]["id"]
    assert house.call("PUT", "/api/v1/playlists/evening", {"songs": [song]})[0] == 200
    tries = [
        ("PUT", "/api/v1/playlists/evening", {"songs": [song, song]}),
        ("DELETE", "/api/v1/playlists/evening/items/0", None),
        ("PUT", "/api/v1/playlists/another", {"songs": [song]}),
        ("POST", "/api/v1/schedule", ENTRY),
        ("PATCH", f"/api/v1/songs/{song}", {"gain": 3.0}),
        ("POST", "/api/v1/library", {"action": "pause"}),
        ("PUT", "/api/v1/place", {"latitude": 52.5, "longitude": 13.4}),
    ]
    disk(house, full=True)
    answers = [house.call(*each) for each in tries]
    disk(house, full=False)
    assert [status for status, _ in answers] == [507] * len(tries), answers
    assert len(house.call("GET", "/api/v1/playlists/evening")[1]["items"]) == 1
    for _, answer in answers:
        assert "cannot be saved: " in answer["error"] and "free up disk space" in answer["error"]
    again = [house.call(*each) for each in tries]
    assert all(status in (200, 201, 204) for status, _ in again), again


def test_a_volume_that_cannot_be_kept_is_said_to_who_changed_it(house: House) -> None:
    def message() -> str:
        return str(house.call("GET", "/api/v1/status")[1]["message"])

    disk(house, full=True)
    status, _ = house.control("volume", level=0.5)
    assert status == 200
    until(lambda: "cannot be saved" in message())
    disk(house, full=False)
    house.control("volume", level=0.6)
    until(lambda: "cannot be saved" not in message())
