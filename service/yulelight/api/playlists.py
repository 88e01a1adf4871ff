"""The routes of the playlists: list, read, create, change, delete."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, TypeVar

from aiohttp import web
from pydantic import Field

from yulelight.api import wire
from yulelight.api.body import read_json
from yulelight.api.fields import Body, Json, Switch, one_of, ranged, read
from yulelight.api.services import PLAYLISTS, PlaylistService
from yulelight.core.messages import Repeat
from yulelight.core.web_address import MAX_URL_LENGTH
from yulelight.library.playlist_folder import MAX_SONGS
from yulelight.library.playlists import Change, Item, NoSuchPlaylist, Playlist, Playlists, Summary
from yulelight.library.stations import MAX_SECONDS, NoSuchStation, StationEntry, found_in
from yulelight.library.steps import Step, parse_steps, step_json

T = TypeVar("T")


async def get_playlists(request: web.Request) -> web.Response:
    """GET /api/v1/playlists."""
    return web.json_response(await view(request.app[PLAYLISTS]))


async def view(playlists: PlaylistService) -> dict[str, Any]:
    """All playlists as JSON."""
    return {"playlists": [_summary(each) for each in await _do(playlists, Playlists.summaries)]}


async def get_playlist(request: web.Request) -> web.Response:
    """GET /api/v1/playlists/{id}."""
    return web.json_response(await _playlist(request))


async def put_playlist(request: web.Request) -> web.Response:
    """PUT /api/v1/playlists/{id}: create it, or change the given properties."""
    change, id = parse_change(await read_json(request)), request.match_info["id"]
    return await _change(request, lambda lists: lists.save(id, _with_stations(lists, change)))


async def delete_playlist(request: web.Request) -> web.Response:
    """DELETE /api/v1/playlists/{id}: answers with the remaining lists."""
    playlists, id = request.app[PLAYLISTS], request.match_info["id"]
    await _do(playlists, lambda lists: lists.delete(id))
    playlists.look()
    return web.json_response(await view(playlists))


async def post_items(request: web.Request) -> web.Response:
    """POST /api/v1/playlists/{id}/items: add songs at a position or at the end."""
    body, id = await read_json(request), request.match_info["id"]
    added = read(_Adding, body)
    return await _change(request, lambda lists: lists.add(id, _found(lists, added.songs), added.at))


async def post_item(request: web.Request) -> web.Response:
    """POST /api/v1/playlists/{id}/items/{index}: move a song to another position, or say how long a station plays."""
    body, id, index = await read_json(request), request.match_info["id"], _index(request)
    if "seconds" in body:
        lasting = read(_Lasting, body)
        return await _change(request, lambda lists: lists.lengthen(id, index, lasting.seconds, lasting.id))
    moving = read(_Moving, body)
    return await _change(request, lambda lists: lists.move(id, index, moving.to, moving.id))


async def delete_item(request: web.Request) -> web.Response:
    """DELETE /api/v1/playlists/{id}/items/{index}: remove a song."""
    id, index, seen = request.match_info["id"], _index(request), request.query.get("id", "")
    return await _change(request, lambda lists: lists.remove(id, index, seen))


class _Listed(Body):
    """A station in a playlist, for ``seconds`` or until it is stopped."""

    station: Annotated[str, Field(strict=True, min_length=1, max_length=MAX_URL_LENGTH)]
    seconds: Annotated[float, Field(ge=0, le=MAX_SECONDS, allow_inf_nan=False)] = 0.0


Seen = Annotated[str, Field(strict=True, max_length=64, description="the id of the item that was seen there")]
SongIds = Annotated[
    list[Annotated[str, Field(strict=True, min_length=1, max_length=64)] | _Listed],
    Field(
        max_length=MAX_SONGS,
        description=f"a list of at most {MAX_SONGS} ids from /api/v1/songs and /api/v1/stations, or objects with "
        f'"station" (an id, name or address) and "seconds" (0 to {MAX_SECONDS:g}; 0: until it is stopped)',
    ),
]
Place = Annotated[int, Field(strict=True, ge=0, description="a whole number, 0 for the first place")]


class _Adding(Body):
    songs: SongIds
    at: Place | None = None


class _Moving(Body):
    to: Place
    id: Seen = ""


class _Lasting(Body):
    seconds: ranged(0.0, MAX_SECONDS)  # type: ignore[valid-type]
    id: Seen = ""


class _Changing(Body):
    songs: SongIds = Field(default=[])
    pre: Any = None
    post: Any = None
    shuffle: Switch | None = None
    repeat: one_of(*Repeat) | None = None  # type: ignore[valid-type]


ROUTES = [
    web.get("/api/v1/playlists", get_playlists, name="get_playlists"),
    web.get("/api/v1/playlists/{id}", get_playlist, name="get_playlist"),
    web.put("/api/v1/playlists/{id}", put_playlist, name="put_playlist"),
    web.delete("/api/v1/playlists/{id}", delete_playlist, name="delete_playlist"),
    web.post("/api/v1/playlists/{id}/items", post_items, name="add_to_playlist"),
    web.post("/api/v1/playlists/{id}/items/{index}", post_item, name="move_in_playlist"),
    web.delete("/api/v1/playlists/{id}/items/{index}", delete_item, name="remove_from_playlist"),
]


@dataclass(frozen=True, slots=True)
class Wish:
    """The body of a PUT. ``songs``: ids, and stations as they were named; None to keep those of the list."""

    songs: Sequence[str | _Listed] | None
    change: Change
    """Everything else."""


def parse_change(body: Json) -> Wish:
    """Parses the body of a PUT. Raises UsageError."""
    said = read(_Changing, body)
    change = Change(
        None,
        _steps(body, "pre"),
        _steps(body, "post"),
        said.shuffle,
        None if said.repeat is None else Repeat(said.repeat),
    )
    return Wish(said.songs if "songs" in body else None, change)


def _with_stations(lists: Playlists, wish: Wish) -> Change:
    return replace(wish.change, songs=None if wish.songs is None else _found(lists, wish.songs))


def _found(lists: Playlists, songs: Sequence[str | _Listed]) -> list[str | StationEntry]:
    """The stations that are named. Raises NoSuchStation."""
    return [each if isinstance(each, str) else _entry(lists, each) for each in songs]


def _entry(lists: Playlists, listed: _Listed) -> StationEntry:
    return StationEntry(found_in(lists.stations(), listed.station), listed.seconds)


def _steps(body: Json, name: str) -> tuple[Step, ...] | None:
    return parse_steps(name, body[name]) if name in body else None


def _index(request: web.Request) -> int:
    text = request.match_info["index"]
    if not (text.isascii() and text.isdecimal() and len(text) <= 6):
        raise web.HTTPNotFound(text="there is no such position; the first is 0")
    return int(text)


async def _change(request: web.Request, work: Callable[[Playlists], None]) -> web.Response:
    """Runs ``work`` and answers with the changed list."""
    await _do(request.app[PLAYLISTS], work)
    request.app[PLAYLISTS].look()
    return web.json_response(await _playlist(request))


async def _playlist(request: web.Request) -> dict[str, Any]:
    id = request.match_info["id"]
    found, items = await _do(request.app[PLAYLISTS], lambda lists: (lists.load(id), lists.items(id)))
    return _full(found, items)


async def _do(playlists: PlaylistService, work: Callable[[Playlists], T]) -> T:
    try:
        return await asyncio.to_thread(work, playlists.lists)
    except (NoSuchPlaylist, NoSuchStation) as error:
        raise web.HTTPNotFound(text=str(error)) from None


def _summary(value: Summary) -> dict[str, Any]:
    return {
        "id": value.id,
        "songs": value.songs,
        "duration": round(value.duration, 3),
        "missing": value.missing,
    }


def station_json(listed: StationEntry | None) -> dict[str, Any] | None:
    """A station of a playlist, or null."""
    if listed is None:
        return None
    station = listed.station
    return {"id": station.id, "name": station.name, "url": station.url, "seconds": listed.seconds}


def _full(value: Playlist, items: tuple[Item, ...]) -> dict[str, Any]:
    return {
        "id": value.id,
        "items": [
            {
                "id": item.id,
                "song": wire.song(item.song.song) if item.song else None,
                "title": item.title,
                "station": station_json(item.station),
                "missing": item.listed is None,
            }
            for item in items
        ],
        "pre": [step_json(step) for step in value.pre],
        "post": [step_json(step) for step in value.post],
        "shuffle": value.shuffle,
        "repeat": str(value.repeat),
    }
