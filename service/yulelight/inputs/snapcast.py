"""A client of a Snapcast server, which gets sound about a second before it is heard."""

import asyncio
import socket
import time
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager, suppress
from itertools import count

from yulelight import __version__
from yulelight.audio.packets import PacketDecoder
from yulelight.core.errors import NetworkError
from yulelight.core.messages import Song
from yulelight.inputs import snapcast_wire as wire
from yulelight.inputs.base import Block, Heard, Playing
from yulelight.inputs.mdns import find
from yulelight.inputs.snapcast_titles import PORT as CONTROL_PORT
from yulelight.inputs.snapcast_titles import Titles

PORT = 1704
PATIENCE = 10.0
"""Timeout in seconds; the server is asked for its time four times a second."""
QUICK, SLOW = 0.02, 0.25
"""Seconds between two questions for the time: at first, and later."""
ENOUGH = 10
"""Number of time answers after which timestamps are trusted."""


class SnapcastInput:
    """An Input of the stream that the server at ``host`` gives us; without one, of the first that the network names.

    ``control``: the port on which it tells titles; 0 for none. ``interfaces``: addresses to look for it on. ``clock``:
    the service's.
    """

    def __init__(
        self,
        song: Song,
        host: str | None,
        port: int = PORT,
        clock: Callable[[], float] = time.monotonic,
        *,
        interfaces: Sequence[str] = (),
        control: int = CONTROL_PORT,
    ) -> None:
        self.song = song
        self._control = control
        self._titles: deque[Song] = deque(maxlen=8)
        self._host, self._port, self._interfaces = host, port, interfaces
        self._where = f"{host}:{port}"
        self._clock = clock
        self.server = wire.ServerClock()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[AsyncIterator[Heard]]:
        """See Input. An idle stream of the server is silence: nothing comes."""
        host, port = await self._found() if self._host is None else (self._host, self._port)
        self._where = f"{host}:{port}"
        try:
            async with asyncio.timeout(PATIENCE):
                reader, writer = await asyncio.open_connection(host, port)
        except (OSError, TimeoutError):
            raise NetworkError(f"no Snapcast server answers at {self._where}; start it") from None
        name = socket.gethostname()
        id = f"yulelight-{name}-{self.song.title}"
        asking = [asyncio.ensure_future(self._ask(writer, id, name))]
        if self._control:
            titles = Titles(id, lambda song: self._titles.append(song or self.song))
            asking.append(asyncio.ensure_future(titles.follow(host, self._control)))
        try:
            async with aclosing(self._heard(reader)) as heard:
                yield heard
        finally:
            for task in asking:
                task.cancel()
            await asyncio.gather(*asking, return_exceptions=True)
            writer.close()

    async def _found(self) -> tuple[str, int]:
        found = await find("_snapcast._tcp", self._interfaces)
        if found is None:
            raise NetworkError("no Snapcast server is found on the network; start one, or set host")
        return found.host, found.port

    async def _ask(self, writer: asyncio.StreamWriter, id: str, name: str) -> None:
        writer.write(wire.hello(id, name, __version__, self._clock()))
        with suppress(OSError):  # the reader hears of it, too
            for number in count(1):
                writer.write(wire.ask_time(self._clock(), number % 65_536))
                await writer.drain()
                await asyncio.sleep(QUICK if number < 2 * ENOUGH else SLOW)

    async def _heard(self, reader: asyncio.StreamReader) -> AsyncGenerator[Heard]:
        packets: PacketDecoder | None = None
        buffer: float | None = None
        while True:
            head, payload = await self._next(reader)
            match head.type:
                case wire.TIME:
                    self.server.answered(wire.seconds(payload), self._clock() - head.sent)
                case wire.CODEC_HEADER:
                    packets = wire.decoder(payload)
                case wire.SERVER_SETTINGS:
                    buffer = wire.buffered(payload)
                case wire.WIRE_CHUNK if packets and buffer is not None:
                    recorded, data = wire.chunk(payload)
                    due = recorded - self.server.ahead + buffer
                    samples, begin = await asyncio.to_thread(packets.push, data, due)
                    while self._titles:
                        yield Playing(self._titles.popleft())
                    if len(samples) and self.server.rounds >= ENOUGH:
                        yield Block(samples, begin)

    async def _next(self, reader: asyncio.StreamReader) -> tuple[wire.Head, bytes]:
        try:
            async with asyncio.timeout(PATIENCE):
                head = wire.Head.read(await reader.readexactly(wire.HEAD.size))
                return head, await reader.readexactly(head.size)
        except (OSError, EOFError):
            raise NetworkError(
                f"the connection to the Snapcast server at {self._where} was lost; reconnecting"
            ) from None
        except TimeoutError:
            raise NetworkError(f"the Snapcast server at {self._where} has stopped sending") from None
