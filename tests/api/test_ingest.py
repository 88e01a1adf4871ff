"""Streams over HTTP and WebSocket into a sink that remembers."""

import asyncio
import contextlib
import inspect
import json
import socket
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from aiohttp import ClientError, ClientSession, ClientWebSocketResponse, WSMsgType
from hypothesis import given
from hypothesis import strategies as st

from tests.api.stubs import TOKEN, Served, until
from yulelight.api import ingest, liveness, streams
from yulelight.api.ingest import clean_title, parse_hello
from yulelight.audio.pcm import PcmFormat
from yulelight.core.errors import UsageError
from yulelight.core.messages import State, Status

PATIENCE = 20.0
HELLO = {"rate": 44100, "channels": 2, "format": "s16le", "title": "From the attic"}


async def chunks(count: int, size: int = 4096) -> AsyncIterator[bytes]:
    for k in range(count):
        yield bytes([k % 256]) * size


async def test_a_body_arrives_whole_with_its_title(served: Served) -> None:
    async with served.client() as client:
        answer = await client.post("/api/v1/ingest", params={"title": "Grüße\n vom Dach"}, data=chunks(64))
        assert answer.status == 200 and await answer.json() == {"bytes": 64 * 4096}
    sink = served.house.sinks[0]
    assert sink.title == "Grüße vom Dach" and sink.pcm is None
    assert bytes(sink.data) == b"".join([c async for c in chunks(64)])
    assert sink.finished and sink.aborted is None


async def test_what_is_no_audio_is_unsupported(served: Served) -> None:
    async with served.client() as client:
        answer = await client.post("/api/v1/ingest", data=b"not audio at all")
        assert answer.status == 415 and "no audio" in (await answer.json())["error"]
        empty = await client.post("/api/v1/ingest", data=b"")
        assert empty.status == 415 and "empty" in (await empty.json())["error"]
    assert [sink.finished for sink in served.house.sinks] == [False, False]
    assert all(sink.aborted for sink in served.house.sinks)


async def test_one_stream_at_a_time(served: Served) -> None:
    served.house.gate.clear()
    async with served.client() as client:
        first = asyncio.create_task(client.post("/api/v1/ingest", data=b"music"))
        await until(lambda: served.house.sinks)
        second = await client.post("/api/v1/ingest", data=b"music")
        assert second.status == 409 and "another stream" in (await second.json())["error"]
        async with client.ws_connect("/api/v1/ingest") as socket:
            await socket.send_json(HELLO)
            assert (await socket.receive_json(timeout=PATIENCE))["status"] == 409
        served.house.gate.set()
        assert (await first).status == 200
        assert (await client.post("/api/v1/ingest", data=b"music")).status == 200


async def test_a_refusing_show_is_a_conflict(served: Served) -> None:
    served.house.status = Status(State.PAUSED)
    async with served.client() as client:
        answer = await client.post("/api/v1/ingest", data=b"music")
        assert answer.status == 409 and "paused" in (await answer.json())["error"]


def ahead(address: str, kind: str) -> socket.socket:
    """A sender that is far ahead of the show: all that it ever says waits in buffers."""
    host, port = urlsplit(address).hostname, urlsplit(address).port
    sender = socket.create_connection((host, port))
    ways = {
        "body": f"POST /api/v1/ingest HTTP/1.1\r\nContent-Length: {1 << 30}\r\n",
        "socket": "GET /api/v1/ingest HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
    }
    sender.sendall(f"{ways[kind]}Host: x\r\nAuthorization: Bearer {TOKEN}\r\n\r\n".encode())
    if kind == "socket":
        hello = json.dumps(HELLO).encode()
        sender.sendall(bytes([0x81, 0x80 | len(hello), 0, 0, 0, 0]) + hello)
    sender.settimeout(0.5)
    with contextlib.suppress(TimeoutError):
        while True:
            piece = bytes(65536)
            head = b"" if kind == "body" else b"\x82\xff" + len(piece).to_bytes(8, "big") + bytes(4)
            sender.sendall(head + piece)
    return sender


