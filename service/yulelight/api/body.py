"""Reads request bodies, limited in size and time."""

import asyncio

from aiohttp import web

from yulelight.api import parse
from yulelight.core.errors import UsageError

BODY_TIMEOUT = 10.0
"""Seconds in which a body must arrive."""


async def read_json(request: web.Request) -> parse.Json:
    """The body as a JSON object. Raises HTTP errors 408, 413, 415 and UsageError."""
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="send JSON with 'Content-Type: application/json'")
    try:
        async with asyncio.timeout(BODY_TIMEOUT):
            body = await request.read()
    except TimeoutError:
        raise web.HTTPRequestTimeout(text=f"the body did not arrive within {BODY_TIMEOUT:g} s") from None
    return parse.load(body)


async def read_bytes(
    request: web.Request, most: int, too_large: str, *, name: str = "body", patience: float = BODY_TIMEOUT
) -> bytes:
    """The body as it is, of at most ``most`` bytes and within ``patience`` seconds; ``name`` is what errors call it.

    Raises HTTP error 408, and UsageError with the text ``too_large``.
    """
    data = bytearray()
    try:
        async with asyncio.timeout(patience):
            async for chunk in request.content.iter_any():
                data += chunk
                if len(data) > most:
                    raise UsageError(too_large)
    except TimeoutError:
        raise web.HTTPRequestTimeout(text=f"the {name} did not come within {patience:g} s") from None
    return bytes(data)
