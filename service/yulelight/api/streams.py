"""The two ways to push audio: an HTTP body in any container, or PCM over a WebSocket. One stream at a time."""

import asyncio
import contextlib

from aiohttp import HttpVersion11, web

from yulelight.api import liveness
from yulelight.api.ingest import clean_title, pour_body, pour_socket, receive_hello
from yulelight.api.middleware import describe
from yulelight.api.services import INPUTS
from yulelight.api.signin import sign_in
from yulelight.api.state import STATE

MAX_PCM_MESSAGE = 256 * 1024


async def post_ingest(request: web.Request) -> web.Response:
    """POST /api/v1/ingest: audio in any container, of any length."""
    title = clean_title(request.query.get("title", ""))
    with request.app[STATE].ingest.take():
        sink = await request.app[INPUTS].open(title, None)
        transport = _transport(request)

        async def beat() -> None:
            transport.write(liveness.CONTINUE)

        knows = request.version >= HttpVersion11
        async with liveness.listening_for(transport, beat if knows else None, sink.abort):
            return web.json_response({"bytes": await pour_body(request.content, sink)})


async def socket_ingest(request: web.Request) -> web.WebSocketResponse:
    """GET /api/v1/ingest as a WebSocket: a hello, then PCM."""
    socket = web.WebSocketResponse(max_msg_size=MAX_PCM_MESSAGE, compress=False, timeout=2.0)
    with contextlib.ExitStack() as slots:
        await sign_in(request, socket, slots)
        if not socket.closed:
            with contextlib.suppress(ConnectionError):
                await _stream(request, socket)
    return socket


async def _stream(request: web.Request, socket: web.WebSocketResponse) -> None:
    try:
        title, pcm = await receive_hello(socket)
        with request.app[STATE].ingest.take():
            sink = await request.app[INPUTS].open(title, pcm)
            await socket.send_json({"type": "ready"})
            async with liveness.listening_for(_transport(request), socket.ping, sink.abort):
                total = await pour_socket(socket, sink)
        if not socket.closed:
            await socket.send_json({"type": "result", "ok": True, "bytes": total})
        await socket.close()
    except ConnectionError:
        raise
    except Exception as error:  # noqa: BLE001
        status, text = describe(error)
        await socket.send_json({"type": "result", "ok": False, "status": status, "error": text})
        await socket.close(code=1008)


def _transport(request: web.Request) -> asyncio.Transport:
    if request.transport is None:
        raise ConnectionResetError(liveness.LOST)
    return request.transport
