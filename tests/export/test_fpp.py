"""Uploads, to a server that answers as the Falcon Player's API describes itself."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from yulelight.core.errors import NetworkError, UsageError
from yulelight.export import fpp
from yulelight.export.fpp import FalconPlayer, Item


class Player:
    """Keeps what it gets; ``answers`` are given instead of the usual one."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.playlists: dict[str, object] = {}
        self.answer: web.Response | None = None
        app = web.Application(client_max_size=1 << 26)
        app.router.add_post("/api/file/{folder}/{name}", self._file)
        app.router.add_post("/api/playlist/{name}", self._playlist)
        self.server = TestServer(app)

    async def _file(self, request: web.Request) -> web.Response:
        name = f"{request.match_info['folder']}/{request.match_info['name']}"
        self.files[name] = await request.read()
        return self.answer or web.json_response({"status": "OK", "file": request.match_info["name"]})

    async def _playlist(self, request: web.Request) -> web.Response:
        self.playlists[request.match_info["name"]] = await request.json()
        return self.answer or web.json_response(await request.json())

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server.port}"


@pytest.fixture
async def player() -> AsyncIterator[Player]:
    made = Player()
    async with made.server:
        yield made


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as made:
        yield made


async def test_files_and_playlist_arrive_whole(
    player: Player, session: aiohttp.ClientSession, tmp_path: Path
) -> None:
    music, sequence = bytes(range(256)) * 5000, b"PSEQ" + bytes(1000)
    (tmp_path / "a").write_bytes(music)
    (tmp_path / "b").write_bytes(sequence)
    falcon = FalconPlayer(session, player.address)
    await falcon.upload_music(tmp_path / "a", "Noël & Co #1?%2F.mp3")
    await falcon.upload_sequence(tmp_path / "b", "Noël.fseq")
    await falcon.save_playlist("To night", [Item("Noël.fseq", "Noël.mp3", 61.5), Item("b.fseq", "b.ogg", 3)])
    assert player.files == {"music/Noël & Co #1?%2F.mp3": music, "sequences/Noël.fseq": sequence}
    saved = player.playlists["To night"]
    assert isinstance(saved, dict)
    assert [(e["type"], e["sequenceName"], e["mediaName"]) for e in saved["mainPlaylist"]] == [
        ("both", "Noël.fseq", "Noël.mp3"),
        ("both", "b.fseq", "b.ogg"),
    ]
    assert saved["playlistInfo"] == {"total_duration": 64.5, "total_items": 2}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (web.Response(status=404, text="no such page"), "HTTP 404"),
        (web.Response(status=302, headers={"Location": "http://127.0.0.1:1/"}), "HTTP 302"),
        (web.Response(text=json.dumps({"Status": "Error", "message": "disk is full"})), "disk is full"),
        (web.Response(text=json.dumps({"status": {"odd": [1]}})), "odd"),
    ],
)
async def test_a_refusal_is_told(
    player: Player, session: aiohttp.ClientSession, tmp_path: Path, answer: web.Response, words: str
) -> None:
    (tmp_path / "a").write_bytes(b"x")
    player.answer = answer
    with pytest.raises(NetworkError, match=words):
        await FalconPlayer(session, player.address).upload_music(tmp_path / "a", "a.mp3")


@pytest.mark.parametrize("text", ["OK", "[1, 2]", "{}", '"fine"', "\ufeffnull", "[" * 60_000])
async def test_other_answers_of_success_are_taken(
    player: Player, session: aiohttp.ClientSession, tmp_path: Path, text: str
) -> None:
    (tmp_path / "a").write_bytes(b"x")
    player.answer = web.Response(text=text)
    await FalconPlayer(session, player.address).upload_music(tmp_path / "a", "a.mp3")
    assert player.files == {"music/a.mp3": b"x"}


@pytest.mark.parametrize("reads", [False, True])
async def test_a_player_that_takes_nothing_or_never_answers_is_given_up(
    session: aiohttp.ClientSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reads: bool
) -> None:
    monkeypatch.setattr(fpp, "SILENT", 0.5)
    ended = asyncio.Event()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while reads and await reader.read(1 << 16):
            pass
        await ended.wait()
        writer.close()

    (tmp_path / "a").write_bytes(bytes(20_000_000))
    async with await asyncio.start_server(listen, "127.0.0.1", 0, limit=1024) as server:
        falcon = FalconPlayer(session, f"127.0.0.1:{server.sockets[0].getsockname()[1]}")
        with pytest.raises(NetworkError, match=r"did not take a\.mp3: no answer"):
            await falcon.upload_music(tmp_path / "a", "a.mp3")
        ended.set()


async def test_nobody_there_is_a_sentence(session: aiohttp.ClientSession, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    with pytest.raises(NetworkError, match="is it on, and an FPP"):
        await FalconPlayer(session, "127.0.0.1:9").upload_music(tmp_path / "a", "a.mp3")


@pytest.mark.parametrize(
    "address", ["", "http://fpp.local", "fpp.local/path", "a b", "user:x@fpp", "fpp:port", "[::1"]
)
async def test_what_is_no_address_is_said(session: aiohttp.ClientSession, address: str) -> None:
    with pytest.raises(UsageError, match="not the address of a player"):
        FalconPlayer(session, address)
