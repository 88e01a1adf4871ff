"""What a Snapcast server says about its streams: a client of its control port (JSON-RPC 2.0, one message a line).

https://github.com/badaix/snapcast/blob/develop/doc/json_rpc_api/control.md describes it. Titles are an extra: without
the port, or with a server that talks nonsense, the sound goes on without them.
"""

import asyncio
import json
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from yulelight.core.errors import NetworkError
from yulelight.core.messages import Song
from yulelight.inputs.plain import plain

log = logging.getLogger(__name__)

PORT = 1705
PATIENCE = 10.0
"""Seconds for the connection, and for the first answer."""
AGAIN, LATEST = 2.0, 60.0
"""Seconds between attempts to connect: the first, and at most."""
MAX_LINE = 1_000_000
"""Bytes of a message; a house of a hundred clients needs a tenth."""
ASK_AGAIN = 0.5
"""Seconds between two questions for the state of the server."""
_QUESTION = b'{"id":1,"jsonrpc":"2.0","method":"Server.GetStatus"}\r\n'
_MOVES = ("Server.OnUpdate", "Group.OnStreamChanged", "Client.OnConnect", "Stream.OnUpdate")
"""After these our client may hear another stream, or the stream be another."""


class Titles:
    """Follows what the client called ``client`` hears. ``tell`` is called with each song, and None without a title."""

    def __init__(self, client: str, tell: Callable[[Song | None], object]) -> None:
        self._client, self._tell = client, tell
        self._stream = ""
        self._told: Song | None = None

    async def follow(self, host: str, port: int) -> None:
        """Connects again and again, until cancelled."""
        wait = AGAIN
        while True:
            try:
                async with asyncio.timeout(PATIENCE):
                    reader, writer = await asyncio.open_connection(host, port, limit=MAX_LINE)
                try:
                    await self._read(reader, writer)
                    wait = AGAIN
                finally:
                    writer.close()
            except (OSError, TimeoutError, ValueError, NetworkError) as error:
                log.debug("no titles from the Snapcast server at %s:%d: %s", host, port, error)
                wait = min(2 * wait, LATEST)
            await asyncio.sleep(wait)

    async def _read(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        asked, again = loop.time(), False
        writer.write(_QUESTION)
        while True:
            try:
                async with asyncio.timeout(ASK_AGAIN if again else None):
                    line = await reader.readuntil(b"\n")
            except TimeoutError:
                writer.write(_QUESTION)
                await writer.drain()
                asked, again = loop.time(), False
                continue
            except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                return
            again = self.hear(line) or again
            if again and loop.time() - asked > ASK_AGAIN:
                writer.write(_QUESTION)
                await writer.drain()
                asked, again = loop.time(), False
            await asyncio.sleep(0)  # a server that talks without end must not have the event loop for itself

    def hear(self, line: bytes) -> bool:
        """Processes a message; returns whether the state of the server has to be asked for."""
        try:
            said = json.loads(line)
        except (ValueError, RecursionError):
            raise NetworkError("it sends what is no JSON") from None
        with suppress(TypeError, LookupError, AttributeError):  # whatever else it means
            if "result" in said:
                self._status(said["result"]["server"])
            elif said.get("method") == "Stream.OnProperties":
                if said["params"]["id"] == self._stream:
                    self._say(said["params"]["properties"].get("metadata"))
            else:
                return said.get("method") in _MOVES
        return False

    def _status(self, server: Any) -> None:
        for group in server["groups"]:
            if any(client["id"] == self._client for client in group["clients"]):
                self._stream = str(group["stream_id"])[:200]
        for stream in server["streams"]:
            if stream["id"] == self._stream:
                self._say(stream.get("properties", {}).get("metadata"))

    def _say(self, metadata: Any) -> None:
        song = song_of(metadata)
        if song != self._told:
            self._told = song
            self._tell(song)


def song_of(metadata: Any) -> Song | None:
    """What a stream plays; None if it does not say."""
    if not isinstance(metadata, dict) or not (title := plain(metadata.get("title"))):
        return None
    artists = metadata.get("artist")
    names = [artists] if isinstance(artists, str) else artists if isinstance(artists, list) else []
    return Song(
        "", title, plain(", ".join(filter(None, map(plain, names[:10])))), album=plain(metadata.get("album"))
    )
