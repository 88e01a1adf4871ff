"""The plain HTTP routes: read what is, say what shall be. Bodies are JSON of at most 64 kB."""

import asyncio
from typing import Any

from aiohttp import web

from yulelight.api import actions, parse
from yulelight.api.context import CONTEXT
from yulelight.errors import UsageError
from yulelight.messages import ReleaseChannel

BODY_TIMEOUT = 10.0


async def info(request: web.Request) -> web.Response:
    """GET /api/v1/info, open to anybody."""
    return web.json_response(actions.info(request.app[CONTEXT]))


async def health(request: web.Request) -> web.Response:
    """GET /health: the process answers."""
    return web.json_response({"ok": True})


async def get_view(request: web.Request) -> web.Response:
    """GET /api/v1/status, songs, nodes, channels."""
    name: Any = (request.match_info.route.name or "").removeprefix("get_")
    return web.json_response(await actions.view(request.app[CONTEXT], name))


async def post_control(request: web.Request) -> web.Response:
    """POST /api/v1/control."""
    message = parse.command(await read_json(request))
    return web.json_response(await actions.command(request.app[CONTEXT], message))


async def post_channel(request: web.Request) -> web.Response:
    """POST /api/v1/channels/{channel}."""
    message = parse.set_channel(_channel_of(request), await read_json(request))
    return web.json_response(await actions.channel(request.app[CONTEXT], message))


async def delete_channel(request: web.Request) -> web.Response:
    """DELETE /api/v1/channels/{channel}: give it back to the show."""
    message = ReleaseChannel(_channel_of(request))
    return web.json_response(await actions.channel(request.app[CONTEXT], message))


async def metrics(request: web.Request) -> web.Response:
    """GET /metrics for Prometheus."""
    return web.Response(
        body=request.app[CONTEXT].metrics.text(),
        headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"},
    )


async def read_json(request: web.Request) -> parse.Json:
    """The body as one JSON object. Raises HTTP errors 408, 413, 415 and UsageError."""
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="send JSON with 'Content-Type: application/json'")
    try:
        async with asyncio.timeout(BODY_TIMEOUT):
            body = await request.read()
    except TimeoutError:
        raise web.HTTPRequestTimeout(text=f"the body did not come within {BODY_TIMEOUT:g} s") from None
    return parse.load(body)


def _channel_of(request: web.Request) -> int:
    text = request.match_info["channel"]
    try:
        return parse.channel_number(int(text) if text in set("12345678") else None)
    except UsageError:
        raise web.HTTPNotFound(text="there is no such channel; channels are 1 to 8") from None
