"""The routes of looks: which there are, those of the house, and trying one on what plays."""

import asyncio
from typing import Any

from aiohttp import web

from yulelight.api import actions
from yulelight.api.body import read_json
from yulelight.api.services import LIBRARY, PLAYER, SERVICES, STYLES, PlayerService, Services
from yulelight.api.state import STATE
from yulelight.core.errors import CommandError, ModelError, UsageError
from yulelight.core.messages import SetOption, State
from yulelight.library.librarian import LibraryAccess
from yulelight.show.look import Look


async def get_looks(request: web.Request) -> web.Response:
    """GET /api/v1/looks."""
    return web.json_response(await view(request.app[SERVICES]))


async def put_look(request: web.Request) -> web.Response:
    """PUT /api/v1/looks/{name}: adds a look of the house or changes it; what plays follows. Answers with all looks."""
    name, styles = request.match_info["name"], request.app[STYLES]
    values = await read_json(request)
    await asyncio.to_thread(styles.own.save, name, values)
    await _follow(request, name)
    return web.json_response(await view(request.app[SERVICES]))


async def delete_look(request: web.Request) -> web.Response:
    """DELETE /api/v1/looks/{name}: removes a look of the house; answers with all looks."""
    name, styles = request.match_info["name"], request.app[STYLES]
    base = next(
        (own.values["base"] for own in await asyncio.to_thread(styles.own.details) if own.name == name), None
    )
    if base is None:
        raise web.HTTPNotFound(text="there is no look of your own by that name; /api/v1/looks lists them")
    await asyncio.to_thread(styles.own.remove, name)
    await _follow(request, name, base)
    return web.json_response(await view(request.app[SERVICES]))


async def try_look(request: web.Request) -> web.Response:
    """POST /api/v1/looks/try: shows what plays in a look once its lights are made, and answers then; it is not kept.

    ``{"look": name}``, or the settings of a look; ``"ahead": true`` only makes the lights, so that a later try is
    immediate.
    """
    body = dict(await read_json(request))
    ahead = body.pop("ahead", False)
    if not isinstance(ahead, bool):
        raise UsageError('"ahead" must be true or false')
    name, look = await asyncio.to_thread(_chosen, request, body)
    player = request.app[PLAYER]
    await request.app[STATE].trial.run(_made(player, request.app[LIBRARY], look))
    if not ahead:
        await request.app[STYLES].attempt(name, look)
    return web.json_response(await view(request.app[SERVICES]))


async def view(services: Services) -> dict[str, Any]:
    """All looks, the one in use, and those of the house with their settings."""
    status = await actions.ask_status(services.player)
    own = await asyncio.to_thread(services.styles.own.details)
    return {
        "looks": list(services.styles.looks),
        "look": status.look,
        "own": [{"name": one.name, "values": dict(one.values), "fixed": one.fixed} for one in own],
        "voices": await asyncio.to_thread(_knows_voices, services.library, status.model),
    }


ROUTES = [
    web.get("/api/v1/looks", get_looks, name="get_looks"),
    web.post("/api/v1/looks/try", try_look, name="try_look"),
    web.put("/api/v1/looks/{name}", put_look, name="put_look"),
    web.delete("/api/v1/looks/{name}", delete_look, name="delete_look"),
]


def _chosen(request: web.Request, body: dict[str, Any]) -> tuple[str, Look]:
    """Name and look; the name is empty for one that has none. Raises UsageError. Blocks."""
    if "look" not in body:
        return "", request.app[STYLES].own.made(body)
    looks, name = request.app[LIBRARY].shows.styles.looks, body["look"]
    if len(body) > 1 or not isinstance(name, str):
        raise UsageError('send {"look": name}, or the settings of a look')
    if name not in looks:
        raise CommandError(f"there is no such look; there are {', '.join(looks)}")
    return name, looks[name]


async def _made(player: PlayerService, library: LibraryAccess, look: Look) -> None:
    """Makes the lights of the song that plays, so that the director need not wait for them. Raises AudioError."""
    status = await actions.ask_status(player)
    if status.state is State.LIVE or status.song is None or not status.song.id:
        return
    found = await asyncio.to_thread(library.shows.library.find, status.song.id)
    encoder = await asyncio.to_thread(library.shows.styles.encoder, status.model)
    await library.shows.show(found, encoder, look)


async def _follow(request: web.Request, name: str, instead: str = "") -> None:
    """Has what uses the look ``name`` use what it is now, or the look ``instead`` of it."""
    request.app[LIBRARY].shows.changed()
    player = request.app[PLAYER]
    if (await actions.ask_status(player)).look == name:
        await actions.command(player, SetOption("look", instead or name))
    request.app[STYLES].changes.publish(None)


def _knows_voices(library: LibraryAccess, model: str) -> bool:
    """Whether the model tells singers apart. Blocks."""
    try:
        encoder = library.shows.styles.encoder(model)
    except ModelError:
        return False
    return encoder.manifest.voice_channel is not None or encoder.voices is not None
