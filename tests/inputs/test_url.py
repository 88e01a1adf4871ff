"""Songs from the web: only whole songs, only from http, gone afterwards."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from tests.audio.sounds import burst, write
from yulelight.core.errors import AudioError, UsageError
from yulelight.inputs.url import checked, fetched


@asynccontextmanager
async def serving(handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_get("/{path:.*}", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
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
        async with fetched(f"{url}/x/Silent%20Night.flac") as path:
            assert path.read_bytes() == song
        assert not path.parent.exists()


async def test_what_is_no_song_is_refused_in_words(song: bytes) -> None:
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

    async with serving(answer) as url:
        for path, match in {
            "page": "not music",
            "gone": "404",
            "large": "larger than",
            "elsewhere": "did not send",
            "round": "did not send",
            "slow": "whole song",
        }.items():
            with pytest.raises(AudioError, match=match):
                async with fetched(f"{url}/{path}", largest=10 * len(song), patience=2.0):
                    pass
    with pytest.raises(AudioError, match="did not send"):
        async with fetched(url, patience=10.0):
            pass


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
