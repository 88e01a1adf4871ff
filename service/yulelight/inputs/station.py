"""A station that somebody plays: buffered, connected again when it breaks off, and at an end when it stays away."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace

from yulelight.core.errors import NetworkError, YulelightError
from yulelight.core.messages import Song
from yulelight.core.reach import Reach
from yulelight.core.web_address import host_of
from yulelight.dsp.spectrum import RATE
from yulelight.inputs.base import Block, Heard, Playing
from yulelight.inputs.buffer import Buffer
from yulelight.inputs.radio import RadioInput

log = logging.getLogger(__name__)

AHEAD = 4.0
"""Seconds of sound in the buffer: what stalls may take, and what the lights know of the future."""
MOST = 15.0
"""Seconds that a station may send ahead before it has to wait."""
BUDGET = 120.0
"""Seconds without sound after which a station that was heard is given up."""
AGAIN, LATEST = 0.5, 10.0
"""Seconds between attempts to connect: the first, and at most."""
DESCRIBING = 15.0
"""Seconds for a station to answer with its name."""


class StationInput:
    """An Input of the station at ``url``, called ``song`` until it names what it plays.

    ``seconds``: how much of it is heard; 0 for all. ``clock``: the service's. An address that is no station fails at
    once; one that was heard is connected again and again for BUDGET seconds.
    """

    def __init__(
        self, song: Song, url: str, reach: Reach, clock: Callable[[], float], seconds: float = 0.0
    ) -> None:
        self.song = song
        self._url, self._reach, self._clock = url, reach, clock
        self._left = round(seconds * RATE) if seconds else None
        """Samples that are still to be heard."""
        self._came: float | None = None
        """When sound came last; None before the first."""
        self._over = False
        self._buffer = Buffer(AHEAD)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[AsyncIterator[Heard]]:
        """See Input. Every block has its moment."""
        async with aclosing(self._heard()) as heard:
            yield heard

    async def _heard(self) -> AsyncGenerator[Heard]:
        wait = AGAIN
        while not self._over:
            before, problem = self._came, "it ended"
            try:
                async with aclosing(self._connection()) as heard:
                    async for each in heard:
                        yield each
            except YulelightError as error:
                if self._came is None:
                    raise
                problem = str(error)
            for block in self._buffer.flush(self._clock()):
                yield block
            if self._over:
                return
            if self._came is None:
                raise NetworkError(f"{self.song.title} sends no sound; check the address")
            silent = self._clock() - self._came
            if silent > BUDGET:
                raise NetworkError(f"{self.song.title} was gone for {silent:.0f} s: {problem}")
            log.info("%s broke off (%s); it is connected again", self.song.title, problem)
            wait = AGAIN if self._came != before else min(2 * wait, LATEST)
            await asyncio.sleep(wait)

    async def _connection(self) -> AsyncGenerator[Heard]:
        """What comes until the station breaks off, or is over."""
        radio = RadioInput(self.song, self._url, self._reach)
        async with radio.open() as sound:
            if radio.name and self.song.title == host_of(self._url):
                radio.song = self.song = replace(self.song, title=radio.name)
                yield Playing(self.song)
            async for heard in sound:
                if not isinstance(heard, Block):
                    yield heard
                    continue
                self._came = now = self._clock()
                for block in self._buffer.push(self._cut(heard), now):
                    yield block
                if self._over:
                    return
                if (early := self._buffer.end - now - MOST) > 0:
                    await asyncio.sleep(early)
        self._over = radio.finite

    def _cut(self, block: Block) -> Block:
        if self._left is None:
            return block
        block = replace(block, samples=block.samples[: self._left])
        self._left -= len(block.samples)
        self._over = self._left == 0
        return block


async def name_of(url: str, reach: Reach) -> str:
    """What the station at ``url`` calls itself; empty if it does not say. Raises AudioError or NetworkError when no
    station answers there.
    """
    radio = RadioInput(Song("", "the station"), url, reach)
    try:
        async with asyncio.timeout(DESCRIBING), radio.open() as sound:
            async for heard in sound:
                if not isinstance(heard, Playing):
                    return radio.name
    except TimeoutError:
        raise NetworkError("the station sends no sound; check the address") from None
    raise NetworkError("the station sends no sound; check the address")