@pytest.mark.parametrize("kind", ["body", "socket"])
async def test_a_sender_that_is_gone_is_noticed_behind_all_that_it_had_sent(
    served: Served, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspect.unwrap(liveness.listening_for), "__defaults__", (0.1,))
    served.house.gate.clear()  # the show takes nothing
    sender = await asyncio.to_thread(ahead, served.url, kind)
    await until(lambda: served.house.sinks)
    await asyncio.sleep(0.5)
    assert served.house.sinks[0].aborted is None  # it is only ahead
    sender.close()
    await until(lambda: served.house.sinks[0].aborted)
    assert served.house.sinks[0].aborted == "the sender's connection was lost"
    served.house.gate.set()


async def test_a_client_passes_over_the_signs_of_life(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspect.unwrap(liveness.listening_for), "__defaults__", (0.02,))
    served.house.gate.clear()
    request = Request(f"{served.url}/api/v1/ingest", b"music", {"Authorization": f"Bearer {TOKEN}"})
    answer = asyncio.create_task(asyncio.to_thread(lambda: urlopen(request, timeout=PATIENCE).read()))
    async with served.client() as client:
        await until(lambda: served.house.sinks)
        await asyncio.sleep(0.3)
        served.house.gate.set()
        assert json.loads(await answer) == {"bytes": 5}
        served.house.gate.clear()
        again = asyncio.create_task(client.post("/api/v1/ingest", data=b"music"))
        await asyncio.sleep(0.3)
        served.house.gate.set()
        assert (await again).status == 200


async def test_a_slow_show_holds_the_sender_back(served: Served) -> None:
    served.house.gate.clear()
    sent = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(2000):
            sent += 65536
            yield bytes(65536)

    async with served.client() as client:
        posting = asyncio.create_task(client.post("/api/v1/ingest", data=body()))
        await until(lambda: served.house.sinks)
        before = -1
        while before != sent:
            before = sent
            await asyncio.sleep(0.2)
        assert sent < 64 * 2**20, "the rest of the 125 MB waits in the sender"
        served.house.gate.set()
        assert (await posting).status == 200
    assert len(served.house.sinks[0].data) == 2000 * 65536


async def test_a_vanished_sender_aborts_the_stream(served: Served) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", served.server.port)
    writer.write(
        f"POST /api/v1/ingest HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n"
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n".encode()
    )
    await writer.drain()
    await until(lambda: served.house.sinks and served.house.sinks[0].data)
    writer.transport.abort()
    sink = served.house.sinks[0]
    await asyncio.wait_for(sink.over.wait(), PATIENCE)
    assert not sink.finished and sink.aborted == "the sender's connection was lost"


async def test_a_broken_body_aborts_the_stream(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest.pour_body, "__defaults__", (0.3,))
    _, writer = await asyncio.open_connection("127.0.0.1", served.server.port)
    writer.write(
        f"POST /api/v1/ingest HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n"
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n".encode()
    )
    await until(lambda: served.house.sinks and served.house.sinks[0].data)
    writer.write(b"this is no chunk size\r\n")
    await asyncio.wait_for(served.house.sinks[0].over.wait(), PATIENCE)
    assert not served.house.sinks[0].finished
    writer.close()


async def test_silence_ends_the_stream(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest.pour_body, "__defaults__", (0.05,))
    stuck = asyncio.Event()

    async def body() -> AsyncIterator[bytes]:
        yield b"music"
        await stuck.wait()

    async with served.client() as client:
        try:
            answer = await client.post("/api/v1/ingest", data=body())
            assert answer.status == 408
        except ClientError:
            pass  # The server may close before the answer was read, as the body is not complete.
        await asyncio.wait_for(served.house.sinks[0].over.wait(), PATIENCE)
        stuck.set()
    assert "nothing came" in (served.house.sinks[0].aborted or "")


async def pour(socket: ClientWebSocketResponse, *parts: bytes) -> None:
    await socket.send_json(HELLO)
    assert await socket.receive_json(timeout=PATIENCE) == {"type": "ready"}
    for part in parts:
        await socket.send_bytes(part)


