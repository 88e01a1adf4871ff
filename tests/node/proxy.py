"""A bad network before a broker: a TCP proxy that delays what passes, for machines whose kernel cannot (netem).

Every piece waits for a random time, and one that is lost comes as late as TCP would send it again; as in TCP, nothing
overtakes what was sent before it.
"""

import asyncio
import random
from contextlib import suppress
from types import TracebackType
from typing import Self

_RESEND = (0.2, 0.4)
_PIECE = 1448


class BadNetwork:
    """Listens on ``port`` while its context is open, and passes on to ``target`` on the loopback; seconds.

    Each piece takes ``delay`` ± ``jitter`` each way; ``loss`` is the share of pieces that have to be sent again.
    """

    def __init__(self, target: int, *, delay: float, jitter: float, loss: float, seed: int = 1) -> None:
        self.port = 0
        self._target = target
        self._delay, self._jitter, self._loss = delay, jitter, loss
        self._random = random.Random(seed)
        self._ways: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for way in self._ways:
            way.cancel()
        await asyncio.gather(*self._ways, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.close()
            return
        for way in (self._pass(reader, back), self._pass(there, writer)):
            task = asyncio.create_task(way)
            self._ways.add(task)
            task.add_done_callback(self._ways.discard)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        pieces: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(10_000)

        async def deliver() -> None:
            while True:
                due, piece = await pieces.get()
                await asyncio.sleep(max(0.0, due - loop.time()))
                writer.write(piece)
                if not piece:
                    return

        delivery = asyncio.create_task(deliver())
        try:
            with suppress(OSError):
                piece = b"?"
                while piece:
                    piece = await reader.read(_PIECE)
                    await pieces.put((loop.time() + self._takes(), piece))
            await delivery
        finally:
            delivery.cancel()
            writer.close()

    def _takes(self) -> float:
        time = self._delay + self._random.uniform(-self._jitter, self._jitter)
        return time + (self._random.uniform(*_RESEND) if self._random.random() < self._loss else 0.0)
