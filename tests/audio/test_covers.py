import base64
from pathlib import Path

import mutagen
import pytest
from mutagen.flac import Picture
from mutagen.id3 import APIC, ID3
from mutagen.mp4 import MP4Cover

from tests.audio.sounds import burst, encode, write
from yulelight.audio.covers import MAX_COVER_BYTES, cover
from yulelight.audio.tags import tags

JPEG = b"\xff\xd8\xff\xe0" + bytes(2000)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(1000)


def picture(data: bytes, kind: int = 3) -> Picture:
    made = Picture()
    made.data, made.type, made.mime = data, kind, "image/x"
    return made


def song(folder: Path, name: str, data: bytes) -> Path:
    """A song with ``data`` for a cover."""
    path = folder / name
    if name.endswith("m4a"):
        path.write_bytes(encode(burst(), "ipod", "aac"))
    else:
        write(path, burst(48000), 48000)
    if name.endswith("mp3"):
        marks = ID3()
        marks.add(APIC(3, "image/whatever", 4, "back", b"back"))
        marks.add(APIC(3, "image/whatever", 3, "front", data))
        marks.save(path)
        return path
    found = mutagen.File(path)
    if found.tags is None:
        found.add_tags()
    if name.endswith("flac"):
        found.add_picture(picture(b"\xff\xd8\xffback", 4))
        found.add_picture(picture(data))
    elif name.endswith("m4a"):
        found["covr"] = [MP4Cover(data)]
    else:
        found["metadata_block_picture"] = [base64.b64encode(picture(data).write()).decode()]
    found.save()
    return path


@pytest.mark.parametrize("name", ["a.mp3", "a.flac", "a.ogg", "a.opus", "a.m4a"])
def test_covers_of_formats(tmp_path: Path, name: str) -> None:
    path = song(tmp_path, name, PNG)
    found = cover(path)
    assert found is not None
    assert (found.data, found.media_type) == (PNG, "image/png")
    assert tags(path).picture


def test_a_picture_beside_the_song_counts_when_there_is_none_inside(tmp_path: Path) -> None:
    plain, beside = write(tmp_path / "a.flac", burst()), tmp_path / "cover.jpg"
    assert cover(plain) is None
    assert not tags(plain).picture
    assert cover(plain, beside) is None
    beside.write_bytes(JPEG)
    found = cover(plain, beside)
    assert found is not None
    assert (found.data, found.media_type) == (JPEG, "image/jpeg")
    inside = cover(song(tmp_path, "b.flac", PNG), beside)
    assert inside is not None
    assert inside.data == PNG
    assert inside.mark != found.mark


def test_what_is_no_picture_or_too_large_is_none(tmp_path: Path) -> None:
    assert cover(song(tmp_path, "a.mp3", b"<svg onload='alert(1)'/>")) is None
    assert cover(song(tmp_path, "b.mp3", JPEG + bytes(MAX_COVER_BYTES))) is None
    beside = tmp_path / "cover.jpg"
    beside.write_bytes(JPEG + bytes(MAX_COVER_BYTES))
    assert cover(write(tmp_path / "c.flac", burst()), beside) is None
    beside.unlink()
    beside.mkdir()
    assert cover(tmp_path / "c.flac", beside) is None


def test_damaged_and_missing_files_have_none(tmp_path: Path) -> None:
    assert cover(tmp_path / "gone.mp3") is None
    for name in ("a.mp3", "a.flac", "a.ogg", "a.m4a"):
        path = song(tmp_path, name, JPEG)
        data = path.read_bytes()
        for at in range(0, 400, 13):
            path.write_bytes(data[:at] + b"\xff\x00\xff" + data[at + 3 : 3500])
            found = cover(path)
            assert found is None or found.media_type == "image/jpeg"
