"""Connections that never become a request, over real sockets."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from tests.api.stubs import TOKEN, Served, serve, until
from tests.crowd import most_files
from yulelight.api import body, pairing_routes
from yulelight.api.http_connection import Deadlines
from yulelight.core.connections import ConnectionLimits

LIMITS = ConnectionLimits(total=40, by_address=30, strangers=20, strangers_by_address=10)
HALF = b"GET /health HTTP/1.1\r\nHost: x\r\n"

Pair = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@contextlib.asynccontextmanager
async def connections(served: Served, count: int, says: bytes = b"") -> AsyncIterator[list[Pair]]:
    pairs = []
    try:
        for _ in range(count):
            pairs.append(await asyncio.open_connection("127.0.0.1", served.server.port))
            pairs[-1][1].write(says)
        yield pairs
    finally:
        for _, writer in pairs:
            writer.close()


async def answer(reader: asyncio.StreamReader) -> bytes:
    """Whatever comes until the other side closes."""
    with contextlib.suppress(ConnectionError):
        async with asyncio.timeout(20):
            return await reader.read()
    return b""


@pytest.mark.parametrize("says", [b"", HALF, b"\x16\x03\x01"])
async def test_a_crowd_that_sends_no_request_keeps_nobody_out(says: bytes) -> None:
    async with (
        serve(limits=LIMITS) as served,
        served.client() as session,
        session.ws_connect("/api/v1/ws") as early,
    ):
        await early.receive_json()
        async with connections(served, 200, says):
            async with session.get("/api/v1/status") as response:
                assert response.status == 200
            async with served.client(None) as stranger, stranger.get("/health") as response:
                assert response.status == 200
            await until(lambda: len(served.server.connections) <= 14)
            await early.send_json({"id": 1, "type": "get", "view": "status"})
            assert (await early.receive_json())["ok"]


@pytest.mark.parametrize("says", [b"", HALF])
async def test_who_sends_no_whole_request_is_hung_up_on(says: bytes) -> None:
    deadlines = Deadlines(request=0.2, stranger=60.0, idle=60.0)
    async with serve(deadlines=deadlines) as served, connections(served, 3, says) as pairs:
        assert [await answer(reader) for reader, _ in pairs] == [b"", b"", b""]
        await until(lambda: len(served.server.connections) == 0)


async def test_an_answer_that_a_stranger_does_not_read_is_not_kept_for_ever() -> None:
    deadlines = Deadlines(request=60.0, stranger=0.5, idle=60.0)
    requests = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n" * 2000
    async with serve(deadlines=deadlines) as served, connections(served, 1, requests):
        await until(lambda: len(served.server.connections) == 1)
        await until(lambda: len(served.server.connections) == 0)


async def test_half_a_second_request_is_not_waited_for_long() -> None:
    deadlines = Deadlines(request=60.0, stranger=60.0, idle=0.3)
    first = f"GET /api/v1/info HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n\r\n".encode()
    async with serve(deadlines=deadlines) as served, connections(served, 1, first + HALF) as [(reader, _)]:
        assert (await answer(reader)).startswith(b"HTTP/1.1 200 OK")


async def test_who_has_shown_the_token_stays() -> None:
    deadlines = Deadlines(request=0.3, stranger=0.3, idle=60.0)
    async with (
        serve(deadlines=deadlines) as served,
        served.client() as session,
        session.ws_connect("/api/v1/ws") as by_header,
        served.client(None) as other,
        other.ws_connect("/api/v1/ws") as by_message,
    ):
        await by_message.send_json({"type": "auth", "token": TOKEN})
        async with connections(served, 1) as [(idle, _)]:
            assert await answer(idle) == b""
        for socket in (by_header, by_message):
            await socket.send_json({"id": 1, "type": "get", "view": "status"})
            async with asyncio.timeout(20):
                while (await socket.receive_json()).get("id") != 1:
                    pass


async def test_a_crowd_that_comes_at_once_does_not_use_up_the_files() -> None:
    """In one pass of its loop, asyncio would accept a hundred connections before the first is counted."""
    async with serve(limits=LIMITS) as served:
        assert await most_files(served.server.port, 100) <= 40


async def test_who_is_gone_before_the_body_is_read_is_no_error_of_the_service(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = asyncio.Event()

    async def late(request: web.Request) -> object:
        assert request.transport is not None
        request.transport.abort()
        await asyncio.sleep(0.1)
        tried.set()
        return await body.read_json(request)

    monkeypatch.setattr(pairing_routes, "read_json", late)
    says = (
        b"POST /api/v1/pairing HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Content-Length: 1000\r\n\r\n{"
    )
    async with serve() as served, connections(served, 1, says) as [(reader, _)]:
        assert await answer(reader) == b""
        await tried.wait()
        await asyncio.sleep(0.1)
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []
