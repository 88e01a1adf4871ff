"""The routes of the radio stations that are kept: list, add, rename, remove."""

import asyncio
from typing import Any

from aiohttp import web

from yulelight.api.body import read_json
from yulelight.api.fields import Body, read, text
from yulelight.api.services import STATIONS, StationService
from yulelight.core.errors import UsageError, YulelightError
from yulelight.core.web_address import MAX_URL_LENGTH, checked
from yulelight.library.stations import NoSuchStation, Station, cleaned

MAX_NAME = 64


async def get_stations(request: web.Request) -> web.Response:
    """GET /api/v1/stations."""
    return web.json_response(await view(request.app[STATIONS]))


async def post_station(request: web.Request) -> web.Response:
    """POST /api/v1/stations: keep another one, under the name that it has for itself if none is given."""
    service, wanted = request.app[STATIONS], read(_New, await read_json(request))
    url = checked(wanted.url)
    try:
        name = wanted.name or cleaned(await service.name_of(url))
    except YulelightError as error:
        raise UsageError(f"{error}; or give it a name, and it is kept as it is") from None
    await asyncio.to_thread(service.stations.add, url, name)
    return await _changed(service)


async def put_station(request: web.Request) -> web.Response:
    """PUT /api/v1/stations/{id}: rename it."""
    service, wanted = request.app[STATIONS], read(_Renamed, await read_json(request))
    try:
        await asyncio.to_thread(service.stations.rename, request.match_info["id"], wanted.name)
    except NoSuchStation as error:
        raise web.HTTPNotFound(text=str(error)) from None
    return await _changed(service)


async def delete_station(request: web.Request) -> web.Response:
    """DELETE /api/v1/stations/{id}."""
    service = request.app[STATIONS]
    try:
        await asyncio.to_thread(service.stations.remove, request.match_info["id"])
    except NoSuchStation as error:
        raise web.HTTPNotFound(text=str(error)) from None
    return await _changed(service)


async def view(service: StationService) -> dict[str, Any]:
    """All stations as JSON."""
    return {"stations": [station(each) for each in await asyncio.to_thread(service.stations.all)]}


def station(value: Station) -> dict[str, Any]:
    """A station."""
    return {"id": value.id, "name": value.name, "url": value.url}


class _New(Body):
    url: text(MAX_URL_LENGTH)  # type: ignore[valid-type]
    name: text(MAX_NAME) | None = None  # type: ignore[valid-type]


class _Renamed(Body):
    name: text(MAX_NAME)  # type: ignore[valid-type]


async def _changed(service: StationService) -> web.Response:
    service.changes.publish(None)
    return web.json_response(await view(service))


ROUTES = [
    web.get("/api/v1/stations", get_stations, name="get_stations"),
    web.post("/api/v1/stations", post_station, name="add_station"),
    web.put("/api/v1/stations/{id}", put_station, name="rename_station"),
    web.delete("/api/v1/stations/{id}", delete_station, name="remove_station"),
]