@pytest.mark.parametrize("by_header", [True, False])
async def test_pcm_over_a_socket(served: Served, by_header: bool) -> None:
    async with (
        served.client(TOKEN if by_header else None) as client,
        client.ws_connect("/api/v1/ingest") as socket,
    ):
        if not by_header:
            await socket.send_json({"type": "auth", "token": TOKEN})
            assert (await socket.receive_json(timeout=PATIENCE))["ok"]
        await pour(socket, b"\1\2" * 1000, b"\3\4" * 1000)
        await socket.send_json({"type": "end"})
        assert await socket.receive_json(timeout=PATIENCE) == {"type": "result", "ok": True, "bytes": 4000}
        assert (await socket.receive(timeout=PATIENCE)).type is WSMsgType.CLOSE
    sink = served.house.sinks[0]
    assert sink.pcm == PcmFormat(44100, 2, "s16le") and sink.title == "From the attic"
    assert bytes(sink.data) == b"\1\2" * 1000 + b"\3\4" * 1000 and sink.finished


async def test_a_clean_close_is_an_end_and_a_lost_line_is_not(served: Served) -> None:
    async with served.client() as client:
        async with client.ws_connect("/api/v1/ingest") as socket:
            await pour(socket, b"abcd")
        await asyncio.wait_for(served.house.sinks[0].over.wait(), PATIENCE)
        assert served.house.sinks[0].finished
    async with ClientSession(served.url, headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        socket = await client.ws_connect("/api/v1/ingest")
        await pour(socket, b"abcd")
        await until(lambda: served.house.sinks[1].data)
        transport = socket.get_extra_info("socket")
        assert transport is not None
        transport.shutdown(2)
        await asyncio.wait_for(served.house.sinks[1].over.wait(), PATIENCE)
        assert served.house.sinks[1].aborted == "the sender's connection was lost"


@pytest.mark.parametrize(
    "hello",
    [
        "",
        "[]",
        '{"rate":44100}',
        '{"rate":"44100","channels":2,"format":"s16le"}',
        '{"rate":1,"channels":2,"format":"s16le"}',
        '{"rate":44100,"channels":0,"format":"s16le"}',
        '{"rate":44100,"channels":2,"format":"mp3"}',
        '{"rate":44100,"channels":2,"format":["s16le"]}',
        '{"rate":44100,"channels":2,"format":"s16le","title":7}',
    ],
)
async def test_a_wrong_hello_is_explained(served: Served, hello: str) -> None:
    async with served.client() as client, client.ws_connect("/api/v1/ingest") as socket:
        await socket.send_str(hello)
        answer = await socket.receive_json(timeout=PATIENCE)
        assert answer["ok"] is False and answer["status"] == 400 and answer["error"]
        assert (await socket.receive(timeout=PATIENCE)).type is WSMsgType.CLOSE
        assert socket.close_code == 1008
    assert served.house.sinks == []


async def test_wrong_pcm_messages_abort(served: Served) -> None:
    async with served.client() as client:
        async with client.ws_connect("/api/v1/ingest") as socket:
            await pour(socket, b"abcd")
            await socket.send_str("what?")
            assert (await socket.receive_json(timeout=PATIENCE))["status"] == 400
        async with client.ws_connect("/api/v1/ingest") as socket:
            await pour(socket, bytes(streams.MAX_PCM_MESSAGE + 1))
            assert (await socket.receive(timeout=PATIENCE)).type is WSMsgType.CLOSE
        await asyncio.wait_for(served.house.sinks[1].over.wait(), PATIENCE)
    assert [sink.finished for sink in served.house.sinks] == [False, False]


@given(st.text())
def test_a_title_is_one_short_printable_line(text: str) -> None:
    title = clean_title(text)
    assert len(title) <= 200 and title == title.strip()
    assert title.isprintable()


@given(st.dictionaries(st.sampled_from(["rate", "channels", "format", "title"]), st.none() | st.booleans() | st.integers() | st.floats() | st.text()))  # fmt: skip  # noqa: E501
def test_a_hello_is_a_format_or_a_usage_error(body: dict[str, Any]) -> None:
    try:
        _, pcm = parse_hello(body)
    except UsageError:
        return
    assert 8000 <= pcm.rate <= 192_000 and 1 <= pcm.channels <= 8 and pcm.format.endswith("le")
