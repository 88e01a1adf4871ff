"""``yulelight export`` as a user runs it, on a library, a playlist and a calendar."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.commands.test_cli import RATE, assert_one_line, yulelight
from tests.export.reader import read
from tests.safety.oracle import flashes


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A music folder with two songs of the same file name, and a data folder."""
    home = tmp_path_factory.mktemp("home")
    times = np.arange(6 * RATE) / RATE
    # Eight beats a second, which no light may follow.
    for folder, pitch in (("a", 220), ("b", 660)):
        (home / "music" / folder).mkdir(parents=True)
        tone = np.sin(2 * np.pi * pitch * times) * (times % 0.125 < 0.06)
        soundfile.write(home / "music" / folder / "Bells.flac", 0.8 * tone, RATE)
    (home / "data").mkdir()
    return home


@pytest.fixture
def options(home: Path) -> tuple[str, ...]:
    return ("--data", str(home / "data"), "--music", str(home / "music"))


class Falcon(BaseHTTPRequestHandler):
    """Keeps what is posted, by its path."""

    posted: dict[str, bytes]

    def do_POST(self) -> None:
        self.posted[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"status": "OK"}')

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def falcon() -> Iterator[ThreadingHTTPServer]:
    Falcon.posted = {}
    with ThreadingHTTPServer(("127.0.0.1", 0), Falcon) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_song_becomes_a_sequence_that_flashes_no_oftener_than_any_light(home: Path, tmp_path: Path) -> None:
    song = home / "music" / "a" / "Bells.flac"
    result = yulelight("export", song, "-o", tmp_path, "--channels", "513-528", "--data", home / "data")
    assert result.returncode == 0, result.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Bells.fseq", "Bells.xtiming"]
    sequence = read(tmp_path / "Bells.fseq")
    assert sequence.ranges == [(512, 16)]
    assert sequence.headers["mf"] == "Bells.flac"
    assert len(sequence.frames) == pytest.approx(6 / 0.025, abs=2)
    assert any(any(frame.values()) for frame in sequence.frames)
    times = [n * 0.025 for n in range(len(sequence.frames))]
    assert flashes(times, [sum(frame.values()) / 255 / 16 for frame in sequence.frames]) <= 3
    for channel in range(512, 528):
        assert flashes(times, [frame[channel] / 255 for frame in sequence.frames]) <= 3


def test_a_playlist_and_a_night_go_to_a_player(
    home: Path, options: tuple[str, ...], tmp_path: Path, falcon: ThreadingHTTPServer
) -> None:
    songs = [home / "music" / folder / "Bells.flac" for folder in ("b", "a")]
    made = yulelight("playlist", "new", "Eve", *songs, *options)
    assert made.returncode == 0, made.stderr
    added = yulelight(
        "schedule",
        "add",
        "Eve",
        "--start",
        "17:00",
        "--end",
        "18:00",
        "--from",
        "2030-12-24",
        "--data",
        home / "data",
    )
    assert added.returncode == 0, added.stderr
    address = f"127.0.0.1:{falcon.server_address[1]}"
    result = yulelight(
        "export", "--night", "2030-12-24", "-o", tmp_path, "--fpp", address, "--step", "50", *options
    )
    assert result.returncode == 0, result.stderr
    assert sorted(Falcon.posted) == [
        "/api/file/music/Bells%20(2).flac",
        "/api/file/music/Bells.flac",
        "/api/file/sequences/Bells%20(2).fseq",
        "/api/file/sequences/Bells.fseq",
        "/api/playlist/Yulelight%202030-12-24",
    ]
    assert Falcon.posted["/api/file/music/Bells.flac"] == songs[0].read_bytes()
    assert Falcon.posted["/api/file/music/Bells%20(2).flac"] == songs[1].read_bytes()
    assert read(tmp_path / "Bells (2).fseq").headers["mf"] == "Bells (2).flac"
    assert Falcon.posted["/api/file/sequences/Bells.fseq"] == (tmp_path / "Bells.fseq").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "name songs, a --playlist or a --night"),
        (("nothing like it",), "there is no song"),
        (("--night", "1999-12-24"), "plays nothing on 1999-12-24"),
        (("--channels", "8"), "name songs"),
        (("--channels", "1-x", "a"), "as in 1-8"),
        (("--channels", "9-8", "a"), "numbered from 1"),
        (("--channels", "1-7", "a"), "name 8 or more"),
        (("--step", "10", "a"), "25 or 50"),
    ],
)
def test_what_cannot_be_exported_is_one_line(
    options: tuple[str, ...], tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    assert_one_line(yulelight("export", "-o", tmp_path, *arguments, *options), 2, said)


def test_a_playlist_that_is_not_there_is_said(options: tuple[str, ...], tmp_path: Path) -> None:
    result = yulelight("export", "-o", tmp_path, "--playlist", "nobody", *options)
    assert_one_line(result, 1, "no such playlist", "playlist list")


def test_a_folder_that_is_not_there_is_said(home: Path, tmp_path: Path) -> None:
    song = home / "music" / "a" / "Bells.flac"
    assert_one_line(
        yulelight("export", song, "-o", tmp_path / "x", "--data", home / "data"), 2, "there is no folder"
    )
