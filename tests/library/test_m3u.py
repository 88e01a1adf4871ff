"""Lists survive reading and writing, whoever wrote them."""

import os
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yulelight.library.m3u import MAX_ENTRIES, Entry, M3u, is_text, locate, parse, parts, paths, write

plain = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\r\n"), max_size=30).map(
    lambda text: text.strip(" \t")
)
locations = plain.filter(lambda text: text and not text.startswith("#"))
notes = plain.map(lambda text: f"#NOTE {text}".strip(" \t"))
entries = st.builds(
    Entry,
    locations,
    plain,
    st.none() | st.integers(0, 10**6),
    plain.filter(lambda text: not set(text) & set(',"') and text[:1] not in set(".0123456789")),
    st.lists(notes, max_size=2).map(tuple),
)
heads = st.lists(plain.map(lambda text: f"#YULELIGHT-X:{text}".strip(" \t")), max_size=2).map(tuple)
lists = st.builds(
    M3u, st.lists(entries, max_size=6).map(tuple), heads, st.lists(notes, max_size=2).map(tuple)
)


@given(lists)
def test_what_is_written_is_read(playlist: M3u) -> None:
    assert parse(write(playlist)) == playlist


@given(st.binary(max_size=300) | st.lists(st.sampled_from(
    [b"#EXTM3U", b"#EXTINF:12,A - B", b'#EXTINF:-1 x="1",T', b"a.mp3", b"\xfc.mp3", b"\r", b"\n", b"\r\n",
     b"#PLAYLIST:x", b"# hm", b" ", b"\xef\xbb\xbf", b"#EXTINF:", b"#YULELIGHT-PRE:{"]
), max_size=20).map(b"".join))  # fmt: skip
def test_any_bytes_are_a_list_that_stays_the_same(data: bytes) -> None:
    once = parse(data)
    assert parse(write(once)) == once


def test_text_of_any_system_is_text_and_packed_files_are_not() -> None:
    names = "#EXTM3U\nStille Nacht, Größe ♥ 静.mp3\r\n"
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert is_text(names.encode(encoding))
    assert is_text("Größe\n".encode("cp1252"))
    assert is_text(b"")
    rubbish = random.Random(1)
    assert not any(is_text(rubbish.randbytes(300)) for _ in range(100))


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_marks_and_line_ends_of_every_system(mark: bytes, end: bytes) -> None:
    data = mark + end.join([b"#EXTM3U", b"#EXTINF:123,Trad. - Carol", b"Christmas/carol.mp3", b"", b"b.ogg"])
    assert parse(data).entries == (Entry("Christmas/carol.mp3", "Trad. - Carol", 123), Entry("b.ogg"))


@pytest.mark.parametrize(
    ("line", "attributes", "title"),
    [
        ('123 name="Bing, Nat & Co" group="x",Trad. - Carol', 'name="Bing, Nat & Co" group="x"', "Trad. - Carol"),
        ('123 logo="a,b,c",One, Two', 'logo="a,b,c"', "One, Two"),
        ('123,"Quoted, Title"', "", '"Quoted, Title"'),
        ('123 open="x,Title', 'open="x', "Title"),
        ('123 all="a,b"', 'all="a', 'b"'),
        ("123,5", "", "5"),
    ],
)  # fmt: skip
def test_commas_in_quoted_attributes(line: str, attributes: str, title: str) -> None:
    data = f"#EXTM3U\n#EXTINF:{line}\ncarol.mp3\n"
    playlist = parse(data.encode())
    assert playlist.entries == (Entry("carol.mp3", title, 123, attributes),)
    assert write(playlist).decode() == data


def test_many_quotes_take_no_time() -> None:
    assert parse(b"#EXTINF:1 " + b'a="" ' * 100_000 + b"\nx.mp3\n").entries[0].location == "x.mp3"


def test_lines_that_are_not_utf_8_are_windows_text_and_the_others_stay() -> None:
    data = "#EXTINF:5,Fröhliche\nFröhliche.mp3\n".encode("latin-1") + "Süßer.mp3\n".encode()
    assert parse(data).entries == (Entry("Fröhliche.mp3", "Fröhliche", 5), Entry("Süßer.mp3"))
    assert parse("Frühling.mp3".encode("utf-16")).entries == (Entry("Frühling.mp3"),)


def test_lines_of_others_are_kept_in_their_place() -> None:
    text = "#EXTM3U\n#PLAYLIST:Evening\n#EXTALB:One\na.mp3\n#EXTALB:Two\nb.mp3\n# the end\n"
    playlist = parse(text.encode())
    assert playlist.head == ("#PLAYLIST:Evening",)
    assert [entry.notes for entry in playlist.entries] == [("#EXTALB:One",), ("#EXTALB:Two",)]
    assert playlist.tail == ("# the end",)
    assert write(playlist).decode() == text


def test_a_huge_list_is_cut() -> None:
    assert len(parse(b"a.mp3\n" * (MAX_ENTRIES + 5)).entries) == MAX_ENTRIES


names = (
    st.binary(min_size=1, max_size=20)
    .filter(lambda b: b"/" not in b and b"\0" not in b and b.strip(b"."))
    .map(os.fsdecode)
)


@given(st.lists(names, min_size=1, max_size=4), st.booleans())
def test_any_path_can_be_said_and_found_again(path: list[str], near: bool) -> None:
    folder = Path("/music/lists")
    song = (folder.parent if near else Path("/elsewhere")).joinpath(*path)
    location = locate(song, folder)
    assert parse(write(M3u((Entry(location),)))).entries == (Entry(location),)
    assert str(song) in set(paths(location, folder))
    assert location.startswith("file:") or Path(location).is_absolute() != near


def test_what_other_players_write_means_the_same_path() -> None:
    folder = Path("/m/lists")
    for location in (
        "../A b/ü.mp3",
        "/m/A b/ü.mp3",
        "file:///m/A%20b/%C3%BC.mp3",
        "file://localhost/m/A%20b/%C3%BC.mp3",
        "../A%20b/%C3%BC.mp3",
        "..\\A b\\ü.mp3",
    ):
        assert "/m/A b/ü.mp3" in set(paths(location, folder)), location
    assert set(paths("http://radio.example/x.mp3", folder)) == set()
    assert set(paths("file:", folder)) == set()
    assert parts("C:\\Music\\A\\b.mp3") == ["Music", "A", "b.mp3"]
    for share in (
        "smb://nas/music/A%20b/c.mp3",
        "NFS://nas/music/A b/c.mp3",
        "sftp://me@nas/music/A b/c.mp3",
    ):
        assert parts(share)[-3:] == ["music", "A b", "c.mp3"]
        assert set(paths(share, folder)) == set()
    assert parts("http://radio.example/x.mp3") == []
