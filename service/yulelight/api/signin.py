"""Authentication of WebSocket clients: by header, or by the first message within ten seconds."""

import asyncio
import contextlib

from aiohttp import WSMsgType, web

from yulelight.api.auth import by_ingress
from yulelight.api.http_connection import token_shown
from yulelight.api.languages import language_of, spoken
from yulelight.api.middleware import NEED_TOKEN, WRONG_TOKEN
from yulelight.api.parse import load
from yulelight.api.services import SECURITY
from yulelight.api.state import STATE
from yulelight.core.attempts import TooManyAttempts
from yulelight.core.errors import UsageError

SIGN_IN_TIMEOUT = 10.0
CLOSE_UNAUTHORIZED = 4401
CLOSE_TOO_MANY = 4429


async def sign_in(
    request: web.Request, socket: web.WebSocketResponse, slots: contextlib.ExitStack, hello: str | None = None
) -> None:
    """Opens the socket, sends ``hello``, authenticates the client and takes one of the ``slots``.

    If the socket is ``closed`` afterwards, the client was refused. Raises HTTP 503 if all slots are taken.
    """
    state = request.app[STATE]
    state.sockets.add(socket)
    slots.callback(state.sockets.discard, socket)
    if "Authorization" in request.headers:
        slots.enter_context(state.clients.take())
        await socket.prepare(request)
        if hello is not None:
            await socket.send_str(hello)
        return
    with state.newcomers.take():
        await socket.prepare(request)
        if hello is not None:
            await socket.send_str(hello)
        refusal = await _check(request, socket)
    if refusal is None:
        try:
            slots.enter_context(state.clients.take())
        except web.HTTPException as error:
            refusal = (1013, error.text or "try later")
    if refusal is None:
        await socket.send_json({"type": "auth", "ok": True})
    else:
        code, text = refusal
        with contextlib.suppress(ConnectionError):
            refused = {"type": "auth", "ok": False, "error": text}
            language = language_of(request.headers.get("Accept-Language"))
            await socket.send_json(spoken(refused, language))
        await socket.close(code=code)


async def _check(request: web.Request, socket: web.WebSocketResponse) -> tuple[int, str] | None:
    """Close code and reason if the client is refused, otherwise None."""
    need = CLOSE_UNAUTHORIZED, NEED_TOKEN
    try:
        async with asyncio.timeout(SIGN_IN_TIMEOUT):
            message = await socket.receive()
    except TimeoutError:
        return need
    if message.type is not WSMsgType.TEXT:
        return need
    try:
        body = load(message.data)
    except UsageError:
        return need
    token = body.get("token")
    if body.get("type") != "auth" or not isinstance(token, str):
        return need
    if by_ingress(request.remote, request.headers, request.app[SECURITY].ingress):
        return None
    try:
        right = request.app[STATE].gate.check(token, request.remote)
    except TooManyAttempts as error:
        return CLOSE_TOO_MANY, str(error)
    if not right:
        return CLOSE_UNAUTHORIZED, WRONG_TOKEN
    token_shown(request)
    return None
