"""The plain HTTP routes for state and control. Bodies are JSON of at most 64 kB."""

from typing import Any

from aiohttp import web

from yulelight.api import actions, parse, views
from yulelight.api.auth import by_ingress
from yulelight.api.body import read_json
from yulelight.api.services import ABOUT, LIGHTS, METRICS, NODES, PLAYER, SECURITY, SERVICES
from yulelight.core.errors import UsageError
from yulelight.core.messages import ReleaseChannel


async def info(request: web.Request) -> web.Response:
    """GET /api/v1/info, open to anybody."""
    ingress = request.app[SECURITY].ingress
    here = {"signed_in": True} if by_ingress(request.remote, request.headers, ingress) else {}
    return web.json_response({**actions.info(request.app[ABOUT]), **here})


async def health(request: web.Request) -> web.Response:
    """GET /health: always succeeds while the process responds."""
    return web.json_response({"ok": True})


async def get_view(request: web.Request) -> web.Response:
    """GET /api/v1/status, nodes, channels, looks, palettes, models."""
    name: Any = (request.match_info.route.name or "").removeprefix("get_")
    return web.json_response(await views.view(request.app[SERVICES], name))


async def post_control(request: web.Request) -> web.Response:
    """POST /api/v1/control."""
    message = parse.command(await read_json(request))
    return web.json_response(await actions.command(request.app[PLAYER], message))


async def post_channel(request: web.Request) -> web.Response:
    """POST /api/v1/channels/{channel}."""
    message = parse.set_channel(_channel_of(request), await read_json(request))
    return web.json_response(await actions.channel(request.app[LIGHTS], message))


async def delete_channel(request: web.Request) -> web.Response:
    """DELETE /api/v1/channels/{channel}: give it back to the show."""
    message = ReleaseChannel(_channel_of(request))
    return web.json_response(await actions.channel(request.app[LIGHTS], message))


async def delete_node(request: web.Request) -> web.Response:
    """DELETE /api/v1/nodes/{node}: removes a node that was taken out of service."""
    nodes = request.app[NODES]
    if not nodes.dismiss(request.match_info["node"]):
        raise web.HTTPNotFound(text="there is no such node that is gone; /api/v1/nodes lists them")
    return web.json_response({"nodes": list(nodes.report())})


async def metrics(request: web.Request) -> web.Response:
    """GET /metrics for Prometheus."""
    return web.Response(
        body=request.app[METRICS].text(),
        headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"},
    )


def _channel_of(request: web.Request) -> int:
    text = request.match_info["channel"]
    try:
        return parse.channel_number(int(text) if text in set("12345678") else None)
    except UsageError:
        raise web.HTTPNotFound(text="there is no such channel; channels are 1 to 8") from None
