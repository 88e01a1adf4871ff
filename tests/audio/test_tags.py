import io
from pathlib import Path

import av
import mutagen
import mutagen.asf
import mutagen.id3
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.audio.odd import WHOLE, ape_tag, list_chunk, noise, wave
from tests.audio.sounds import burst, encode, write
from yulelight.audio.song_name import MAX_LENGTH, clean
from yulelight.audio.tags import Tags, tags


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


def id3(**frames: str) -> bytes:
    """A tag as any program puts in front of a file."""
    made, buffer = mutagen.id3.ID3(), io.BytesIO()
    for name, text in frames.items():
        made.add(getattr(mutagen.id3, name)(3, [text]))
    made.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("name", ["aac", "flac behind id3", "mp3 with zeros in front", "vorbis behind id3"])
def test_tags_that_another_program_put_in_front(tmp_path: Path, name: str) -> None:
    suffix, make = WHOLE[name]
    path = tmp_path / f"x{suffix}"
    path.write_bytes(id3(TIT2="Winter Carol", TPE1="Village Choir") + make())
    found = tags(path)
    assert (found.title, found.artist) == ("Winter Carol", "Village Choir")
    assert found.duration == pytest.approx(6.0, abs=0.1)


def test_the_tags_of_the_format_win_over_those_in_front(tmp_path: Path) -> None:
    path = tagged(write(tmp_path / "a.flac", burst()), title="Its own")
    path.write_bytes(id3(TIT2="Another", TPE1="Somebody") + path.read_bytes())
    found = tags(path)
    assert (found.title, found.artist) == ("Its own", "Somebody")


@pytest.mark.parametrize("suffix", [".flac", ".mp3", ""])
def test_a_flac_behind_id3_is_known_by_any_name(tmp_path: Path, suffix: str) -> None:
    path = tagged(write(tmp_path / "a.flac", burst()), title="Holly")
    other = tmp_path / f"b{suffix}"
    other.write_bytes(id3(TALB="Wreath") + path.read_bytes())
    found = tags(other)
    assert (found.title, found.album, found.duration) == ("Holly", "Wreath", 3.0)


def test_wma(tmp_path: Path) -> None:
    path = tmp_path / "a.wma"
    path.write_bytes(encode(burst(), "asf", "wmav2"))
    song = mutagen.asf.ASF(path)
    song["Title"], song["Author"] = "Winter Carol", "Village Choir"
    song["WM/AlbumTitle"], song["WM/Genre"], song["WM/TrackNumber"] = "Snow", "Carols", "7"
    song.save()
    found = tags(path)
    assert (found.title, found.artist, found.album) == ("Winter Carol", "Village Choir", "Snow")
    assert (found.genre, found.track) == ("Carols", 7)


@pytest.mark.parametrize("name", ["mp3 with lyrics", "aac"])
def test_ape_tags_behind_the_sound(tmp_path: Path, name: str) -> None:
    suffix, make = WHOLE[name]
    path = tmp_path / f"x{suffix}"
    path.write_bytes(make().removesuffix(b"TAG" + bytes(125)) + ape_tag())
    assert tags(path).title == "Holly wreat"


def test_tags_of_matroska_and_of_chunks_in_a_wave_file(tmp_path: Path) -> None:
    path = tmp_path / "a.mka"
    with av.open(str(path), "w", format="matroska") as out:
        out.metadata.update(title="Winter Carol", artist="Village Choir", album="Snow")
        stream = out.add_stream("flac", rate=44100, layout="stereo")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 4096), np.int16), format="s16", layout="stereo")
        frame.sample_rate = 44100
        out.mux([*stream.encode(frame), *stream.encode(None)])
    found = tags(path)
    assert (found.title, found.artist, found.album) == ("Winter Carol", "Village Choir", "Snow")
    wav = tmp_path / "a.wav"
    wav.write_bytes(wave(noise(), tail=list_chunk()))
    assert tags(wav).title == "Holly wreath"


@pytest.mark.parametrize(
    "name",
    [
        "wav of all size",
        "opus of a longer one",
        "mp3 of variable rate without header",
        "aac",
        "webm from a pipe",
    ],
)
def test_lengths_that_cannot_be_are_looked_at_again(tmp_path: Path, name: str) -> None:
    suffix, make = WHOLE[name]
    path = tmp_path / f"a{suffix}"
    path.write_bytes(make())
    assert tags(path).duration in (0.0, pytest.approx(6.0, abs=0.1))


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
        ("99 Luftballons - .mp3", "", "99 Luftballons -"),
        ("12 Days of Christmas.mp3", "", "12 Days of Christmas"),
        ("12_Days_of_Christmas.mp3", "", "12 Days of Christmas"),
        ("2000 Miles.mp3", "", "2000 Miles"),
        ("1999 - Prince.mp3", "1999", "Prince"),
        ("4 Non Blondes - What.mp3", "4 Non Blondes", "What"),
        ("01 - 4 Non Blondes - What.mp3", "4 Non Blondes", "What"),
        ("7-Eleven.mp3", "", "7-Eleven"),
        ("1.5 Degrees.mp3", "", "1.5 Degrees"),
        ("01 12 Days of Christmas.mp3", "", "12 Days of Christmas"),
        ("01 - Silent Night.mp3", "", "Silent Night"),
        ("01. Silent Night.mp3", "", "Silent Night"),
        ("01-Silent Night.mp3", "", "Silent Night"),
        ("1. Silent Night.mp3", "", "Silent Night"),
        ("12) Silent Night.mp3", "", "Silent Night"),
        ("11 - Silent Night.mp3", "", "Silent Night"),
        ("1-02 Silent Night.mp3", "", "Silent Night"),
        ("001 Silent Night.mp3", "", "Silent Night"),
        ("01.mp3", "", "01"),
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
    assert len(found.title) == MAX_LENGTH
    assert found.artist == ""


@given(st.text())
def test_clean(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned) <= MAX_LENGTH
    assert cleaned.isprintable()
    assert cleaned == cleaned.strip()
    assert clean(cleaned) == cleaned
