"""The routes of the library: songs, covers, settings, shows, and background rendering."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from aiohttp import web

from yulelight.api import library_wire
from yulelight.api.body import read_json
from yulelight.api.services import LIBRARY, SOUND
from yulelight.audio.covers import Cover
from yulelight.core.errors import CommandError
from yulelight.library.librarian import (
    ChangeSong,
    GetLibrary,
    LibrarianMessage,
    LibraryAccess,
    LibraryState,
    RenderSong,
    Rescan,
    Rest,
)
from yulelight.library.search import search
from yulelight.library.songs import LibrarySong

T = TypeVar("T")

ASK_TIMEOUT = 10.0
RETRY_AFTER = "2"
"""Seconds after which a client should ask again for a show that is being rendered."""

_ACTIONS: dict[str, LibrarianMessage] = {"rescan": Rescan(), "pause": Rest(True), "resume": Rest(False)}


async def get_library(request: web.Request) -> web.Response:
    """GET /api/v1/library."""
    return web.json_response(await view(request.app[LIBRARY]))


async def view(library: LibraryAccess) -> dict[str, Any]:
    """The state of the library as JSON."""
    return library_wire.state(await _ask(library, GetLibrary()))


async def post_library(request: web.Request) -> web.Response:
    """POST /api/v1/library: scan, pause and resume."""
    message = _ACTIONS[library_wire.action(await read_json(request))]
    return web.json_response(library_wire.state(await _ask(request.app[LIBRARY], message)))


async def get_songs(request: web.Request) -> web.Response:
    """GET /api/v1/songs: matching songs, in pages."""
    query, library = library_wire.query(request.query), request.app[LIBRARY]

    def listed() -> dict[str, Any]:
        found = search(library.shows.library.songs(), query.search, query.artist, query.album)
        page = found[query.offset : query.offset + query.limit]
        return {
            "songs": [library_wire.song(song, library.shows.rendered(song)) for song in page],
            "total": len(found),
        }

    return web.json_response(await asyncio.to_thread(listed))


async def get_song(request: web.Request) -> web.Response:
    """GET /api/v1/songs/{id}."""
    return web.json_response(await _with_song(request, _details))


async def patch_song(request: web.Request) -> web.Response:
    """PATCH /api/v1/songs/{id}: change its settings."""
    library = request.app[LIBRARY]
    styles = library.shows.styles
    models = await asyncio.to_thread(styles.models)
    changes = library_wire.changes(await read_json(request), styles.looks, models)
    found = await _with_song(request, lambda _, found: found)
    await _ask(request.app[LIBRARY], ChangeSong(found.song.id, changes))
    return web.json_response(await _with_song(request, _details))


async def render_song(request: web.Request) -> web.Response:
    """POST /api/v1/songs/{id}/render: render it next, if it has no show yet."""
    found = await _with_song(request, lambda _, found: found)
    await _ask(request.app[LIBRARY], RenderSong(found.song.id))
    return web.json_response(await _with_song(request, _details))


async def get_cover(request: web.Request) -> web.Response:
    """GET /api/v1/songs/{id}/cover: the unmodified cover from the file, next to it, or from a live input."""

    def read(library: LibraryAccess, found: LibrarySong) -> Cover | None:
        return library.shows.library.cover(found)

    live = request.app[SOUND].air.cover(request.match_info["id"])
    picture = live or await _with_song(request, read)
    if picture is None:
        raise web.HTTPNotFound(text="this song has no cover")
    headers = {"ETag": f'"{picture.mark}"', "Cache-Control": "private, no-cache"}
    if any(tag.value in (picture.mark, "*") for tag in request.if_none_match or ()):
        return web.Response(status=304, headers=headers)
    return web.Response(body=picture.data, content_type=picture.media_type, headers=headers)


async def get_show(request: web.Request) -> web.Response:
    """GET /api/v1/songs/{id}/show: a summary; 202 while it is being rendered."""

    def read(library: LibraryAccess, found: LibrarySong) -> dict[str, Any] | None:
        show = library.shows.kept(found)
        if show is None and found.problem:
            raise CommandError(found.problem)
        return library_wire.summary(show) if show else None

    summary = await _with_song(request, read)
    if summary is not None:
        return web.json_response(summary)
    state = await _ask(request.app[LIBRARY], RenderSong(request.match_info["id"]))
    return web.json_response(library_wire.state(state), status=202, headers={"Retry-After": RETRY_AFTER})


ROUTES = [
    web.get("/api/v1/library", get_library, name="get_library"),
    web.post("/api/v1/library", post_library, name="post_library"),
    web.get("/api/v1/songs", get_songs, name="get_songs"),
    web.get("/api/v1/songs/{id}", get_song, name="get_song"),
    web.patch("/api/v1/songs/{id}", patch_song, name="patch_song"),
    web.post("/api/v1/songs/{id}/render", render_song, name="render_song"),
    web.get("/api/v1/songs/{id}/cover", get_cover, name="get_cover"),
    web.get("/api/v1/songs/{id}/show", get_show, name="get_show"),
]


def _details(library: LibraryAccess, found: LibrarySong) -> dict[str, Any]:
    shows = library.shows
    return library_wire.details(
        found, shows.rendered(found), shows.settings(found.song.id), shows.library.duplicates(found)
    )


async def _with_song(request: web.Request, work: Callable[[LibraryAccess, LibrarySong], T]) -> T:
    """Runs ``work`` in a thread with the song in the path. Raises HTTPNotFound."""
    library = request.app[LIBRARY]
    try:
        found = await asyncio.to_thread(library.shows.library.find, request.match_info["id"])
    except CommandError:
        raise web.HTTPNotFound(text="there is no such song; /api/v1/songs lists them") from None
    return await asyncio.to_thread(work, library, found)


async def _ask(library: LibraryAccess, message: LibrarianMessage) -> LibraryState:
    state: LibraryState = await library.librarian.ask(message, timeout=ASK_TIMEOUT)
    return state
