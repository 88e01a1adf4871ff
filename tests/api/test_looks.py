"""Looks over the API of a real service: made, changed, tried on what plays, and removed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse

from tests.api.page_house import settings_of
from tests.api.waiting import eventually
from tests.library.shelf import make_song
from yulelight.api.trial import Trial
from yulelight.app.build import running
from yulelight.app.settings import load
from yulelight.core.errors import CommandError


@asynccontextmanager
async def house(settings: Any) -> AsyncIterator[ClientSession]:
    async with running(settings) as service:
        headers = {"Authorization": f"Bearer {service.identity.token}"}
        async with ClientSession(service.address, headers=headers) as client:
            yield client


async def call(client: ClientSession, method: str, path: str, body: Any = None, status: int = 200) -> Any:
    async with client.request(method, f"/api/v1/{path}", json=body) as answer:
        assert answer.status == status, await answer.text()
        return await answer.json()


async def playing(client: ClientSession) -> None:
    songs = (await call(client, "GET", "songs?search=long"))["songs"]
    await call(client, "POST", "control", {"command": "play", "song": songs[0]["id"]})

    async def begun() -> bool:
        return bool((await call(client, "GET", "status"))["state"] == "playing")

    await eventually(begun)


async def test_a_look_is_made_changed_and_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("yulelight.toml").write_text("# ours\n")
    async with house(settings_of(tmp_path)) as client:
        async with client.ws_connect("/api/v1/ws") as socket:
            news = await subscribed(socket, client)
            made = await call(client, "PUT", "looks/Fireside", {"base": "calm", "drama": 0.4})
            assert made["looks"][-1] == "Fireside" and made["look"] == "lively"
            values = {"base": "calm", "drama": 0.4}
            assert made["own"] == [{"name": "Fireside", "values": values, "fixed": ""}]
            assert (await news())["looks"][-1] == "Fireside"
            await call(client, "POST", "control", {"command": "look", "look": "Fireside"})
            await call(client, "PUT", "looks/Fireside", {"base": "elegant"})
            assert load().looks["Fireside"].base == "elegant"
            gone = await call(client, "DELETE", "looks/Fireside")
            assert "Fireside" not in gone["looks"] and gone["look"] == "elegant", "what it was based on"
        for method, name, body, status in (
            ("PUT", "calm", {"base": "lively"}, 400),
            ("PUT", "Far", {"base": "lively", "drama": 2}, 400),
            ("PUT", "Far", {"base": "nothing"}, 400),
            ("PUT", "Far", [], 400),
            ("DELETE", "Far", None, 404),
            ("DELETE", "calm", None, 404),
        ):
            refused = await call(client, method, f"looks/{name}", body, status)
            assert refused["error"]
    assert Path("yulelight.toml").read_text().strip() == "# ours"


async def subscribed(socket: ClientWebSocketResponse, client: ClientSession) -> Callable[[], Awaitable[Any]]:
    token = str(client.headers["Authorization"]).removeprefix("Bearer ")

    async def heard() -> Any:
        async with asyncio.timeout(30):
            while True:
                message = await socket.receive_json()
                if message["type"] == "looks":
                    return message

    await socket.send_json({"type": "auth", "token": token})
    await socket.send_json({"id": 1, "type": "subscribe", "topic": "looks"})
    assert (await heard())["own"] == []
    return heard


async def test_a_look_is_tried_on_what_plays_and_is_over_when_another_is_chosen(tmp_path: Path) -> None:
    make_song(tmp_path / "music" / "Trad. - Long Night.flac", seconds=90)
    settings = settings_of(tmp_path, songs=())
    async with house(settings) as client:
        refused = await call(client, "POST", "looks/try", {"look": "calm"}, 409)
        assert "play a song first" in refused["error"]
        await playing(client)
        shows = settings.data / "shows"
        before = {path.name for path in shows.iterdir()}
        await call(client, "POST", "looks/try", {"base": "calm", "calm": 1.0, "ahead": True})
        ahead = {path.name for path in shows.iterdir()} - before
        assert len(ahead) >= 1, "its lights are made"
        tried = await call(client, "POST", "looks/try", {"base": "calm", "calm": 1.0})
        assert tried["look"] == "lively", "it has no name"
        tried = await call(client, "POST", "looks/try", {"look": "elegant"})
        assert tried["look"] == "elegant"
        status = await call(client, "POST", "control", {"command": "look", "look": "lively"})
        assert status["look"] == "lively" and status["state"] == "playing"
        for body in ({"look": "none"}, {"look": 5}, {"look": "calm", "base": "calm"}, {"ahead": 1}, {"x": 1}):
            async with client.post("/api/v1/looks/try", json=body) as answer:
                assert answer.status in (400, 409), body


async def test_only_the_newest_try_is_made() -> None:
    trial, begun, ended = Trial(), asyncio.Event(), asyncio.Event()

    async def long() -> None:
        begun.set()
        try:
            await asyncio.sleep(3600)
        finally:
            ended.set()

    first = asyncio.create_task(trial.run(long()))
    await begun.wait()

    async def short() -> None:
        pass

    await trial.run(short())
    with pytest.raises(CommandError, match="another look"):
        await first
    assert ended.is_set()

    async def broken() -> None:
        raise CommandError("the file is gone")

    with pytest.raises(CommandError, match="gone"):
        await trial.run(broken())
    begun.clear()
    ended.clear()
    left = asyncio.create_task(trial.run(long()))
    await begun.wait()
    left.cancel()
    with pytest.raises(asyncio.CancelledError):
        await left
    async with asyncio.timeout(30):
        await ended.wait()
