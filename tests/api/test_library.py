"""The library over HTTP and WebSocket, with real songs and a real librarian."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import mutagen
import numpy as np
import pytest
from aiohttp import ClientSession
from hypothesis import given, settings
from hypothesis import strategies as st
from mutagen.flac import Picture

from tests.api.stubs import TOKEN, House, serve
from tests.library.shelf import Shelf, done, make_song, shelf
from yulelight.api import library_wire
from yulelight.api.services import Services
from yulelight.core.errors import UsageError
from yulelight.library.librarian import LibraryAccess
from yulelight.show.show import Show

PNG = b"\x89PNG\r\n\x1a\n" + bytes(1000)


class WithLibrary(House):
    def __init__(self, made: Shelf) -> None:
        super().__init__()
        self.access = LibraryAccess(made.librarian, made.shows, made.states)

    def services(self, *parts: Any) -> Services:
        return dataclasses.replace(super().services(*parts), library=self.access)


@asynccontextmanager
async def library(home: Path) -> AsyncIterator[tuple[Shelf, ClientSession]]:
    """Three songs, one with tags and a cover, one that cannot be played."""
    path = make_song(home / "music" / "Album" / "01.flac", 300)
    song = mutagen.File(path)
    song.update(title="Stille Nacht", artist="Gruber", album="Weihnacht", genre="Carol", tracknumber="3/9")
    picture = Picture()
    picture.data, picture.type = PNG, 3
    song.add_picture(picture)
    song.save()
    make_song(home / "music" / "Trad. - Bells.flac", 500)
    (home / "music" / "broken.mp3").write_bytes(b"no music" * 500)
    async with shelf(home) as made, serve(WithLibrary(made)) as served, served.client() as client:
        await made.until(done)
        yield made, client


async def get(client: ClientSession, path: str, status: int = 200) -> Any:
    async with client.get(f"/api/v1/{path}") as answer:
        assert answer.status == status, await answer.text()
        return await answer.json()


async def test_songs_are_listed_searched_and_paged(tmp_path: Path) -> None:
    async with library(tmp_path) as (_, client):
        songs = await get(client, "songs")
        assert songs["total"] == 3
        assert [song["title"] for song in songs["songs"]] == ["Stille Nacht", "Bells", "broken"]
        first = songs["songs"][0]
        assert first == {
            "id": first["id"],
            "title": "Stille Nacht",
            "artist": "Gruber",
            "duration": 3.5,
            "album": "Weihnacht",
            "genre": "Carol",
            "track": 3,
            "cover": True,
            "rendered": True,
            "problem": "",
        }
        assert "not music" in songs["songs"][2]["problem"]
        assert str(tmp_path) not in str([{**song, "problem": ""} for song in songs["songs"]])
        for query, titles in (
            ("search=NACHT+gruber", ["Stille Nacht"]),
            ("album=weihnacht", ["Stille Nacht"]),
            ("artist=trad.", ["Bells"]),
            ("offset=1&limit=1", ["Bells"]),
            ("offset=3", []),
            ("search=nowhere", []),
        ):
            found = await get(client, f"songs?{query}")
            assert [song["title"] for song in found["songs"]] == titles, query
        for wrong in ("limit=-1", "offset=x", "colour=red", "limit=%F0%9F%8E%84"):
            assert "error" in await get(client, f"songs?{wrong}", 400)


async def test_a_song_and_its_settings(tmp_path: Path) -> None:
    async with library(tmp_path) as (made, client):
        id = made.named("Bells").song.id
        song = await get(client, f"songs/{id}")
        assert song["file"] == "Trad. - Bells.flac"
        assert song["size"] == (tmp_path / "music" / "Trad. - Bells.flac").stat().st_size
        assert song["settings"] == {"look": None, "model": None, "gain": 0.0, "trim": False, "delay": 0.0}
        assert song["duplicates"] == []
        changes = {"look": "calm", "gain": -3, "trim": True, "delay": 0.25}
        async with client.patch(f"/api/v1/songs/{id}", json=changes) as answer:
            changed = await answer.json()
            assert changed["settings"] == {**song["settings"], **changes}
            assert not changed["rendered"]
        await made.until(done)
        assert (await get(client, f"songs/{id}"))["rendered"]
        async with client.patch(f"/api/v1/songs/{id}", json={"look": None, "gain": None}) as answer:
            assert (await answer.json())["settings"]["look"] is None
        for wrong in ({"look": "gone"}, {"model": "gone"}, {"gain": 99}, {"trim": 1}, {"x": 1}):
            async with client.patch(f"/api/v1/songs/{id}", json=wrong) as answer:
                assert answer.status == 400
        assert (await get(client, f"songs/{id}"))["settings"]["delay"] == 0.25


async def test_songs_that_are_not_there(tmp_path: Path) -> None:
    async with library(tmp_path) as (_, client):
        for id in ("0" * 16, "..%2f..%2fetc%2fpasswd", "x" * 300):
            for path in ("", "/cover", "/show"):
                assert "no such song" in (await get(client, f"songs/{id}{path}", 404))["error"]
            async with client.post(f"/api/v1/songs/{id}/render") as answer:
                assert answer.status == 404
            async with client.patch(f"/api/v1/songs/{id}", json={"trim": True}) as answer:
                assert answer.status == 404


async def test_covers(tmp_path: Path) -> None:
    async with library(tmp_path) as (made, client):
        path = f"/api/v1/songs/{made.named('Stille Nacht').song.id}/cover"
        async with client.get(path) as answer:
            assert (answer.status, answer.content_type) == (200, "image/png")
            assert await answer.read() == PNG
            mark = answer.headers["ETag"]
        async with client.get(path, headers={"If-None-Match": mark}) as answer:
            assert answer.status == 304
        assert "no cover" in (await get(client, f"songs/{made.named('Bells').song.id}/cover", 404))["error"]
        async with ClientSession(str(client._base_url)) as stranger, stranger.get(path) as answer:
            assert answer.status == 401
        assert TOKEN not in path


async def test_a_show_is_rendered_if_need_be(tmp_path: Path) -> None:
    async with library(tmp_path) as (made, client):
        id = made.named("Bells").song.id
        show = await get(client, f"songs/{id}/show")
        assert show["duration"] == pytest.approx(3.5, abs=0.1)
        assert 0 < len(show["peaks"]) <= 400
        assert max(show["peaks"]) > 20
        assert show["sections"][0] == 0.0
        async with client.post("/api/v1/library", json={"action": "pause"}) as answer:
            assert (await answer.json())["paused"]
        async with client.patch(f"/api/v1/songs/{id}", json={"look": "classic"}) as answer:
            assert answer.status == 200
        async with client.get(f"/api/v1/songs/{id}/show") as answer:
            assert answer.status == 202
            assert int(answer.headers["Retry-After"]) > 0
        await made.until(lambda state: state.rendered == 2)
        assert (await get(client, f"songs/{id}/show"))["peaks"]
        broken = made.named("broken").song.id
        assert "not music" in (await get(client, f"songs/{broken}/show", 409))["error"]


async def test_the_library_as_a_whole(tmp_path: Path) -> None:
    async with library(tmp_path) as (made, client):
        state = await get(client, "library")
        assert (state["songs"], state["rendered"], state["waiting"], state["paused"]) == (3, 2, 0, False)
        assert 0 < state["cache"]["bytes"] < state["cache"]["limit"]
        make_song(tmp_path / "music" / "new.flac", 800)
        async with client.post("/api/v1/library", json={"action": "rescan"}) as answer:
            assert answer.status == 200
        await made.until(lambda state: state.rendered == 3)
        async with client.post(f"/api/v1/songs/{made.named('new').song.id}/render") as answer:
            assert (await answer.json())["rendered"]
        for wrong in ({}, {"action": "burn"}, {"action": "pause", "x": 1}, {"action": ["pause"]}):
            async with client.post("/api/v1/library", json=wrong) as answer:
                assert answer.status == 400


async def test_the_topic(tmp_path: Path) -> None:
    async with library(tmp_path) as (made, client), client.ws_connect("/api/v1/ws") as socket:
        assert (await socket.receive_json())["type"] == "server"
        await socket.send_json({"id": 1, "type": "subscribe", "topic": "library"})
        assert (await socket.receive_json())["ok"]
        first = await socket.receive_json()
        assert (first["type"], first["songs"], first["paused"]) == ("library", 3, False)
        await socket.send_json({"id": 2, "type": "get", "view": "library"})
        assert (await socket.receive_json())["result"]["rendered"] == 2
        make_song(tmp_path / "music" / "new.flac", 800)
        async with asyncio.timeout(60):
            while (await socket.receive_json())["rendered"] != 3:
                pass
        assert (await made.ask()).rendered == 3


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["search", "artist", "album", "offset", "limit", "x"]), st.text()))
def test_queries_are_understood_or_refused(values: dict[str, str]) -> None:
    try:
        query = library_wire.query(values)
    except UsageError as error:
        assert str(error)
    else:
        assert 0 <= query.limit <= library_wire.PAGE
        assert query.offset >= 0


@settings(deadline=None)
@given(frames=st.integers(0, 2000), seed=st.integers(0, 99))
def test_peaks_cover_the_whole_show(frames: int, seed: int) -> None:
    levels = np.random.default_rng(seed).integers(0, 256, (frames, 8), np.uint8)
    peaks = library_wire.summary(Show(levels, levels > 9, 86.13, (), "mel"))["peaks"]
    assert len(peaks) == min(frames, 400)
    if frames:
        assert max(peaks) == round(float(levels.mean(axis=1).max()))
