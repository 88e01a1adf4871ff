"""Songs from the web: only whole songs, only from http, gone afterwards."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from tests.audio.sounds import burst, write
from tests.brokers import free_port
from yulelight.core.errors import AudioError, UsageError
from yulelight.core.reach import Reach, within
from yulelight.core.web_address import checked
from yulelight.inputs import url as inputs_url
from yulelight.inputs.url import fetched


@asynccontextmanager
async def serving(
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]], host: str = "127.0.0.1"
) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_get("/{path:.*}", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, host, 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@pytest.fixture
def song(tmp_path: Path) -> bytes:
    return write(tmp_path / "song.flac", burst()).read_bytes()


async def test_a_song_is_pulled_and_removed(song: bytes) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=song)

    async with serving(answer) as url:
        async with fetched(f"{url}/x/Silent%20Night.flac", reach="any") as path:
            assert path.read_bytes() == song
        assert not path.parent.exists()


async def message_of(url: str, reach: Reach, largest: int) -> str:
    with pytest.raises(AudioError) as caught:
        async with fetched(url, reach=reach, largest=largest, patience=2.0):
            pass
    return str(caught.value)


async def test_whatever_is_wrong_has_one_message(song: bytes) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        match request.path:
            case "/page":
                return web.Response(text="<html>no music</html>" * 100)
            case "/gone":
                return web.Response(status=404)
            case "/large":
                return web.Response(body=song * 50)
            case "/elsewhere":
                raise web.HTTPFound("file:///etc/passwd")
            case "/round":
                raise web.HTTPFound("/round")
            case "/slow":
                response = web.StreamResponse()
                await response.prepare(request)
                await asyncio.sleep(5)
                return response
        raise AssertionError

    most = 10 * len(song)
    async with serving(answer) as url:
        paths = ("page", "gone", "large", "elsewhere", "round", "slow")
        messages = {await message_of(f"{url}/{path}", "any", most) for path in paths}
    messages.add(await message_of(url, "any", most))
    assert len(messages) == 1
    assert "127.0.0.1 did not send a song: check the address" in messages.pop()


@pytest.mark.parametrize("reach", ["public", "lan"])
async def test_this_machine_is_not_asked_and_open_ports_look_like_closed_ones(reach: Reach) -> None:
    asked = 0

    async def answer(_: web.Request) -> web.Response:
        nonlocal asked
        asked += 1
        return web.Response()

    async with serving(answer) as url:
        port = url.rpartition(":")[2]
        hosts = ("127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "127.1", "2130706433", "0.0.0.0")
        for host in hosts:
            opened = await message_of(f"http://{host}:{port}/", reach, 1_000_000)
            assert opened == await message_of(f"http://{host}:{free_port()}/", reach, 1_000_000)
    assert asked == 0


async def test_an_answer_that_sends_to_this_machine_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    paths = []

    async def answer(request: web.Request) -> web.Response:
        paths.append(request.path)
        raise web.HTTPFound(f"http://127.0.0.2:{request.url.port}/secret")

    # The test has no public address: the first of loopback's stands for one.
    monkeypatch.setattr(
        inputs_url, "within", lambda address, reach: address == "127.0.0.1" or within(address, reach)
    )
    async with serving(answer, "0.0.0.0") as url:
        await message_of(f"http://127.0.0.1:{url.rpartition(':')[2]}/song", "public", 1_000_000)
    assert paths == ["/song"]


async def test_a_name_that_resolves_to_this_machine_is_not_connected_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response()

    real = socket.getaddrinfo

    def rebound(host: str, *rest: object, **more: object) -> object:
        return real("127.0.0.1" if host == "songs.example" else host, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", rebound)
    async with serving(answer) as url:
        await message_of(f"http://songs.example:{url.rpartition(':')[2]}/song", "public", 1_000_000)
    assert asked == []


@pytest.mark.parametrize(
    "url",
    [
        *("file:///etc/passwd", "ftp://x/y", "/etc/passwd", "http://", "javascript:x"),
        *("http://x/" + "y" * 3000, "http://[x/", "http://x/\n"),
    ],
)
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(UsageError, match="http://"):
        checked(url)
