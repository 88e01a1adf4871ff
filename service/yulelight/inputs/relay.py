"""Passes the sound of an input that stays open to the player, for as long as it is lit."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from yulelight.inputs.base import Block, Clear, Heard, Playing

CAPACITY = 64
"""Blocks that may wait for the player."""


class Relay:
    """An Input that is fed by ``tell`` until ``end``. ``playing``: what plays; ``ahead``: what has come already and is
    heard later.
    """

    def __init__(self, playing: Playing, ahead: Sequence[Block] = ()) -> None:
        self.song, self._playing = playing.song, playing
        self._ahead = deque(ahead)
        self.opened = False
        self.closed = False
        """Whether the player has closed it."""
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
        """Waits while the player is behind. A Clear removes sound that still waits; once closed, nothing is kept."""
        if isinstance(heard, Clear):
            self._take_back()
        if not self.closed:
            await self._queue.put(heard)

    def offer(self, heard: Heard) -> None:
        """Like ``tell``, but dropped while the player is behind."""
        if not self.closed and not self._queue.full():
            self._queue.put_nowait(heard)

    def end(self) -> None:
        """Ends it at once: waiting and advance sound is discarded."""
        self._drain()
        self._queue.put_nowait(Clear())
        self._queue.put_nowait(None)

    def _close(self) -> None:
        self.closed = True
        self._drain()  # whoever waits for room goes on

    def _take_back(self) -> None:
        kept = [heard for heard in self._emptied() if not isinstance(heard, Block)]
        self._ahead.clear()
        for heard in kept:
            self._queue.put_nowait(heard)

    def _emptied(self) -> list[Heard | None]:
        return [self._queue.get_nowait() for _ in range(self._queue.qsize())]

    def _drain(self) -> None:
        self._ahead.clear()
        self._emptied()

    async def _heard(self) -> AsyncIterator[Heard]:
        if self._playing.cover or self._playing.position is not None:
            yield self._playing
        while self._ahead:
            yield self._ahead.popleft()
        while (heard := await self._queue.get()) is not None:
            yield heard


class LedRelay(Relay):
    """A relay of light instead of sound: frames of another service."""
