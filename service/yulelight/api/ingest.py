"""The transport of live audio over HTTP and WebSocket; the session implements ``IngestSink``.

A stream may be endless. Memory is bounded (a chunk is read only after the previous one was accepted), and so is
silence (``IDLE`` seconds without data).
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeAlias

from aiohttp import StreamReader, WSMsgType, web

from yulelight.api.parse import Json, load
from yulelight.audio.pcm import PcmFormat
from yulelight.core.errors import AudioError, UsageError

IDLE = 30.0
HELLO_TIMEOUT = 10.0
MAX_TITLE = 200


class IngestSink(Protocol):
    """The receiver of one stream."""

    async def write(self, data: bytes) -> None:
        """Accept the next bytes; waits while the show is behind. Raises AudioError if they are not audio."""

    async def finish(self) -> None:
        """The stream is complete: play the rest, then end. Raises AudioError like ``write``."""

    async def abort(self, reason: str) -> None:
        """The stream was interrupted; ``reason`` is worded for the user."""


OpenIngest: TypeAlias = Callable[[str, PcmFormat | None], Awaitable[IngestSink]]
"""``await open_ingest(title, pcm)``; ``pcm`` None: any container. Raises CommandError."""


def parse_hello(body: Json) -> tuple[str, PcmFormat]:
    """Parses title and format from the first message of a PCM stream. Raises UsageError."""
    title = clean_title(body.get("title", ""))
    try:
        return title, PcmFormat(body.get("rate"), body.get("channels"), body.get("format"))  # type: ignore[arg-type]
    except AudioError as error:
        raise UsageError(str(error)) from None


def clean_title(value: object) -> str:
    """The title for display: one line of at most 200 printable characters. Raises UsageError."""
    if not isinstance(value, str):
        raise UsageError('"title" must be a string')
    text = "".join(c if c.isprintable() else " " for c in value[: 4 * MAX_TITLE])
    return " ".join(text.split())[:MAX_TITLE]


async def pour_body(body: StreamReader, sink: IngestSink, idle: float = IDLE) -> int:
    """Passes the whole body to the sink; returns the number of bytes. Any error aborts the sink and is raised."""
    total = 0
    try:
        while True:
            async with asyncio.timeout(idle):
                chunk = await body.readany()
            if not chunk:
                break
            total += len(chunk)
            await sink.write(chunk)
        if total == 0:
            raise AudioError("the body is empty; send the audio file or stream as the body")
        await sink.finish()
    except TimeoutError:
        await sink.abort(f"nothing came for {idle:g} s")
        raise web.HTTPRequestTimeout(text=f"nothing came for {idle:g} s; the stream was ended") from None
    except BaseException as error:
        await asyncio.shield(sink.abort(_reason(error)))
        raise
    return total


async def pour_socket(socket: web.WebSocketResponse, sink: IngestSink, idle: float = IDLE) -> int:
    """Passes binary messages to the sink until ``{"type": "end"}`` or a clean close; returns the number of bytes.

    Raises UsageError for other messages, ConnectionResetError if the connection is lost.
    """
    total = 0
    try:
        while True:
            async with asyncio.timeout(idle):
                message = await socket.receive()
            if message.type is WSMsgType.BINARY:
                total += len(message.data)
                await sink.write(message.data)
            elif message.type is WSMsgType.TEXT:
                if load(message.data) != {"type": "end"}:
                    raise UsageError('send PCM as binary messages, then {"type": "end"}')
                break
            elif message.type is WSMsgType.CLOSE and message.data in (1000, 1001):
                break
            else:
                raise ConnectionResetError("the sender's connection was lost")
        await sink.finish()
    except TimeoutError:
        await sink.abort(f"nothing came for {idle:g} s")
        raise UsageError(f"nothing came for {idle:g} s; the stream was ended") from None
    except BaseException as error:
        await asyncio.shield(sink.abort(_reason(error)))
        raise
    return total


async def receive_hello(socket: web.WebSocketResponse) -> tuple[str, PcmFormat]:
    """Receives title and format in the first text message. Raises UsageError, also after a timeout."""
    try:
        async with asyncio.timeout(HELLO_TIMEOUT):
            message = await socket.receive()
    except TimeoutError:
        message = None
    if message is None or message.type is not WSMsgType.TEXT:
        raise UsageError('first send {"rate": 44100, "channels": 2, "format": "s16le", "title": "…"}')
    return parse_hello(load(message.data))


def _reason(error: BaseException) -> str:
    if isinstance(error, asyncio.CancelledError | OSError):
        return "the sender's connection was lost"
    return str(error) or type(error).__name__
