"""Songs from a phone: whole, under a safe name, and never over another file."""

from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from yulelight.core.errors import CommandError, UsageError
from yulelight.library.inbox import Inbox, looks_like_music, song_name

FLAC = b"fLaC" + bytes(range(256)) * 40
KEY = "phone12345"


def sent(inbox: Inbox, data: bytes, name: str = "Noël.flac", key: str = KEY, piece: int = 1000) -> str:
    done = ""
    for offset in range(inbox.offset(key), len(data), piece):
        done = inbox.take(key, name, len(data), offset, data[offset : offset + piece])
    return done


def listed(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.startswith(".")}


@given(
    st.text(max_size=60)
    | st.from_regex(r"(\.\.?/|[A-Z]:\\|/|\.){0,3}[a-z]{0,5}\.(mp3|flac|exe)", fullmatch=True)
)
def test_a_name_is_never_a_path(name: str) -> None:
    try:
        kept = song_name(name)
    except UsageError:
        return
    assert Path("/music", kept).resolve().parent == Path("/music")
    assert not kept.startswith(".") and "/" not in kept and "\\" not in kept and len(kept.encode()) < 200
    assert kept.isprintable() and song_name(kept) == kept


@pytest.mark.parametrize(
    "name",
    [
        "../a.mp3",
        "a/b.mp3",
        "..\\a.mp3",
        ".hidden.mp3",
        "",
        "a",
        "a.exe",
        "a.mp3/",
        "a\n.mp3",
        ".mp3",
        " .mp3",
        "a.m3u",
    ],
)
def test_what_is_no_songs_name_is_refused(name: str) -> None:
    with pytest.raises(UsageError):
        song_name(name)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Noël.FLAC", "Noël.flac"),
        ("What? A: Song.mp3", "What_ A_ Song.mp3"),
        ("a.b.mp3", "a.b.mp3"),
        ("x" * 300 + ".ogg", "x" * 120 + ".ogg"),
    ],
)
def test_names_stay_readable(name: str, kept: str) -> None:
    assert song_name(name) == kept


@given(st.integers(1, 5000), st.integers(0, 9000), st.booleans())
def test_a_broken_connection_costs_nothing(
    tmp_path_factory: pytest.TempPathFactory, piece: int, cut: int, again: bool
) -> None:
    assume(piece > 100 and (cut == 0 or cut >= 16))
    folder = tmp_path_factory.mktemp("music")
    inbox = Inbox(lambda: folder)
    first = min(cut, len(FLAC) - 1)
    sent_first = 0
    while sent_first < first:
        end = min(sent_first + piece, first)
        assert inbox.take(KEY, "Noël.flac", len(FLAC), sent_first, FLAC[sent_first:end]) == ""
        sent_first = end
    # The service was started anew meanwhile, or the phone.
    inbox = Inbox(lambda: folder)
    assert inbox.offset(KEY) == first
    if again and first:
        with pytest.raises(CommandError, match=f"goes on at byte {first}"):
            inbox.take(KEY, "Noël.flac", len(FLAC), 0, FLAC[:10])
    assert sent(inbox, FLAC, piece=piece) == "Noël.flac"
    assert listed(folder) == {"Noël.flac": FLAC} and len(list(folder.iterdir())) == 1


def test_no_file_is_overwritten_and_none_comes_twice(tmp_path: Path) -> None:
    inbox = Inbox(lambda: tmp_path)
    (tmp_path / "Noël.flac").write_bytes(b"somebody's own")
    assert sent(inbox, FLAC) == "Noël (2).flac"
    other = FLAC + b"!"
    assert sent(inbox, other) == "Noël (3).flac"
    assert listed(tmp_path) == {"Noël.flac": b"somebody's own", "Noël (2).flac": FLAC, "Noël (3).flac": other}
    assert sent(inbox, b"somebody's own"[:0] + FLAC, "Noël (2).flac") == "Noël (2).flac", (
        "the same song again"
    )
    assert len(list(tmp_path.iterdir())) == 3


def test_what_is_no_music_is_refused_with_its_first_piece(tmp_path: Path) -> None:
    inbox = Inbox(lambda: tmp_path)
    for head in (
        b"<html>",
        b"MZ\x90\x00",
        b"\x7fELF",
        b"PK\x03\x04",
        b"\x89PNG\r\n",
        b"%PDF",
        b"#!/bin/sh",
        b"\x00" * 20,
        b"\xff\xd8\xff\xe0\x00\x10JFIF",
    ):
        data = head + bytes(2000)
        with pytest.raises(UsageError, match="not music"):
            sent(inbox, data, "song.mp3")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "head",
    [
        b"\xff\xfb\x90\x64",
        b"\xff\xf1\x50\x80",
        b"ID3\x04",
        b"RIFF\0\0\0\0WAVE",
        b"\0\0\0\x20ftypM4A ",
        b"OggS",
    ],
)
def test_music_is_known_by_how_it_begins(head: bytes) -> None:
    assert looks_like_music(head)


def test_sizes_are_bounded(tmp_path: Path) -> None:
    inbox = Inbox(lambda: tmp_path)
    for size, offset, piece in [
        (0, 0, b""),
        (600_000_000, 0, FLAC),
        (10, 0, FLAC),
        (10**8, 0, bytes(4_000_001)),
        (10**8, -1, FLAC),
    ]:
        with pytest.raises((UsageError, CommandError)):
            inbox.take(KEY, "a.flac", size, offset, piece)
    for n in range(30):
        inbox.take(f"phone12345{n}", "a.flac", 10**6, 0, FLAC)
    assert len(list(tmp_path.glob(".yulelight-upload-*"))) <= 9
    now = Inbox(lambda: tmp_path, clock=lambda: 4e9)
    now.take("phone99999", "a.flac", 10**6, 0, FLAC)
    assert len(list(tmp_path.glob(".yulelight-upload-*"))) == 1, "what nobody goes on with is given up"
    now.drop("phone99999")
    assert list(tmp_path.iterdir()) == []


def test_without_a_folder_it_says_so() -> None:
    with pytest.raises(CommandError, match="no music folder"):
        Inbox(lambda: None).take(KEY, "a.flac", len(FLAC), 0, FLAC)
