"""The page on which guests wish for songs: open without a token, but only to the local network and while it is on.

Everything that a stranger can cause is bounded: requests by address, the body of a wish, the names that are remembered.
"""

import hashlib
import json
import re
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from aiohttp import web

from yulelight.api import guests, parse
from yulelight.api.body import read_bytes
from yulelight.api.commands import MAX_SONG_ID
from yulelight.api.fields import Body, read, text
from yulelight.api.page import PageFile, read_page, send
from yulelight.api.services import ABOUT, GUESTS, SECURITY
from yulelight.core.address import network_of
from yulelight.core.attempts import Attempts
from yulelight.core.messages import Song
from yulelight.core.reach import nearby
from yulelight.guests.desk import GetGuests, GuestView, MakeWish

FOLDER = Path(__file__).parent / "guest_page"
COOKIE = "yulelight_guest"
COOKIE_LIFE = 30 * 86_400
MAX_BODY = 1024
REQUESTS, WISHES, WINDOW = 240, 12, 60.0
"""Requests and wishes that an address may send in so many seconds; several phones may share one."""

_COOKIE = re.compile(r"[A-Za-z0-9_-]{16}")
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via", "X-Ingress-Path")
"""Headers of proxies. Behind one, all guests have its address, wherever they are."""

NOT_HERE = (
    "this page opens only at the house's own address in its network, not through a proxy or from outside"
)


class GuestDoor:
    """Limits what an address may send."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.requests = Attempts(REQUESTS, WINDOW, "too many requests from this address")
        self.wishes = Attempts(WISHES, WINDOW, "too many wishes from this address")

    def count(self, attempts: Attempts, address: str | None) -> None:
        """Counts one more. Raises TooManyAttempts."""
        now = self.clock()
        attempts.check(address, now)
        attempts.add(address, now)


DOOR = web.AppKey("guest_door", GuestDoor)
PAGE_FILES = web.AppKey("guest_page_files", Mapping[str, PageFile])


def prepare(app: web.Application) -> None:
    """What these routes need in ``app``, beyond its services."""
    app[DOOR], app[PAGE_FILES] = GuestDoor(app[SECURITY].clock), read_page(FOLDER)


class _Wishing(Body):
    song: text(MAX_SONG_ID)  # type: ignore[valid-type]


async def get_page(request: web.Request) -> web.Response:
    """GET /guests and /guests/{name}."""
    await _admitted(request)
    return send(request, request.app[PAGE_FILES], request.match_info.get("name", "index.html"))


async def get_state(request: web.Request) -> web.Response:
    """GET /guests/state: what plays, which wishes wait, and the songs to choose from."""
    return _state(request, await _admitted(request))


async def post_wish(request: web.Request) -> web.Response:
    """POST /guests/wishes ``{"song": id}``: answers with the state."""
    await _admitted(request)
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="send JSON with 'Content-Type: application/json'")
    body = await read_bytes(request, MAX_BODY, f"a wish is at most {MAX_BODY} bytes long")
    song = read(_Wishing, parse.load(body)).song
    door = request.app[DOOR]
    door.count(door.wishes, request.remote)
    names = [f"address {network_of(request.remote)}"]
    if (known := _cookie(request)) is not None:
        names.append(f"cookie {known}")
    return _state(request, await guests.ask(request.app[GUESTS], MakeWish(song, tuple(names))))


async def _admitted(request: web.Request) -> GuestView:
    """The present view, for a guest of the local network. Raises HTTP errors 403, 404, and TooManyAttempts."""
    forwarded = any(name in request.headers for name in _FORWARDED)
    if forwarded or request.remote == request.app[SECURITY].ingress or not nearby(request.remote):
        raise web.HTTPForbidden(text=NOT_HERE)
    door = request.app[DOOR]
    door.count(door.requests, request.remote)
    found = await guests.ask(request.app[GUESTS], GetGuests())
    if not found.on:
        raise web.HTTPNotFound(text="wishes are not taken here at present")
    return found


def _state(request: web.Request, found: GuestView) -> web.Response:
    body = json.dumps(
        {
            "name": request.app[ABOUT].name,
            "closed": found.closed,
            "playing": _song(found.playing),
            "waiting": [_song(song) for song in found.waiting],
            "songs": [
                {"id": song.id, **_named(song), "resting": song.id in found.resting} for song in found.songs
            ],
            "minutes": found.rules.pause / 60,
        }
    ).encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    if request.method == "GET" and request.headers.get("If-None-Match") == etag:
        return web.Response(status=304, headers=headers)
    response = web.Response(body=body, content_type="application/json", headers=headers)
    if _cookie(request) is None:
        response.set_cookie(
            COOKIE,
            secrets.token_urlsafe(12),
            max_age=COOKIE_LIFE,
            path="/guests",
            httponly=True,
            samesite="Strict",
        )
    return response


def _song(song: Song | None) -> dict[str, str] | None:
    return None if song is None else _named(song)


def _named(song: Song) -> dict[str, Any]:
    return {"title": song.title, "artist": song.artist}


def _cookie(request: web.Request) -> str | None:
    """The guest's cookie. It need not be ours: it can only make its owner wait longer."""
    value = request.cookies.get(COOKIE, "")
    return value if _COOKIE.fullmatch(value) else None


ROUTES = [
    web.get("/guests", get_page, name="guest_page"),
    web.get("/guests/state", get_state, name="guest_state"),
    web.get("/guests/{name}", get_page, name="guest_page_file"),
    web.post("/guests/wishes", post_wish, name="guest_wish"),
]
OPEN = frozenset({"guest_page", "guest_page_file", "guest_state", "guest_wish"})
