"""The routes of what sounds: which outputs there are, and how late each is heard."""

import asyncio
from typing import Any

from aiohttp import web

from yulelight.api import actions
from yulelight.api.body import read_json
from yulelight.api.context import CONTEXT, ApiContext
from yulelight.audio.outputs import MAIN
from yulelight.core.errors import CommandError, UsageError
from yulelight.core.messages import MAX_DELAY, MIN_DELAY, SetOption


async def get_outputs(request: web.Request) -> web.Response:
    """GET /api/v1/outputs."""
    return web.json_response(await _view(request.app[CONTEXT]))


async def put_output(request: web.Request) -> web.Response:
    """PUT /api/v1/outputs/{name}: its delay; answers with all outputs."""
    context, name, body = request.app[CONTEXT], request.match_info["name"], await read_json(request)
    delay: Any = body.get("delay")
    if body.keys() != {"delay"} or type(delay) not in (int, float) or not MIN_DELAY <= delay <= MAX_DELAY:
        raise UsageError(f'send {{"delay": seconds from {MIN_DELAY:g} to {MAX_DELAY:g}}}')
    if name == MAIN:
        await actions.command(context, SetOption("delay", float(delay)))
    elif context.outputs is None or name not in {each.name for each in context.outputs.outputs()}:
        raise web.HTTPNotFound(text="there is no such output; /api/v1/outputs lists them")
    else:
        await asyncio.to_thread(context.outputs.set_delay, name, float(delay))
    return web.json_response(await _view(context))


ROUTES = [
    web.get("/api/v1/outputs", get_outputs, name="get_outputs"),
    web.put("/api/v1/outputs/{name}", put_output, name="put_output"),
]


async def _view(context: ApiContext) -> dict[str, Any]:
    if context.outputs is None:
        raise CommandError("this service has no sound")
    status = await actions.ask_status(context)
    return {
        "outputs": [
            {
                "name": each.name,
                "delay": status.delay if each.name == MAIN else each.delay,
                "remote": each.remote,
                "problem": each.problem,
            }
            for each in context.outputs.outputs()
        ]
    }
