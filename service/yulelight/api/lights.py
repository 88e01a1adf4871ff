"""The routes of the lights: every light of the house with what drives it and how that does, and those to be found."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from yulelight.api.services import NODES, OUTPUTS, SEARCH, FoundOnBroker
from yulelight.core.errors import NetworkError
from yulelight.outputs.board import OutputReport
from yulelight.outputs.wled.find import Found, survey


async def get_lights(request: web.Request) -> web.Response:
    """GET /api/v1/lights."""
    nodes, outputs = request.app[NODES].report(), request.app[OUTPUTS].report()
    return web.json_response(described(nodes, outputs))


async def get_found(request: web.Request) -> web.Response:
    """GET /api/v1/lights/found: WLED devices of the network, and lights on the brokers; takes a few seconds."""
    devices, brokers = await asyncio.gather(_wled(), request.app[SEARCH].on_brokers())
    return web.json_response({**devices, "brokers": [broker_wire(one) for one in brokers]})


async def _wled() -> dict[str, Any]:
    try:
        return {"found": [found_wire(one) for one in await survey()], "problem": ""}
    except NetworkError as error:
        return {"found": [], "problem": str(error)}


ROUTES = [
    web.get("/api/v1/lights", get_lights, name="get_lights"),
    web.get("/api/v1/lights/found", get_found, name="get_found_lights"),
]


def described(nodes: Sequence[Mapping[str, Any]], outputs: Sequence[OutputReport]) -> dict[str, Any]:
    """Outputs (nodes, and those that the service drives itself), and the lights on each."""
    told = [
        {
            "name": node["id"],
            "type": "node",
            "healthy": node["healthy"],
            "problem": node["problem"],
            "lights": [
                {"channel": light["channel"], "kind": light["kind"], "load": light["load"]}
                for light in node["status"]["outputs"]
            ]
            # A node of an early version does not say what hangs on its channels.
            or [{"channel": each, "kind": None, "load": 1.0} for each in node["status"]["channels"]],
        }
        for node in nodes
    ]
    told += [
        {
            "name": one.name,
            "type": one.type,
            "healthy": one.health.works,
            "problem": one.health.problem,
            "frames": one.health.shown,
            "limited": one.health.limited,
            "late": one.health.late,
            "errors": one.health.errors,
            "lights": [
                {"channel": light.channel, "kind": light.kind, "load": round(light.load, 3)}
                for light in one.lights
            ],
        }
        for one in outputs
    ]
    return {"outputs": told}


def broker_wire(one: FoundOnBroker) -> dict[str, Any]:
    """The lights on a broker, for JSON."""
    return {
        "broker": one.broker,
        "problem": one.problem,
        "lights": [
            {
                "id": light.id,
                "name": light.name,
                "maker": light.maker,
                "kind": "dimmer" if light.dims else "relay",
                "model": light.model,
            }
            for light in one.lights
        ],
    }


def found_wire(one: Found) -> dict[str, Any]:
    """A device that was found, for JSON."""
    said: dict[str, Any] = {"name": one.announced.name, "host": one.announced.host, "problem": one.problem}
    if one.device is not None:
        info, state = one.device.info, one.device.state
        said |= {
            "label": info.name,
            "version": info.ver,
            "mac": info.mac,
            "leds": info.leds.count,
            "segments": [
                {"id": each.id, "name": each.n, "first": each.start, "count": max(0, each.stop - each.start)}
                for each in state.seg
            ],
        }
    return said
