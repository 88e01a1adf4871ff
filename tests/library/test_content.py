from pathlib import Path

import mutagen
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutagen.apev2 import APEv2
from mutagen.id3 import APIC, ID3

from tests.audio.sounds import burst, encode, write
from yulelight.core.errors import AudioError
from yulelight.library.content import content_key


def test_a_song_keeps_its_key_when_its_tags_change(tmp_path: Path) -> None:
    for name in ("a.mp3", "a.flac"):
        path = write(tmp_path / name, burst())
        before = content_key(path)
        song = mutagen.File(path, easy=True)
        song["title"] = "Another title"
        song.save()
        assert content_key(path) == before, name
    mp3 = tmp_path / "a.mp3"
    before, tags = content_key(mp3), ID3(mp3)
    tags.add(APIC(3, "image/jpeg", 3, "", bytes(50_000)))
    tags.save(mp3, v1=2)
    ape = APEv2()
    ape["Title"] = "One more"
    ape.save(mp3)
    assert mp3.read_bytes()[:3] == b"ID3"
    assert content_key(mp3) == before


def test_other_music_has_another_key_and_a_copy_the_same(tmp_path: Path) -> None:
    keys = set()
    for number, name in enumerate(("a.mp3", "a.flac", "a.ogg", "a.wav")):
        path = write(tmp_path / name, burst(level=0.3 + number / 10))
        (tmp_path / f"copy of {name}").write_bytes(path.read_bytes())
        assert content_key(tmp_path / f"copy of {name}") == content_key(path)
        keys.add(content_key(path))
        write(path, burst(level=0.9))
        keys.add(content_key(path))
    (tmp_path / "a.m4a").write_bytes(encode(burst(), "ipod", "aac"))
    keys.add(content_key(tmp_path / "a.m4a"))
    assert len(keys) == 9
    assert all(len(key) == 32 for key in keys)


@settings(deadline=None)
@given(
    head=st.sampled_from([b"", b"ID3\x04\x00\x00", b"ID3\x04\x00\x10", b"fLaC", b"ID3", b"fLaC\x80\x00\x00"]),
    body=st.binary(max_size=300),
    tail=st.sampled_from([b"", b"TAG", b"APETAGEX\xd0\x07\x00\x00", b"APETAGEX\xff\xff\xff\xff"]),
    suffix=st.sampled_from(["mp3", "flac"]),
)
def test_tags_that_lie_do_no_harm(
    tmp_path_factory: pytest.TempPathFactory, head: bytes, body: bytes, tail: bytes, suffix: str
) -> None:
    path = tmp_path_factory.mktemp("content") / f"a.{suffix}"
    path.write_bytes(head + body + tail.ljust(128, b"\0"))
    assert content_key(path) == content_key(path)


def test_what_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "empty.mp3").touch()
    for path in (tmp_path / "gone.mp3", tmp_path / "empty.mp3", tmp_path):
        with pytest.raises(AudioError):
            content_key(path)
