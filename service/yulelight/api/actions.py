"""What a client can ask of the show, whatever carries the request: ask the actors, answer as JSON values.

All of these raise what the actor answers with, and AskTimeout, ActorStopped or MailboxFull when it cannot.
"""

import asyncio
from typing import Any

from aiohttp import web

from yulelight.api import library, pairing_routes, playlists, wire
from yulelight.api import schedule as calendar
from yulelight.api.context import ApiContext
from yulelight.api.parse import View
from yulelight.core.errors import CommandError
from yulelight.core.messages import (
    Announce,
    ChannelState,
    Command,
    GetChannels,
    GetStatus,
    Play,
    ReleaseChannel,
    SetChannel,
    Status,
)
from yulelight.library.playlists import NoSuchPlaylist

ASK_TIMEOUT = 5.0


async def view(context: ApiContext, name: View) -> dict[str, Any]:
    """What ``/api/v1/{name}`` answers, and the WebSocket's ``get``."""
    match name:
        case "status":
            return wire.status(await ask_status(context), context.clock())
        case "songs":
            return wire.songs(await asyncio.to_thread(context.songs))
        case "nodes":
            return {"nodes": list(context.nodes())}
        case "channels":
            return wire.channels(await ask_channels(context))
        case "schedule":
            return await calendar.view(context)
        case "playlists":
            return await playlists.view(context)
        case "library":
            return await library.view(context)
        case "looks":
            return {"looks": list(context.looks), "look": (await ask_status(context)).look}
        case "models":
            return await _models(context)
        case "pairing":
            return pairing_routes.waiting(context)


async def _models(context: ApiContext) -> dict[str, Any]:
    """The models there are, and the one in use."""
    described = await asyncio.to_thread(context.models)
    models = [
        {"name": name, "description": text, "default": name == context.model}
        for name, text in described.items()
    ]
    return {"models": models, "model": (await ask_status(context)).model}


async def ask_status(context: ApiContext) -> Status:
    """The show as the director sees it now."""
    status: Status = await context.director.ask(GetStatus(), timeout=ASK_TIMEOUT)
    return status


async def ask_channels(context: ApiContext) -> tuple[ChannelState, ...]:
    """All eight channels as the lights hold them now."""
    states: tuple[ChannelState, ...] = await context.lights.ask(GetChannels(), timeout=ASK_TIMEOUT)
    return states


async def command(context: ApiContext, message: Command) -> dict[str, Any]:
    """Tell the director; the status after it. Raises HTTPNotFound when there is no such song or playlist."""
    try:
        status: Status = await context.director.ask(message, timeout=ASK_TIMEOUT)
    except NoSuchPlaylist as error:
        raise web.HTTPNotFound(text=str(error)) from None
    except CommandError:
        if isinstance(message, Play | Announce) and message.song is not None:
            known = {song.id for song in await asyncio.to_thread(context.songs)}
            if message.song not in known:
                raise web.HTTPNotFound(text="there is no such song; /api/v1/songs lists them") from None
        raise
    return wire.status(status, context.clock())


async def channel(context: ApiContext, message: SetChannel | ReleaseChannel) -> dict[str, Any]:
    """Tell the lights; the channel after it."""
    await context.lights.ask(message, timeout=ASK_TIMEOUT)
    states = await ask_channels(context)
    return next(wire.channel(state) for state in states if state.channel == message.channel)


def info(context: ApiContext) -> dict[str, Any]:
    """Who this is, for anybody: id, name, version and the range of API versions spoken."""
    return {
        "id": context.id,
        "name": context.name,
        "version": context.version,
        "api": wire.API_VERSIONS.to_dict(),
    }
