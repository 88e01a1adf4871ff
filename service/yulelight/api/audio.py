"""The unmodified file of a song, for remote players; and links that need no token."""

import asyncio
import contextlib
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter

from yulelight.api.services import SECURITY, SOUND
from yulelight.api.state import STATE
from yulelight.core.errors import CommandError
from yulelight.library.songs import LibrarySong
from yulelight.player.on_air import LIVE, TooManyPlayersError

MAX_SENDING = 32
"""Maximum number of files being sent at the same time."""
LIVE_PATH = Path("live.mp3")

TYPES = {
    ".aac": "audio/aac",
    ".ac3": "audio/ac3",
    ".aif": "audio/aiff",
    ".aiff": "audio/aiff",
    ".ape": "audio/x-ape",
    ".flac": "audio/flac",
    ".m4a": "audio/mp4",
    ".m4b": "audio/mp4",
    ".mka": "audio/x-matroska",
    ".mkv": "video/x-matroska",
    ".mp2": "audio/mpeg",
    ".mp3": "audio/mpeg",
    ".mp4": "audio/mp4",
    ".mpc": "audio/x-musepack",
    ".oga": "audio/ogg",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".tta": "audio/x-tta",
    ".wav": "audio/wav",
    ".webm": "audio/webm",
    ".wma": "audio/x-ms-wma",
    ".wv": "audio/x-wavpack",
}


async def get_audio(request: web.Request) -> web.StreamResponse:
    """GET /api/v1/audio/{song}: with Range, ETag and the conditions of RFC 9110. A suffix (.mp3) may follow the id."""
    if _song_of(request) == LIVE:
        return await _live(request)
    found = await _find(request, _song_of(request))
    if not await asyncio.to_thread(found.path.is_file):
        raise web.HTTPNotFound(text="this song's file is gone; ask for the list of songs again")
    if request.app[STATE].sending >= MAX_SENDING:
        raise web.HTTPServiceUnavailable(text="too many songs are being fetched; try again in a moment")
    response = _Sound(found.path, headers={"Content-Type": content_type(found.path)})
    response.headers["Cache-Control"] = "private, no-cache"  # may be cached, and is revalidated by its ETag
    _open_to_pages(request, response)
    return response


async def _live(request: web.Request) -> web.StreamResponse:
    """The current live stream, until it ends or the player is too slow."""
    stream = request.app[SOUND].air.stream
    if stream is None:
        raise web.HTTPNotFound(text="no stream is on air")
    response = web.StreamResponse(headers={"Content-Type": content_type(LIVE_PATH)})
    _open_to_pages(request, response)
    try:
        async with stream.listening() as pieces:
            await response.prepare(request)
            if request.method != "HEAD":
                async for piece in pieces:
                    await response.write(piece)
    except TooManyPlayersError:
        raise web.HTTPServiceUnavailable(text="too many players hear the stream already") from None
    except ConnectionError:
        pass  # the player has disconnected
    return response


def _open_to_pages(request: web.Request, response: web.StreamResponse) -> None:
    """Links are for any player, including those in pages of other sites."""
    if signed(request):
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"


async def get_link(request: web.Request) -> web.Response:
    """GET /api/v1/songs/{song}/link: a link to the song's file for players without the token, valid for a day."""
    song = request.match_info["song"]
    path = LIVE_PATH if song == LIVE else (await _find(request, song)).path
    signature, expires = request.app[STATE].links.sign(song, request.app[SECURITY].wall())
    suffix = path.suffix.lower() if path.suffix.lower() in TYPES else ""
    return web.json_response(
        {
            "path": f"/api/v1/audio/{song}{suffix}?sig={signature}",
            "expires": expires,
            "content_type": content_type(path),
        }
    )


def signed(request: web.Request) -> bool:
    """Whether the request has a link's signature, valid or not."""
    return request.match_info.route.name == "audio" and "sig" in request.query


def may_hear(request: web.Request) -> bool:
    """Whether the signature of a ``signed`` request is valid for its song."""
    links, now = request.app[STATE].links, request.app[SECURITY].wall()
    return links.check(_song_of(request), request.query["sig"], now)


def content_type(path: Path) -> str:
    """The media type by the file's name; nothing is converted, so a player may not support it."""
    return TYPES.get(path.suffix.lower(), "application/octet-stream")


ROUTES = [
    web.get("/api/v1/audio/{song}", get_audio, name="audio"),
    web.get("/api/v1/songs/{song}/link", get_link, name="song_link"),
]


class _Sound(web.FileResponse):
    """A file response that is counted while being sent, and never mixes parts of different versions of a file."""

    def __init__(self, path: Path, **options: Any) -> None:
        super().__init__(path, **options)
        self._song = path

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        assert isinstance(request, web.Request)
        request.app[STATE].sending += 1
        try:
            return await super().prepare(await asyncio.to_thread(self._fitting, request))
        finally:
            request.app[STATE].sending -= 1

    def _fitting(self, request: web.Request) -> web.Request:
        """The request, without Range if its If-Range has another version; aiohttp supports only dates there."""
        tag = request.headers.get("If-Range", "")
        if not tag.endswith('"'):
            return request
        with contextlib.suppress(OSError):
            status = self._song.stat()
            if tag == f'"{status.st_mtime_ns:x}-{status.st_size:x}"':
                return request
        kept = {name: value for name, value in request.headers.items() if name.lower() != "range"}
        return request.clone(headers=kept)


def _song_of(request: web.Request) -> str:
    return request.match_info["song"].partition(".")[0]


async def _find(request: web.Request, song: str) -> LibrarySong:
    try:
        return await asyncio.to_thread(request.app[SOUND].find, song)
    except CommandError:
        raise web.HTTPNotFound(text="there is no such song; /api/v1/songs lists them") from None
