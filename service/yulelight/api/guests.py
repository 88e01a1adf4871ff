"""The routes of the owner for wishes of guests: see them, permit them, and remove one."""

import asyncio
from typing import Any
from urllib.parse import urljoin

from aiohttp import web

from yulelight.api import wire
from yulelight.api.body import read_json
from yulelight.api.commands import MAX_NAME
from yulelight.api.fields import Body, Switch, read, text
from yulelight.api.qr import as_svg
from yulelight.api.services import ABOUT, GUESTS, About, GuestService
from yulelight.guests.desk import GetGuests, GuestMessage, GuestView, RemoveWish, SetGuests
from yulelight.library.playlists import NoSuchPlaylist

ASK_TIMEOUT = 10.0
"""Seconds, since a change waits for the disk."""
PAGE = "guests"
"""The address of the guests' page, relative to the owner's."""


class _Choosing(Body):
    on: Switch | None = None
    playlist: text(MAX_NAME) | None = None  # type: ignore[valid-type]


async def get_guests(request: web.Request) -> web.Response:
    """GET /api/v1/guests."""
    about, guests = request.app[ABOUT], request.app[GUESTS]
    return web.json_response({**await view(guests), **await asyncio.to_thread(_where, about)})


async def put_guests(request: web.Request) -> web.Response:
    """PUT /api/v1/guests: permit wishes or not, and choose the playlist."""
    chosen = read(_Choosing, await read_json(request))
    return await _answer(request, SetGuests(chosen.on, chosen.playlist))


async def delete_wish(request: web.Request) -> web.Response:
    """DELETE /api/v1/guests/wishes/{song}."""
    return await _answer(request, RemoveWish(request.match_info["song"]))


async def view(guests: GuestService) -> dict[str, Any]:
    """What guests may do, and the wishes that wait."""
    return shown(await ask(guests, GetGuests()))


def shown(found: GuestView) -> dict[str, Any]:
    """As JSON."""
    rules = found.rules
    return {
        "on": found.on,
        "playlist": found.playlist,
        "songs": len(found.songs),
        "closed": found.closed,
        "wishes": [wire.of_song(song) for song in found.waiting],
        "minutes": rules.pause / 60,
        "waiting": rules.waiting,
        "again": rules.again / 60,
        "from": None if rules.start == rules.end else f"{rules.start:%H:%M}",
        "to": None if rules.start == rules.end else f"{rules.end:%H:%M}",
    }


async def ask(guests: GuestService, message: GuestMessage) -> GuestView:
    """Raises what the actor answers with, and HTTPNotFound for an unknown playlist."""
    try:
        found: GuestView = await guests.desk.ask(message, timeout=ASK_TIMEOUT)
    except NoSuchPlaylist as error:
        raise web.HTTPNotFound(text=str(error)) from None
    return found


async def _answer(request: web.Request, message: GuestMessage) -> web.Response:
    return web.json_response(shown(await ask(request.app[GUESTS], message)))


def _where(about: About) -> dict[str, Any]:
    """The address of the guests' page and its QR code. Blocking."""
    found = about.addresses()
    address = urljoin(found[0], PAGE) if found else None
    return {"address": address, "qr": as_svg(address) if address else None}


ROUTES = [
    web.get("/api/v1/guests", get_guests, name="get_guests"),
    web.put("/api/v1/guests", put_guests, name="put_guests"),
    web.delete("/api/v1/guests/wishes/{song}", delete_wish, name="delete_wish"),
]
