"""Sending songs over HTTP: what the phone is told, and what cannot be done with it."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from tests.api.stubs import TOKEN, Served, serve
from tests.api.test_library import WithLibrary
from tests.library.shelf import Shelf, done, make_song, shelf
from yulelight.api.services import Services
from yulelight.library.inbox import Inbox


class Receiving(WithLibrary):
    """Songs go into the library's own folder."""

    def __init__(self, made: Shelf, music: Path) -> None:
        super().__init__(made)
        self.music = music

    def services(self, *parts: Any) -> Services:
        return dataclasses.replace(super().services(*parts), inbox=Inbox(lambda: self.music))


async def test_a_song_is_sent_in_pieces_and_found(tmp_path: Path) -> None:
    data = make_song(tmp_path / "elsewhere" / "Trad. - Noël.flac", 3000).read_bytes()
    make_song(tmp_path / "music" / "Trad. - Here already.flac", 500)
    async with (
        shelf(tmp_path) as made,
        serve(Receiving(made, tmp_path / "music")) as served,
        served.client() as http,
    ):
        await made.until(done)
        at = "/api/v1/uploads/abcdef123"
        half = len(data) // 2
        query = {"name": "Trad. - Noël.flac", "size": str(len(data))}
        async with http.put(at, params={**query, "offset": "0"}, data=data[:half]) as answer:
            assert answer.status == 200 and await answer.json() == {"offset": half, "file": ""}
        async with http.get(at) as answer:
            assert await answer.json() == {"offset": half}
        async with http.put(at, params={**query, "offset": "0"}, data=data[:half]) as answer:
            assert answer.status == 409 and str(half) in (await answer.json())["error"]
        async with http.put(at, params={**query, "offset": str(half)}, data=data[half:]) as answer:
            assert await answer.json() == {"offset": len(data), "file": "Trad. - Noël.flac"}
        await made.until(lambda state: state.songs == 2)
        async with http.get("/api/v1/songs", params={"search": "noel"}) as answer:
            assert [song["title"] for song in (await answer.json())["songs"]] == ["Noël"]


@pytest.mark.parametrize(
    ("key", "query", "status"),
    [
        ("abcdef123", {"name": "../../evil.mp3"}, 400),
        ("abcdef123", {"name": "evil.sh"}, 400),
        ("abcdef123", {"size": "-1"}, 400),
        ("abcdef123", {"offset": "x"}, 400),
        ("abcdef123", {"size": "99999999999"}, 400),
        ("..%2f..%2fetc", {}, 400),
        ("short", {}, 400),
    ],
)
async def test_what_is_amiss_is_refused(served: Served, key: str, query: dict[str, str], status: int) -> None:
    whole = {"name": "a.mp3", "size": "2000", "offset": "0", **query}
    async with (
        served.client() as http,
        http.put(f"/api/v1/uploads/{key}", params=whole, data=b"ID3" + bytes(997)) as answer,
    ):
        assert answer.status == status and (await answer.json())["error"]


async def test_pieces_are_bounded_and_need_the_token(served: Served) -> None:
    query = {"name": "a.mp3", "size": "9000000", "offset": "0"}
    at = "/api/v1/uploads/abcdef123"
    async with served.client() as http, http.put(at, params=query, data=bytes(4_100_000)) as answer:
        assert answer.status == 400 and "at most 4000000 bytes" in (await answer.json())["error"]
    async with served.client(None) as http, http.put(at, params=query, data=b"ID3") as answer:
        assert answer.status == 401
    async with served.client(TOKEN[:-1]) as http, http.delete(at) as answer:
        assert answer.status == 401
