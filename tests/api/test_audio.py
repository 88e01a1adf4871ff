"""A song's bytes: whole, in parts, by token and by signed link, and to nobody else."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.api.shelf import NAMES, shelf
from tests.api.stubs import SONGS
from yulelight.api.audio import TYPES, content_type
from yulelight.api.auth import MAX_FAILURES
from yulelight.api.links import LIFETIME, Links
from yulelight.library.songs import SUFFIXES

AUDIO = "/api/v1/audio"


async def test_the_whole_song_with_its_type(tmp_path: Path) -> None:
    kinds = ("audio/mpeg", "audio/flac", "audio/x-ms-wma", "audio/ogg", "audio/mp4", "audio/x-ape")
    async with shelf(tmp_path) as (house, served), served.client() as client:
        for song, name, kind in zip(SONGS, NAMES, kinds, strict=True):
            answer = await client.get(f"{AUDIO}/{song.id}")
            assert answer.status == 200 and answer.headers["Content-Type"] == kind
            assert answer.headers["Accept-Ranges"] == "bytes"
            assert await answer.read() == (house.music / name).read_bytes()
            head = await client.head(f"{AUDIO}/{song.id}{Path(name).suffix}")
            assert head.status == 200 and head.content_length == 20000 and await head.read() == b""


def test_every_kind_of_song_has_a_type() -> None:
    assert set(TYPES) == set(SUFFIXES)
    assert (
        content_type(Path("x.MP3")) == "audio/mpeg" and content_type(Path("x")) == "application/octet-stream"
    )


@pytest.mark.parametrize(
    ("wanted", "status", "start", "end"),
    [
        ("bytes=0-", 206, 0, 20000),
        ("bytes=100-199", 206, 100, 200),
        ("bytes=19990-99999", 206, 19990, 20000),
        ("bytes=-10", 206, 19990, 20000),
        ("bytes=20000-", 416, 0, 0),
        ("bytes=9-3", 416, 0, 0),
        ("lines=1-2", 416, 0, 0),
    ],
)
async def test_parts_of_it(tmp_path: Path, wanted: str, status: int, start: int, end: int) -> None:
    async with shelf(tmp_path) as (house, served), served.client() as client:
        answer = await client.get(f"{AUDIO}/aa11", headers={"Range": wanted})
        assert answer.status == status
        if status == 206:
            assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/20000"
            assert await answer.read() == (house.music / NAMES[0]).read_bytes()[start:end]


async def test_what_a_player_has_is_not_sent_again(tmp_path: Path) -> None:
    async with shelf(tmp_path) as (house, served), served.client() as client:
        tag = (await client.get(f"{AUDIO}/aa11")).headers["ETag"]
        assert (await client.get(f"{AUDIO}/aa11", headers={"If-None-Match": tag})).status == 304
        (house.music / NAMES[0]).write_bytes(b"another song")
        answer = await client.get(f"{AUDIO}/aa11", headers={"If-None-Match": tag})
        assert answer.status == 200 and await answer.read() == b"another song"
        # A part of the old file must not be joined to a part of the new one.
        answer = await client.get(f"{AUDIO}/aa11", headers={"If-Range": tag, "Range": "bytes=8-"})
        assert answer.status == 200 and await answer.read() == b"another song"
        tag = answer.headers["ETag"]
        answer = await client.get(f"{AUDIO}/aa11", headers={"If-Range": tag, "Range": "bytes=8-"})
        assert answer.status == 206 and await answer.read() == b"song"


async def test_a_link_opens_its_song_and_nothing_else(tmp_path: Path) -> None:
    async with (
        shelf(tmp_path) as (house, served),
        served.client() as client,
        served.client(token=None) as player,
    ):
        link = await (await client.get("/api/v1/songs/aa11/link")).json()
        assert link["expires"] == house.wall + LIFETIME and link["content_type"] == "audio/mpeg"
        assert urlsplit(link["path"]).path == f"{AUDIO}/aa11.mp3" and str(tmp_path) not in str(link)
        answer = await player.get(
            link["path"], headers={"Range": "bytes=0-3", "Origin": "https://cast.example"}
        )
        assert answer.status == 206 and await answer.read() == b"aa11"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        query = urlsplit(link["path"]).query
        assert (await player.get(f"{AUDIO}/aa11?{query}")).status == 200
        for path in (
            f"{AUDIO}/bb22?{query}",
            f"{AUDIO}/aa11?sig=",
            f"{AUDIO}/aa11?{query}x",
            f"{AUDIO}/aa11?sig=1.x",
        ):
            answer = await player.get(path)
            assert answer.status == 403 and "ask for a new one" in (await answer.json())["error"]
        for path in (f"/api/v1/songs?{query}", f"/api/v1/songs/aa11/link?{query}", f"{AUDIO}/aa11"):
            assert (await player.get(path)).status == 401
        house.wall += LIFETIME
        assert (await player.get(link["path"])).status == 403


async def test_an_old_link_played_again_and_again_locks_nobody_out(tmp_path: Path) -> None:
    async with shelf(tmp_path) as (_, served), served.client() as client:
        for _ in range(MAX_FAILURES + 2):
            assert (await client.get(f"{AUDIO}/aa11?sig=1.x")).status == 403
        assert (await client.get(f"{AUDIO}/aa11")).status == 200


async def test_no_such_song_and_no_such_file(tmp_path: Path) -> None:
    async with shelf(tmp_path) as (house, served), served.client() as client:
        for id in ("nobody", "..%2F..%2Fetc%2Fpasswd", "%2Fetc%2Fpasswd", "carol.mp3"):
            assert (await client.get(f"{AUDIO}/{id}")).status == 404
        assert (await client.get("/api/v1/songs/nobody/link")).status == 404
        (house.music / NAMES[0]).unlink()
        answer = await client.get(f"{AUDIO}/aa11")
        assert answer.status == 404 and "gone" in (await answer.json())["error"]


async def test_a_browser_page_of_another_site_needs_a_link(tmp_path: Path) -> None:
    async with shelf(tmp_path) as (_, served), served.client() as client:
        assert (await client.get(f"{AUDIO}/aa11", headers={"Origin": "https://evil.example"})).status == 403


tokens = st.text(st.characters(codec="ascii"), min_size=1, max_size=40)


@given(tokens, tokens, st.text("0123456789abcdef", min_size=1), st.floats(0, 4e9), st.floats(-1e6, 1e6))
def test_a_signature_holds_for_its_token_and_its_time(
    token: str, other: str, song: str, now: float, later: float
) -> None:
    signature, expires = Links(token).sign(song, now)
    assert Links(token).check(song, signature, now)
    assert expires <= now + LIFETIME
    assert Links(token).check(song, signature, now + later) == (
        now + later < expires <= now + later + LIFETIME + 60
    )
    assert Links(other).check(song, signature, now) == (token == other)


@given(st.text(max_size=60), st.text(max_size=60))
def test_made_up_signatures_are_refused(song: str, signature: str) -> None:
    assert not Links("token").check(song, signature, 1e9)


def test_the_key_is_not_the_token() -> None:
    assert "token" not in repr(vars(Links("token")))
