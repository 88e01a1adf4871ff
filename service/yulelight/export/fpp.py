"""Uploads to a Falcon Player (FPP) over its HTTP API: sequences, music, and a playlist of both."""

import asyncio
import io
import json
import os
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import aiohttp
from yarl import URL

from yulelight.core.errors import NetworkError, UsageError

CONNECT = 10.0
SILENT = 120.0
"""Seconds in which the player takes nothing, or does not answer, after which an upload has failed; it writes to an SD
card."""
_PIECE = 64 * 1024
_HOST = re.compile(r"[\w.:-]+")
_MAX_ANSWER = 64 * 1024


@dataclass(frozen=True, slots=True)
class Item:
    """One song of a playlist: the names of its files on the player, and its length in seconds."""

    sequence: str
    media: str
    duration: float


class FalconPlayer:
    """A player at ``address``: ``HOST`` or ``HOST:PORT``. Raises UsageError if it is invalid."""

    def __init__(self, session: aiohttp.ClientSession, address: str) -> None:
        self._session = session
        try:
            self._url = URL(f"http://{address}")
        except ValueError:
            self._url = URL()
        if (
            not _HOST.fullmatch(self._url.host or "")
            or self._url.path not in ("", "/")
            or self._url.query_string
            or self._url.user
        ):
            raise UsageError(
                f"{address!r} is not the address of a player; give a name or an address, such as fpp.local"
            )

    async def upload_sequence(self, path: Path, name: str) -> None:
        """Uploads the file ``path`` as the sequence ``name``. Raises NetworkError."""
        await self._upload("sequences", path, name)

    async def upload_music(self, path: Path, name: str) -> None:
        """Uploads the file ``path`` as the media file ``name``. Raises NetworkError."""
        await self._upload("music", path, name)

    async def save_playlist(self, name: str, items: Sequence[Item]) -> None:
        """Creates or replaces the playlist of ``items`` in their order. Raises NetworkError."""
        entries = [
            {
                "type": "both",
                "enabled": 1,
                "playOnce": 0,
                "sequenceName": item.sequence,
                "mediaName": item.media,
                "videoOut": "--Default--",
                "duration": round(item.duration, 3),
            }
            for item in items
        ]
        body = {
            "name": name,
            "version": 3,
            "repeat": 0,
            "loopCount": 0,
            "empty": not items,
            "desc": "",
            "random": 0,
            "leadIn": [],
            "mainPlaylist": entries,
            "leadOut": [],
            "playlistInfo": {
                "total_duration": round(sum(item.duration for item in items), 3),
                "total_items": len(items),
            },
        }
        data = json.dumps(body).encode()
        await self._post(
            self._url / "api" / "playlist" / name, io.BytesIO(data), len(data), "application/json"
        )

    async def _upload(self, folder: str, path: Path, name: str) -> None:
        try:
            file = path.open("rb")
        except OSError as error:
            raise UsageError(f"cannot read {path}: {error.strerror}") from error
        with file:
            size = os.fstat(file.fileno()).st_size
            await self._post(
                self._url / "api" / "file" / folder / name, file, size, "application/octet-stream"
            )

    async def _post(self, url: URL, file: BinaryIO, size: int, kind: str) -> None:
        where = self._url.authority
        headers = {"Content-Type": kind, "Content-Length": str(size)}
        try:
            async with (
                asyncio.timeout(SILENT) as patience,
                self._session.post(
                    url,
                    data=_pieces(file, patience),
                    headers=headers,
                    timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT),
                    allow_redirects=False,
                ) as response,
            ):
                answer = await response.content.read(_MAX_ANSWER)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise NetworkError(
                f"the player at {where} did not take {url.name}: {str(error) or 'no answer'}; is it on, and an FPP?"
            ) from error
        trouble = _trouble(response.status, answer)
        if trouble:
            raise NetworkError(f"the player at {where} refused {url.name}: {trouble}")


async def _pieces(file: BinaryIO, patience: asyncio.Timeout) -> AsyncIterator[bytes]:
    """The content of ``file``; with each piece that the player takes, there is patience for another."""
    while piece := await asyncio.to_thread(file.read, _PIECE):
        yield piece
        patience.reschedule(asyncio.get_running_loop().time() + SILENT)


def _trouble(status: int, answer: bytes) -> str:
    """The player's error message; empty if there is none."""
    if not 200 <= status < 300:
        return f"HTTP {status}"
    try:
        said = json.loads(answer)
    except (ValueError, RecursionError):
        return ""  # older ones answer with plain text
    told = {key.lower(): value for key, value in said.items()} if isinstance(said, dict) else {}
    state = told.get("status", "OK")
    return "" if str(state).upper() == "OK" else str(told.get("message", state))[:200]
