"""POST /api/v1/playback: a remote media player reports its position in the song, and the lights follow it."""

from typing import Annotated, Literal

from aiohttp import web
from pydantic import Field

from yulelight.api import actions
from yulelight.api.body import read_json
from yulelight.api.fields import Body, Json, read
from yulelight.api.services import PLAYER
from yulelight.core.messages import PlayerReport


class _Report(Body):
    position: Annotated[
        float,
        Field(strict=True, ge=0, le=1e6, allow_inf_nan=False, description="a number of seconds, 0 or more"),
    ]
    state: Annotated[
        Literal["playing", "paused", "stopped"], Field(description="one of playing, paused, stopped")
    ]
    song: (
        Annotated[
            str,
            Field(
                strict=True,
                min_length=1,
                max_length=64,
                description="the id of the song that the player plays",
            ),
        ]
        | None
    ) = None


async def post_playback(request: web.Request) -> web.Response:
    """POST /api/v1/playback: answers with the status after it."""
    message = report(await read_json(request))
    return web.json_response(await actions.command(request.app[PLAYER], message))


def report(body: Json) -> PlayerReport:
    """``{"position": 61.5, "state": "playing", "song": "5e1c"}``; song may be left out. Raises UsageError."""
    said = read(_Report, body)
    return PlayerReport(said.position, said.state, said.song)


ROUTES = [web.post("/api/v1/playback", post_playback, name="playback")]
