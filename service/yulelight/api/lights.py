"""The routes of the lights: every light of the house with what drives it and how that does, and those to be found."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from aiohttp import web
from pydantic import Field

from yulelight.api import fields
from yulelight.api.body import read_json
from yulelight.api.services import LIGHTS, NODES, OUTPUTS, SEARCH, FoundOnBroker
from yulelight.core.errors import NetworkError
from yulelight.lights.mirrors import EXPIRES, Mirror
from yulelight.outputs.board import OutputReport
from yulelight.outputs.wled.find import Found, survey


async def get_lights(request: web.Request) -> web.Response:
    """GET /api/v1/lights."""
    nodes, outputs, service = request.app[NODES].report(), request.app[OUTPUTS].report(), request.app[LIGHTS]
    return web.json_response(described(nodes, outputs, service.mirrors.all(service.clock())))


async def put_mirrors(request: web.Request) -> web.Response:
    """PUT /api/v1/lights/mirrors/{owner}: lights elsewhere that follow channels; to be repeated before it expires."""
    told, service = fields.read(MirrorsBody, await read_json(request)), request.app[LIGHTS]
    mirrors = [
        Mirror(one.name, one.channel, tuple(light.dims for light in one.lights), one.problem)
        for one in told.mirrors
    ]
    service.mirrors.tell(request.match_info["owner"], mirrors, service.clock())
    return web.json_response({"expires": EXPIRES})


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
    web.put("/api/v1/lights/mirrors/{owner:[A-Za-z0-9_-]{1,64}}", put_mirrors, name="put_mirrors"),
    web.get("/api/v1/lights/found", get_found, name="get_found_lights"),
]


class MirroredLight(fields.Body):
    """A light that follows."""

    name: fields.text(120)  # type: ignore[valid-type]
    dims: fields.Switch = True


class MirrorBody(fields.Body):
    """Lights that follow a channel."""

    name: fields.text(120)  # type: ignore[valid-type]
    channel: fields.ChannelNumber
    lights: Annotated[list[MirroredLight], Field(max_length=64, description="a list of up to 64 lights")]
    problem: Annotated[str, Field(max_length=500, description="a text of up to 500 characters")] = ""


class MirrorsBody(fields.Body):
    """All lights of an owner that follow."""

    mirrors: Annotated[
        list[MirrorBody],
        Field(max_length=64, description='a list of up to 64 {"name", "channel", "lights", "problem"}'),
    ]


def described(
    nodes: Sequence[Mapping[str, Any]], outputs: Sequence[OutputReport], mirrors: Sequence[Mirror]
) -> dict[str, Any]:
    """Outputs (nodes, those that the service drives itself, and those that mirror it), and the lights on each."""
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
            "skipped": one.health.skipped,
            "errors": one.health.errors,
            "lights": [
                {"channel": light.channel, "kind": light.kind, "load": round(light.load, 3)}
                for light in one.lights
            ],
        }
        for one in outputs
    ]
    told += [
        {
            "name": one.name,
            "type": "home-assistant",
            "healthy": not one.problem,
            "problem": one.problem,
            # Their watts are not known, and not in the power budget.
            "lights": [
                {"channel": one.channel, "kind": "dimmer" if dims else "relay", "load": 0.0}
                for dims in one.dims
            ],
        }
        for one in mirrors
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
