"""What the player hears of an input that stays open whether it is heard or not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from yulelight.core.messages import Song
from yulelight.inputs.base import Clear, Heard

CAPACITY = 64
"""Blocks that may wait for the player."""


class Relay:
    """An Input that is fed by ``tell`` until ``end``."""

    def __init__(self, song: Song) -> None:
        self.song = song
        self.opened = False
        self.closed = False
        """Nobody hears it any more."""
        self._queue: asyncio.Queue[Heard | None] = asyncio.Queue(CAPACITY)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[AsyncIterator[Heard]]:
        """See Input. Opened again after a failure of the player, it is over."""
        if self.closed:
            self._queue.put_nowait(None)
        self.opened = True
        try:
            yield self._heard()
        finally:
            self._close()

    async def tell(self, heard: Heard) -> None:
        """Waits while the player is behind; goes nowhere once it is closed."""
        if not self.closed:
            await self._queue.put(heard)

    def end(self) -> None:
        """It is over at once: what waits or was sent ahead is not shown."""
        self._drain()
        self._queue.put_nowait(Clear())
        self._queue.put_nowait(None)

    def _close(self) -> None:
        self.closed = True
        self._drain()  # whoever waits for room goes on

    def _drain(self) -> None:
        while not self._queue.empty():
            self._queue.get_nowait()

    async def _heard(self) -> AsyncIterator[Heard]:
        while (heard := await self._queue.get()) is not None:
            yield heard
