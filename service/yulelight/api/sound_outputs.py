"""The routes of the audio outputs: their list and delays."""

import asyncio
from typing import Any

from aiohttp import web

from yulelight.api import actions
from yulelight.api.body import read_json
from yulelight.api.services import PLAYER, SOUND, PlayerService, SoundService
from yulelight.audio.sound_outputs import MAIN
from yulelight.core.errors import UsageError
from yulelight.core.messages import MAX_DELAY, MIN_DELAY, SetOption


async def get_outputs(request: web.Request) -> web.Response:
    """GET /api/v1/outputs."""
    return web.json_response(await _view(request.app[PLAYER], request.app[SOUND]))


async def put_output(request: web.Request) -> web.Response:
    """PUT /api/v1/outputs/{name}: set its delay; answers with all outputs."""
    player, sound = request.app[PLAYER], request.app[SOUND]
    name, body = request.match_info["name"], await read_json(request)
    delay: Any = body.get("delay")
    if body.keys() != {"delay"} or type(delay) not in (int, float) or not MIN_DELAY <= delay <= MAX_DELAY:
        raise UsageError(f'send {{"delay": seconds from {MIN_DELAY:g} to {MAX_DELAY:g}}}')
    if name == MAIN:
        await actions.command(player, SetOption("delay", float(delay)))
    elif name not in {each.name for each in sound.outputs.outputs()}:
        raise web.HTTPNotFound(text="there is no such output; /api/v1/outputs lists them")
    else:
        await asyncio.to_thread(sound.outputs.set_delay, name, float(delay))
    return web.json_response(await _view(player, sound))


ROUTES = [
    web.get("/api/v1/outputs", get_outputs, name="get_outputs"),
    web.put("/api/v1/outputs/{name}", put_output, name="put_output"),
]


async def _view(player: PlayerService, sound: SoundService) -> dict[str, Any]:
    status = await actions.ask_status(player)
    return {
        "outputs": [
            {
                "name": each.name,
                "delay": status.delay if each.name == MAIN else each.delay,
                "remote": each.remote,
                "problem": each.problem,
            }
            for each in sound.outputs.outputs()
        ]
    }
