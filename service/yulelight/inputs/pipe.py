"""Sound from a fifo, a TCP socket or a command: bare samples, or any container that can be read without seeking.

Each way gives bytes until the sender is gone; then the input is over, and whoever keeps it opens it again.
"""

import asyncio
import os
import signal
import stat
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from yulelight.audio.feed import ByteFeed
from yulelight.audio.pcm import PcmDecoder, PcmFormat
from yulelight.audio.stream import stream_blocks
from yulelight.core.errors import AudioError, NetworkError, UsageError, YulelightError
from yulelight.core.listening import BACKLOG, keep_alive
from yulelight.core.messages import Song
from yulelight.inputs.base import Block, Heard
from yulelight.inputs.threads import stepped

PIECE = 8192
"""Bytes that are read at once: 46 ms of CD sound."""
POLL_INTERVAL = 0.1
"""Seconds between two looks whether somebody writes into a fifo."""
CLOSING = 5.0
"""Seconds for a command to end after its last sound."""
CONNECT = 10.0
"""Seconds for a connection."""
SILENT = 10.0
"""Seconds without a byte after which a sender gives way to the next one that connects."""

Opened: TypeAlias = Callable[[], AbstractAsyncContextManager[AsyncIterator[bytes]]]


class PipeInput:
    """An Input of what ``opened`` gives. ``pcm``: the format of bare samples, None for a container."""

    def __init__(self, song: Song, opened: Opened, pcm: PcmFormat | None) -> None:
        self.song = song
        self._opened, self._pcm = opened, pcm

    @asynccontextmanager
    async def open(self) -> AsyncIterator[AsyncIterator[Heard]]:
        """See Input."""
        async with self._opened() as pieces:
            heard = contained(pieces) if self._pcm is None else _bare(pieces, self._pcm)
            async with aclosing(heard):
                yield heard


async def _bare(pieces: AsyncIterator[bytes], pcm: PcmFormat) -> AsyncGenerator[Heard]:
    decoder = PcmDecoder(pcm)
    async for piece in pieces:
        samples = await asyncio.to_thread(decoder.push, piece)
        if len(samples):
            yield Block(samples)
    yield Block(await asyncio.to_thread(decoder.flush))


async def contained(pieces: AsyncIterator[bytes]) -> AsyncGenerator[Heard]:
    """The blocks of ``pieces`` of any container."""
    feed = ByteFeed(timeout=None)

    async def pump() -> None:
        try:
            async for piece in pieces:
                await feed.write(piece)
        finally:
            feed.close()

    pumping = asyncio.ensure_future(pump())
    # A thread of its own: a sender that pauses for hours must not hold one that others need.
    with ThreadPoolExecutor(1, "input") as thread:
        try:
            over = "the sound is over"
            async with aclosing(stepped(stream_blocks(feed), lambda: feed.abort(over), thread)) as steps:
                async for samples in steps:
                    yield Block(samples)
        except AudioError:
            _raise_cause(pumping)
            raise
        else:
            _raise_cause(pumping)
        finally:
            pumping.cancel()
            with suppress(asyncio.CancelledError, YulelightError):
                await pumping


def _raise_cause(pumping: "asyncio.Future[None]") -> None:
    """The sender's own error says more than what its end did to the decoder."""
    if pumping.done() and not pumping.cancelled() and isinstance(pumping.exception(), YulelightError):
        pumping.result()


