"""Audio that comes in over HTTP and lights the channels while it arrives.

The session implements ``IngestSink``; here is only the transport. A stream may last for ever: what is bounded
is the memory (a chunk is read when the one before was taken) and the silence (``IDLE`` seconds without a byte).
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
    """One stream on its way into the show."""

    async def write(self, data: bytes) -> None:
        """Take the next bytes; waits while the show is behind. Raises AudioError when they are no audio."""

    async def finish(self) -> None:
        """The stream is complete: play what is left, then end. Raises AudioError as ``write``."""

    async def abort(self, reason: str) -> None:
        """The stream broke off; ``reason`` in words for the user."""


OpenIngest: TypeAlias = Callable[[str, PcmFormat | None], Awaitable[IngestSink]]
"""``await open_ingest(title, pcm)``; ``pcm`` None: any container. Raises CommandError."""


def parse_hello(body: Json) -> tuple[str, PcmFormat]:
    """Title and format from the first message of a PCM stream. Raises UsageError."""
    title = clean_title(body.get("title", ""))
    try:
        return title, PcmFormat(body.get("rate"), body.get("channels"), body.get("format"))  # type: ignore[arg-type]
    except AudioError as error:
        raise UsageError(str(error)) from None


def clean_title(value: object) -> str:
    """A title fit to be shown: one line of at most 200 printable characters. Raises UsageError."""
    if not isinstance(value, str):
        raise UsageError('"title" must be a string')
    text = "".join(c if c.isprintable() else " " for c in value[: 4 * MAX_TITLE])
    return " ".join(text.split())[:MAX_TITLE]


async def pour_body(body: StreamReader, sink: IngestSink, idle: float = IDLE) -> int:
    """The whole body into the sink; the number of bytes. What breaks it off aborts the sink and is raised."""
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
    """Binary messages into the sink until ``{"type": "end"}`` or a clean close; the number of bytes.

    Raises UsageError for a message that is neither, ConnectionResetError when the peer vanished.
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
    """The first text message as title and format. Raises UsageError, also when it does not come in time."""
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
