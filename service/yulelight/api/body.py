"""Reads request bodies, limited in size and time."""

import asyncio

from aiohttp import web

from yulelight.api import parse

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
