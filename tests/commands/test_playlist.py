"""yulelight playlist, on real files."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from yulelight.app.music import remember
from yulelight.app.settings import load
from yulelight.commands.cli import app

Say = Callable[..., str]


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Say:
    """Runs `yulelight playlist …` with three songs; returns what it prints, or the error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("YULELIGHT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("YULELIGHT_MUSIC", f'["{tmp_path / "music"}"]')
    (tmp_path / "music").mkdir()
    for name in ("Jingle Bells.mp3", "Silent Night.mp3", "Silver Bells.mp3"):
        (tmp_path / "music" / name).write_bytes(name.encode())

    def run(*arguments: str, status: int = 0) -> str:
        result = CliRunner().invoke(app, ["playlist", *arguments])
        assert result.exit_code == status, result.output
        return result.stdout if status == 0 else result.stderr

    return run


def test_a_list_from_its_making_to_its_end(say: Say, tmp_path: Path) -> None:
    assert "no playlist yet" in say("list")
    assert "2 songs" in say(
        "new", "Evening", "silent", str(tmp_path / "music" / "Jingle Bells.mp3"), "--shuffle"
    )
    say("add", "Evening", "silver bells", "--at", "1")
    say("move", "Evening", "1", "3")
    shown = say("show", "Evening")
    assert [line.split()[1] for line in shown.splitlines()[:3]] == ["Silent", "Jingle", "Silver"]
    assert "shuffle on, repeat off" in shown
    say("remove", "Evening", "2")
    assert say("list").startswith("Evening: 2 songs")
    (tmp_path / "music" / "Silver Bells.mp3").unlink()
    assert "1 song, 0:00, 1 missing" in say("list")
    assert "Silver Bells (missing" in say("show", "Evening")
    lines = (tmp_path / "data" / "playlists" / "Evening.m3u8").read_text().splitlines()
    assert lines[0] == "#EXTM3U" and str(tmp_path / "music" / "Silent Night.mp3") in lines
    say("delete", "Evening")
    assert "no playlist yet" in say("list")


def test_what_cannot_be_is_said_in_one_line(say: Say) -> None:
    say("new", "x")
    for arguments, status, words in (
        (("show", "y"), 1, "no such playlist"),
        (("new", "x"), 2, "already"),
        (("new", "../x"), 2, "playlist's name"),
        (("new", "z", "--repeat", "often"), 2, "off, all, one"),
        (("add", "x", "bells"), 2, "may be 2 songs"),
        (("add", "x", "tannenbaum"), 2, "no song 'tannenbaum'"),
        (("remove", "x", "1"), 2, "x has 0 songs; there is no number 1"),
    ):
        error = say(*arguments, status=status)
        assert words in error and len(error.splitlines()) == 1


def test_the_music_of_the_service_is_known_without_being_named(
    say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember(load())
    monkeypatch.delenv("YULELIGHT_MUSIC")
    assert "2 songs" in say("new", "Evening", "silent", "jingle")
    monkeypatch.chdir("/")
    assert say("list").startswith("Evening: 2 songs")
    (tmp_path / "data" / "index" / "music.json").write_text("[7]")
    assert "no song" in say("add", "Evening", "silver", status=2)
    monkeypatch.setenv("YULELIGHT_MUSIC", f'["{tmp_path / "music"}"]')
    assert "3 songs" in say("add", "Evening", "silver")


def test_a_scan_without_folders_forgets_nothing(
    say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember(load())
    monkeypatch.delenv("YULELIGHT_MUSIC")
    monkeypatch.setenv("YULELIGHT_HTTP__PORT", "1")  # where no service answers
    result = CliRunner().invoke(app, ["library", "scan"])
    assert result.exit_code == 0 and "4 songs" in result.stdout, result.output
    assert "Silver Bells.mp3" in (tmp_path / "data" / "index" / "songs.json").read_text()


def test_copies_of_a_song_are_one_and_namesakes_are_told_apart(say: Say, tmp_path: Path) -> None:
    for folder, text in (("a", b"one"), ("b", b"one"), ("c", b"other")):
        (tmp_path / "music" / folder).mkdir()
        (tmp_path / "music" / folder / f"{folder} copied.mp3").write_bytes(text * 50)
        (tmp_path / "music" / folder / "carol.mp3").write_bytes(text * 90)
    assert "1 song" in say("new", "x", str(tmp_path / "music" / "a" / "a copied.mp3"))
    (tmp_path / "music" / "c" / "c copied.mp3").unlink()
    assert "1 song" in say("new", "y", "copied")
    said = say("new", "z", "carol.mp3", status=2)
    assert "may be 3 songs" in said and "b/carol.mp3" in said