def from_fifo(path: Path) -> Opened:
    """Bytes that others write into the named pipe at ``path``, from the first writer's first until the last's last."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[AsyncIterator[bytes]]:
        try:
            fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        except OSError as error:
            raise UsageError(
                f"{path} cannot be read: {error.strerror}; make it with mkfifo, readable for the service"
            ) from None
        try:
            if not stat.S_ISFIFO(os.fstat(fd).st_mode):
                raise UsageError(f"{path} is not a named pipe; make one with mkfifo")
            yield _written(fd)
        finally:
            asyncio.get_running_loop().remove_reader(fd)
            os.close(fd)

    return opened


async def _written(fd: int) -> AsyncIterator[bytes]:
    loop, begun = asyncio.get_running_loop(), False
    while True:
        try:
            data = os.read(fd, PIECE)
        except BlockingIOError:
            ready = asyncio.Event()
            loop.add_reader(fd, ready.set)
            await ready.wait()
            loop.remove_reader(fd)
            continue
        if data:
            begun = True
            yield data
        elif begun:
            return
        else:
            await asyncio.sleep(POLL_INTERVAL)


def from_connection(host: str, port: int) -> Opened:
    """Bytes that a server sends."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[AsyncIterator[bytes]]:
        try:
            async with asyncio.timeout(CONNECT):
                reader, writer = await asyncio.open_connection(host, port)
        except (OSError, TimeoutError):
            raise NetworkError(f"nothing answers at {host}:{port}; start what sends the sound") from None
        keep_alive(writer.get_extra_info("socket"))
        try:
            yield _read(reader)
        finally:
            writer.close()

    return opened


@dataclass(slots=True)
class _Line:
    """A sender's connection. ``heard``: when bytes came last, or when it connected."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    heard: float
    begun: bool = False
    """Whether it has sent anything."""


def from_sender(host: str, port: int) -> Opened:
    """Bytes of the first who connects to ``host`` and ``port``; others are turned away meanwhile.

    A sender that has been silent for SILENT seconds gives way to who connects next. If it had sent something, what
    others send is another stream: the input is over, and who connects once it is open again is heard.
    """

    @asynccontextmanager
    async def opened() -> AsyncIterator[AsyncIterator[bytes]]:
        loop, came = asyncio.get_running_loop(), asyncio.Event()
        line: _Line | None = None

        def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal line
            keep_alive(writer.get_extra_info("socket"))
            if line is not None:
                if loop.time() - line.heard >= SILENT:
                    line.writer.close()
                if line.begun or not line.writer.is_closing():
                    writer.close()
                    return
            line = _Line(reader, writer, loop.time())
            came.set()

        async def sent() -> AsyncIterator[bytes]:
            await came.wait()
            heard: _Line | None = None
            while line is not None and line is not heard:
                heard = line
                async for piece in _read(heard.reader):
                    heard.heard, heard.begun = loop.time(), True
                    yield piece

        try:
            server = await asyncio.start_server(connected, host, port, backlog=BACKLOG)
        except OSError as error:
            raise NetworkError(
                f"cannot listen on {host}:{port}: {error.strerror or error}; choose another port"
            ) from None
        try:
            yield sent()
        finally:
            server.close()
            if line is not None:
                line.writer.close()

    return opened


def from_command(words: Sequence[str], *, called: str = "the command") -> Opened:
    """What the command ``words``, run without a shell, writes to its standard output. ``called``: in errors."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[AsyncIterator[bytes]]:
        try:
            process = await asyncio.create_subprocess_exec(
                *words,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            raise UsageError(
                f"{words[0]} cannot be started: {error.strerror}; install it, or name its path"
            ) from None
        assert process.stdout is not None and process.stderr is not None
        said = asyncio.ensure_future(_last(process.stderr))
        try:
            yield _output(process, process.stdout, said, called)
        finally:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)  # with all that it started
            await process.wait()
            said.cancel()

    return opened


async def _output(
    process: asyncio.subprocess.Process,
    stdout: asyncio.StreamReader,
    said: "asyncio.Future[str]",
    called: str,
) -> AsyncIterator[bytes]:
    async for piece in _read(stdout):
        yield piece
    try:
        async with asyncio.timeout(CLOSING):
            status = await process.wait()
    except TimeoutError:
        return  # it sounds no more, but goes on: it is ended by force
    if status:
        with suppress(TimeoutError):
            async with asyncio.timeout(1.0):
                await asyncio.shield(said)
        words = f": {said.result()}" if said.done() and said.result() else ""
        raise AudioError(f"{called} ended with status {status}{words}")


async def _last(stderr: asyncio.StreamReader) -> str:
    """The end of what a command complains of."""
    tail = b""
    while data := await stderr.read(PIECE):
        tail = (tail + data)[-300:]
    lines = tail.decode(errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "")


async def _read(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    try:
        while data := await reader.read(PIECE):
            yield data
    except OSError:
        raise NetworkError("the sender is gone; waiting for it to come back") from None
