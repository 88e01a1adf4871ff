"""The routes of where the house is, and of the cities to choose it from."""

import asyncio
from typing import Annotated, Any

from aiohttp import web
from pydantic import Field

from yulelight.api.body import read_json
from yulelight.api.fields import Body, Json, read
from yulelight.api.schedule import ask
from yulelight.api.services import SCHEDULE
from yulelight.schedule.cities import City, cities_like
from yulelight.schedule.messages import GetSchedule, ScheduleView, SetPlace
from yulelight.schedule.place import Place
from yulelight.schedule.places import check_place

Number = Annotated[float, Field(strict=True, allow_inf_nan=False, description="a number")]


class _Place(Body):
    latitude: Number | None = None
    longitude: Number | None = None
    elevation: Number | None = None
    timezone: Annotated[str, Field(strict=True, description="a name such as Europe/Berlin")] | None = None


def place(body: Json) -> Place:
    """Where the house is. Raises UsageError."""
    said = read(_Place, body)
    return check_place(Place(said.latitude, said.longitude, said.elevation or 0.0, said.timezone))


async def get_place(request: web.Request) -> web.Response:
    """GET /api/v1/place."""
    found: ScheduleView = await ask(request.app[SCHEDULE], GetSchedule())
    return web.json_response(place_of(found.place))


async def put_place(request: web.Request) -> web.Response:
    """PUT /api/v1/place: answers with the place that holds, which the settings may have fixed."""
    wanted = place(await read_json(request))
    return web.json_response(place_of(await ask(request.app[SCHEDULE], SetPlace(wanted))))


async def get_cities(request: web.Request) -> web.Response:
    """GET /api/v1/place/cities?search=: at most 8."""
    found = await asyncio.to_thread(cities_like, request.query.get("search", "")[:60])
    return web.json_response({"cities": [_city(city) for city in found]})


ROUTES = [
    web.get("/api/v1/place", get_place, name="get_place"),
    web.put("/api/v1/place", put_place, name="put_place"),
    web.get("/api/v1/place/cities", get_cities, name="get_cities"),
]


def place_of(value: Place) -> dict[str, Any]:
    """Where the house is."""
    return {
        "latitude": value.latitude,
        "longitude": value.longitude,
        "elevation": value.elevation,
        "timezone": value.timezone,
    }


def _city(city: City) -> dict[str, Any]:
    return {
        "name": city.name,
        "country": city.country,
        "latitude": city.latitude,
        "longitude": city.longitude,
        "timezone": city.timezone,
    }
