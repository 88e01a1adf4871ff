"""The routes of the house as a whole: where its lights are in the picture, on which side, and what they may take."""

import asyncio
from typing import Annotated, Any

from aiohttp import web
from pydantic import Field

from yulelight.api.body import read_json
from yulelight.api.fields import Body, ChannelNumber, Json, ranged, read
from yulelight.api.services import HOUSE, HouseService
from yulelight.core.messages import CHANNELS
from yulelight.lights.positions import Position

_Percent = ranged(0, 100)


async def get_house(request: web.Request) -> web.Response:
    """GET /api/v1/house."""
    return web.json_response(await view(request.app[HOUSE]))


async def put_positions(request: web.Request) -> web.Response:
    """PUT /api/v1/house/positions: moves the lights that are named; answers as GET /api/v1/house."""
    house = request.app[HOUSE]
    changes = _changes(await read_json(request))
    await asyncio.to_thread(house.positions.change, changes)
    house.changes.publish(None)
    return web.json_response(await view(house))


async def view(house: HouseService) -> dict[str, Any]:
    """All of it."""
    positions = await asyncio.to_thread(house.positions.all)
    return {
        "power_budget": house.power_budget,
        "sides": list(house.sides),
        "positions": [{"channel": n, "x": at.x, "y": at.y} for n, at in positions.items()],
    }


ROUTES = [
    web.get("/api/v1/house", get_house, name="get_house"),
    web.put("/api/v1/house/positions", put_positions, name="put_positions"),
]


class _Position(Body):
    channel: ChannelNumber
    x: _Percent | None = None  # type: ignore[valid-type]
    y: _Percent | None = None  # type: ignore[valid-type]


class _Positions(Body):
    positions: Annotated[
        list[_Position],
        Field(
            max_length=CHANNELS,
            description="a list of at most 8 of {channel, x, y}, in percent of the picture",
        ),
    ]


def _changes(body: Json) -> dict[int, Position | None]:
    """A light without x and y goes back to where it was at first. Raises UsageError."""
    return {
        one.channel: None if one.x is None or one.y is None else Position(round(one.x, 1), round(one.y, 1))
        for one in read(_Positions, body).positions
    }
