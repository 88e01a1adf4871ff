from pathlib import Path

import mutagen
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.audio.sounds import burst, encode, write
from yulelight.audio.tags import LONGEST, Tags, clean, tags


def tagged(path: Path, **values: str) -> Path:
    song = mutagen.File(path, easy=True)
    if song.tags is None:
        song.add_tags()
    for name, value in values.items():
        song[name] = value
    song.save()
    return path


@pytest.mark.parametrize("name", ["a.mp3", "a.flac", "a.ogg", "a.opus", "a.m4a"])
def test_tags_of_formats(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name == "a.m4a":
        path.write_bytes(encode(burst(), "ipod", "aac"))
    else:
        write(path, burst(48000), 48000)
    found = tags(tagged(path, title="Stille Nacht ★", artist="Gruber", album="Weihnacht"))
    assert (found.title, found.artist, found.album) == ("Stille Nacht ★", "Gruber", "Weihnacht")
    assert found.duration == pytest.approx(3.0, abs=0.15)


def test_wav_without_tags_still_has_a_duration(tmp_path: Path) -> None:
    assert tags(write(tmp_path / "Jingle_Bells.wav", burst())) == Tags("Jingle Bells", duration=3.0)


@pytest.mark.parametrize(
    ("name", "artist", "title"),
    [
        ("Deck the Halls.mp3", "", "Deck the Halls"),
        ("Pierpont - Jingle Bells.mp3", "Pierpont", "Jingle Bells"),
        ("03 Jingle Bells.mp3", "", "Jingle Bells"),
        ("03 - Pierpont - Jingle_Bells.mp3", "Pierpont", "Jingle Bells"),
        ("1999.mp3", "", "1999"),
        ("99 Luftballons - .mp3", "", "Luftballons -"),
        ("\x1b[31mred\n.mp3", "", "[31mred"),
        (" - .mp3", "", "-"),
        ("\n.mp3", "", "Untitled"),
        ("\udcff.mp3", "", "?"),
    ],
)
def test_names_of_files_without_tags(tmp_path: Path, name: str, artist: str, title: str) -> None:
    (tmp_path / name).write_bytes(b"nothing")
    found = tags(tmp_path / name)
    assert (found.artist, found.title) == (artist, title)


def test_the_file_may_be_missing_or_damaged(tmp_path: Path) -> None:
    assert tags(tmp_path / "Silent Night.ogg") == Tags("Silent Night")
    for name in ("a.flac", "a.ogg", "a.mp3", "a.wav"):
        data = write(tmp_path / name, burst()).read_bytes()
        for at in range(0, 200, 7):
            (tmp_path / name).write_bytes(data[:at] + b"\xff\x00\xff" + data[at + 3 : 3000])
            assert tags(tmp_path / name).title


def test_hostile_tags_are_cleaned(tmp_path: Path) -> None:
    found = tags(
        tagged(write(tmp_path / "a.flac", burst()), title="\x1b[2J\nA\u202e" + "x" * 10_000, artist="\x07\r")
    )
    assert found.title.startswith("[2J A x")
    assert len(found.title) == LONGEST
    assert found.artist == ""


@given(st.text())
def test_clean(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned) <= LONGEST
    assert cleaned.isprintable()
    assert cleaned == cleaned.strip()
    assert clean(cleaned) == cleaned
