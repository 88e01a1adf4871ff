"""The route of live inputs: their list, and which of them have sound."""

from aiohttp import web

from yulelight.api.services import INPUTS
from yulelight.inputs.manager import GetInputs


async def get_inputs(request: web.Request) -> web.Response:
    """GET /api/v1/inputs."""
    reports = await request.app[INPUTS].manager.ask(GetInputs(), timeout=5.0)
    return web.json_response(
        {
            "inputs": [
                {
                    "name": each.name,
                    "state": each.state,
                    "level": each.level,
                    "priority": each.priority,
                    "problem": each.problem,
                    "title": each.song.title,
                    "artist": each.song.artist,
                }
                for each in reports
            ]
        }
    )


ROUTES = [web.get("/api/v1/inputs", get_inputs, name="get_inputs")]
