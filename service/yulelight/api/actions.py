"""What a client can ask of player and lights, whatever carries the request: ask the actors, answer as JSON values.

All of these raise what the actor answers with, and AskTimeout, ActorStopped or MailboxFull when it cannot.
"""

import asyncio
from typing import Any

from aiohttp import web

from yulelight.api import wire
from yulelight.api.services import About, LightsService, PlayerService
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
from yulelight.library.stations import NoSuchStation

ASK_TIMEOUT = 5.0


async def ask_status(player: PlayerService) -> Status:
    """The present status from the director."""
    status: Status = await player.director.ask(GetStatus(), timeout=ASK_TIMEOUT)
    return status


async def ask_channels(lights: LightsService) -> tuple[ChannelState, ...]:
    """The present state of all eight channels."""
    states: tuple[ChannelState, ...] = await lights.lights.ask(GetChannels(), timeout=ASK_TIMEOUT)
    return states


async def command(player: PlayerService, message: Command) -> dict[str, Any]:
    """Sends a command to the director and returns the new status. Raises HTTPNotFound for unknown songs,
    playlists and stations.
    """
    try:
        status: Status = await player.director.ask(message, timeout=ASK_TIMEOUT)
    except (NoSuchPlaylist, NoSuchStation) as error:
        raise web.HTTPNotFound(text=str(error)) from None
    except CommandError:
        if isinstance(message, Play | Announce) and message.song is not None:
            known = {song.id for song in await asyncio.to_thread(player.songs)}
            if message.song not in known:
                raise web.HTTPNotFound(text="there is no such song; /api/v1/songs lists them") from None
        raise
    return wire.status(status, player.clock())


async def channel(lights: LightsService, message: SetChannel | ReleaseChannel) -> dict[str, Any]:
    """Sends a command to the lights and returns the new state of the channel."""
    await lights.lights.ask(message, timeout=ASK_TIMEOUT)
    states = await ask_channels(lights)
    return next(wire.channel(state) for state in states if state.channel == message.channel)


def info(about: About) -> dict[str, Any]:
    """Public information: id, name, version and the supported range of API versions."""
    return {
        "id": about.id,
        "name": about.name,
        "version": about.version,
        "api": wire.API_VERSIONS.to_dict(),
    }
