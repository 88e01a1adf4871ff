"""POST /api/v1/playback: a media player elsewhere says how far it is in the song, and the lights follow it."""

from aiohttp import web

from yulelight.api import actions, parse
from yulelight.api.body import read_json
from yulelight.api.context import CONTEXT
from yulelight.core.errors import UsageError
from yulelight.core.messages import PlayerReport

STATES = ("playing", "paused", "stopped")


async def post_playback(request: web.Request) -> web.Response:
    """POST /api/v1/playback: answers with the status after it."""
    message = report(await read_json(request))
    return web.json_response(await actions.command(request.app[CONTEXT], message))


def report(body: parse.Json) -> PlayerReport:
    """``{"position": 61.5, "state": "playing", "song": "5e1c"}``; song may be left out. Raises UsageError."""
    if unknown := sorted(body.keys() - {"position", "state", "song"}):
        raise UsageError(f"unknown field {unknown[0][:40]!r}; known here: position, song, state")
    position, state, song = body.get("position"), body.get("state"), body.get("song")
    # A whole number may be too large for a float; comparing it is safe, and NaN never gets here.
    if type(position) not in (int, float) or not 0 <= position <= 1e6:  # type: ignore[operator]
        raise UsageError('"position" must be a number of seconds, 0 or more')
    if state not in STATES:
        raise UsageError(f'"state" must be one of {", ".join(STATES)}')
    if song is not None and not (isinstance(song, str) and 0 < len(song) <= 64):
        raise UsageError('"song" must be the id of the song that the player plays')
    return PlayerReport(float(position), state, song)  # type: ignore[arg-type]


ROUTES = [web.post("/api/v1/playback", post_playback, name="playback")]
