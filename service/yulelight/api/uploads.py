"""The routes by which a phone sends songs: piece by piece, and on where a broken connection stopped."""

import asyncio
from typing import Any

from aiohttp import web

from yulelight.api.body import read_bytes
from yulelight.api.services import INBOX, LIBRARY
from yulelight.core.errors import UsageError
from yulelight.library.inbox import MAX_PIECE
from yulelight.library.librarian import Rescan

TIMEOUT = 60.0
"""Seconds for a piece to come."""
ASK_TIMEOUT = 10.0
MAX_PARALLEL = 4
"""Pieces on their way at the same time: each is kept in memory until it is whole."""
ROOM = web.AppKey("room", asyncio.Semaphore)


async def get_upload(request: web.Request) -> web.Response:
    """GET /api/v1/uploads/{key}: how much of it has come."""
    offset = await asyncio.to_thread(request.app[INBOX].offset, _key(request))
    return web.json_response({"offset": offset})


async def put_upload(request: web.Request) -> web.Response:
    """PUT /api/v1/uploads/{key}?name=&size=&offset=: the next piece of a song."""
    query, key, inbox = request.query, _key(request), request.app[INBOX]
    name, size, offset = query.get("name", ""), _whole(query.get("size")), _whole(query.get("offset"))
    async with request.app[ROOM]:
        piece = await read_bytes(
            request, MAX_PIECE, f"a piece has at most {MAX_PIECE} bytes", name="piece", patience=TIMEOUT
        )
        done = await asyncio.to_thread(inbox.take, key, name, size, offset, piece)
    if done:
        await request.app[LIBRARY].librarian.ask(Rescan(), timeout=ASK_TIMEOUT)
    return web.json_response({"offset": offset + len(piece), "file": done})


async def delete_upload(request: web.Request) -> web.Response:
    """DELETE /api/v1/uploads/{key}: what has come of it is thrown away."""
    await asyncio.to_thread(request.app[INBOX].drop, _key(request))
    return web.json_response({"offset": 0})


ROUTES = [
    web.get("/api/v1/uploads/{key}", get_upload, name="get_upload"),
    web.put("/api/v1/uploads/{key}", put_upload, name="put_upload"),
    web.delete("/api/v1/uploads/{key}", delete_upload, name="delete_upload"),
]


def _key(request: web.Request) -> str:
    key = request.match_info["key"]
    if not (8 <= len(key) <= 100 and key.isascii() and key.isalnum()):
        raise UsageError("an upload is known by 8 to 100 letters and digits")
    return key


def _whole(text: str | None) -> int:
    if text is None or not (text.isascii() and text.isdecimal() and len(text) < 12):
        raise UsageError('"size" and "offset" must be whole numbers')
    return int(text)


def room() -> Any:
    """For ``ROOM``."""
    return asyncio.Semaphore(MAX_PARALLEL)
