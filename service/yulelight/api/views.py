"""What ``/api/v1/{name}`` answers, and the WebSocket's ``get``: each view from the concern that knows it."""

import asyncio
from typing import Any

from yulelight.api import actions, inputs, library, looks, pairing_routes, playlists, stations, wire
from yulelight.api import schedule as calendar
from yulelight.api.parse import View
from yulelight.api.services import Services
from yulelight.show.palettes import NAMES, PALETTES


async def view(services: Services, name: View) -> dict[str, Any]:
    """Raises what the actor answers with, and AskTimeout, ActorStopped or MailboxFull when it cannot."""
    match name:
        case "status":
            return wire.status(await actions.ask_status(services.player), services.player.clock())
        case "songs":
            return wire.songs(await asyncio.to_thread(services.player.songs))
        case "nodes":
            return {"nodes": list(services.nodes.report())}
        case "inputs":
            return await inputs.view(services.inputs)
        case "stations":
            return await stations.view(services.stations)
        case "channels":
            return wire.channels(await actions.ask_channels(services.lights))
        case "schedule":
            return await calendar.view(services.schedule)
        case "playlists":
            return await playlists.view(services.playlists)
        case "library":
            return await library.view(services.library)
        case "looks":
            return await looks.view(services)
        case "palettes":
            status = await actions.ask_status(services.player)
            known = [{"name": name, "colours": list(PALETTES.get(name, ()))} for name in NAMES]
            return {"palettes": known, "palette": status.palette}
        case "models":
            return await _models(services)
        case "pairing":
            return pairing_routes.waiting(services.security)


async def _models(services: Services) -> dict[str, Any]:
    """The models there are, and the one in use."""
    styles = services.styles
    described = await asyncio.to_thread(styles.models)
    models = [
        {"name": name, "description": text, "default": name == styles.model}
        for name, text in described.items()
    ]
    return {"models": models, "model": (await actions.ask_status(services.player)).model}
