"""The sound of a live session: on the sound cards of this machine, or on a media player elsewhere, or nowhere."""

import asyncio
import queue
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress

import numpy as np

from yulelight.dsp.samples import Floats
from yulelight.dsp.spectrum import RATE
from yulelight.inputs.base import Block
from yulelight.player.on_air import LiveSound
from yulelight.player.services import SoundOut

CAPACITY = 4096
"""Blocks that may wait for a card; further ones are dropped."""
LEAD = 0.3
"""Seconds that a card needs to begin."""
SOON = 0.25
"""Seconds after which a card that waits for sound looks whether it was stopped."""
TOLERANCE = 0.005
"""Seconds between two blocks that count as none."""


class Feed:
    """A queue of blocks from the event loop to the threads of any number of cards."""

    def __init__(self) -> None:
        self._readers: list[queue.Queue[Floats | None]] = []
        self._early: list[Floats] | None = []
        self._over = False

    def put(self, samples: Floats) -> None:
        """Adds (k, 2) samples."""
        if self._early is not None:
            self._early.append(samples)
        for reader in self._readers:
            _offer(reader, samples)

    def end(self) -> None:
        """Ends it; cards that read it stop."""
        self._over = True
        for reader in self._readers:
            _offer(reader, None)

    def started(self) -> None:
        """All cards read it: what came before need not be kept."""
        self._early = None

    def blocks(self) -> Iterator[Floats]:
        """Everything that was put before ``started`` was called, and all that follows."""
        mine: queue.Queue[Floats | None] = queue.Queue(CAPACITY)
        for samples in self._early or ():
            _offer(mine, samples)
        self._readers.append(mine)
        return self._read(mine)

    def _read(self, mine: "queue.Queue[Floats | None]") -> Iterator[Floats]:
        while not self._over:
            try:
                samples = mine.get(timeout=SOON)
            except queue.Empty:
                yield np.zeros((0, 2), np.float32)  # the card says then whether it still wants any
                continue
            if samples is None:
                return
            yield samples


class CardSound:
    """Plays blocks with moments on the sound cards. After a gap it begins anew: sound and light stay together."""

    def __init__(self, out: SoundOut, clock: Callable[[], float]) -> None:
        self._out, self._clock = out, clock
        self._feed: Feed | None = None
        self._end = 0.0
        self._silent = False
        self._later: deque[Block] = deque()
        """What came while it was silent and is heard later."""

    async def silence(self) -> None:
        """Something else is heard until ``resume``."""
        self._silent = True
        await self.stop()

    async def resume(self) -> None:
        """It is heard again, from what is due now on."""
        self._silent = False
        soon, later = self._clock() + LEAD, list(self._later)
        self._later.clear()
        for block in later:
            if (block.due or 0.0) >= soon:
                await self.push(block)

    async def push(self, block: Block) -> None:
        """Adds a block; it must have a moment."""
        if block.due is None:
            return
        if self._silent:
            self._later.append(block)
            while self._later and (self._later[0].due or 0.0) < self._clock():
                self._later.popleft()
            return
        if self._feed is not None and abs(block.due - self._end) > TOLERANCE:
            await self.stop()
        self._end = block.due + len(block.samples) / RATE
        if self._feed is not None:
            self._feed.put(block.samples)
            return
        self._feed = feed = Feed()
        feed.put(block.samples)
        await asyncio.to_thread(self._out.stream, feed.blocks, block.due)
        feed.started()

    async def stop(self) -> None:
        """Stops at once; the next block begins anew."""
        feed, self._feed = self._feed, None
        if feed is not None:
            feed.end()
            await asyncio.to_thread(self._out.stop)


class RemoteSound:
    """Passes blocks on to a media player elsewhere at their moments, as evenly as they are heard."""

    def __init__(self, air: LiveSound, clock: Callable[[], float]) -> None:
        self._air, self._clock = air, clock
        self._waiting: deque[Block] = deque()

    def push(self, block: Block) -> None:
        """Adds a block; it must have a moment."""
        self._waiting.append(block)

    def clear(self) -> None:
        """Forgets what has not been passed on."""
        self._waiting.clear()

    async def run(self, step: float = 0.02) -> None:
        """Passes blocks on until cancelled."""
        while True:
            now, due = self._clock(), list[Floats]()
            while self._waiting and (self._waiting[0].due or 0.0) <= now:
                due.append(self._waiting.popleft().samples)
            if due:
                await asyncio.to_thread(self._air.push, np.concatenate(due))
            await asyncio.sleep(step)


def _offer(reader: "queue.Queue[Floats | None]", samples: Floats | None) -> None:
    with suppress(queue.Full):  # the card takes nothing
        reader.put_nowait(samples)
