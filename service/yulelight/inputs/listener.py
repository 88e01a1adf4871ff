"""Keeps one input open: opens it again when it ends, knows whether it sounds, and feeds whoever lights it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace

from yulelight.core.errors import YulelightError
from yulelight.core.messages import Song
from yulelight.inputs.base import Block, Clear, Heard, Input, Playing
from yulelight.inputs.gate import FLOOR, Gate
from yulelight.inputs.pace import Pace
from yulelight.inputs.relay import Relay

log = logging.getLogger(__name__)

AHEAD = 0.2
"""Seconds by which blocks without moments may come before they are heard."""
AGAIN, LATEST = 0.5, 15.0
"""Seconds until it is opened again: after the first failure, and at most."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An input as the settings describe it. ``make`` makes it anew each time that it is opened."""

    name: str
    make: Callable[[], Input]
    priority: int = 0
    threshold: float = -50.0
    """dB of full scale from which on it sounds."""
    silence: float = 20.0
    """Seconds of silence that end its show."""
    delay: float = 0.0
    """Seconds after which what has come without a moment, or at its moment, is heard."""


class Listener:
    """Follows one input for as long as ``run`` runs. ``changed`` is called when it begins to sound or ceases to."""

    def __init__(self, wanted: Wanted, clock: Callable[[], float], changed: Callable[[], object]) -> None:
        self.wanted = wanted
        self.gate = Gate(wanted.threshold, wanted.silence)
        self.problem = ""
        """Why nothing comes; empty while something does, or nothing is known to be wrong."""
        self.song = Song("", wanted.name)
        self.relay: Relay | None = None
        """Who lights it."""
        self._clock, self._changed = clock, changed
        self._came = clock()
        self._pace = Pace()
        self._sounded = False

    async def run(self) -> None:
        """Opens it again and again, until cancelled."""
        wait = AGAIN
        while True:
            before, self._pace = self._came, Pace()
            try:
                source = self.wanted.make()
                async with source.open() as sound:
                    await self._follow(sound)
                problem = ""
            except YulelightError as error:
                problem = str(error)
            if problem and problem != self.problem:
                log.info("input %s: %s", self.wanted.name, problem)
            self.problem = problem
            wait = AGAIN if self._came > before else min(2 * wait, LATEST)
            await asyncio.sleep(wait)

    def look(self) -> None:
        """Counts the time in which nothing came; to be called a few times a second."""
        quiet = self._clock() - self._came
        if quiet > 1.0:
            self._came += quiet
            self._count(self.gate.nothing(quiet))

    async def _follow(self, sound: AsyncIterator[Heard]) -> None:
        async for heard in sound:
            match heard:
                case Block():
                    self.problem = ""
                    await self._block(heard)
                case Playing(song):
                    self.song = song
                    await self._tell(heard)
                case Clear():
                    await self._tell(heard)

    async def _block(self, block: Block) -> None:
        if not len(block.samples):
            return
        self._came = now = self._clock()
        if block.due is None:
            begin = self._pace.block(len(block.samples), now)
            if begin - now > AHEAD:
                await asyncio.sleep(begin - now - AHEAD)
            due = begin + self.wanted.delay if self.wanted.delay else None
            block = replace(block, due=due)
        elif self.wanted.delay:
            block = replace(block, due=block.due + self.wanted.delay)
        self._count(self.gate.push(block.samples))
        await self._tell(block)

    def _count(self, sounds: bool) -> None:
        if sounds != self._sounded:
            self._sounded = sounds
            self._changed()

    async def _tell(self, heard: Heard) -> None:
        if self.relay is not None:
            await self.relay.tell(heard)


def shown(level: float) -> float | None:
    """A level for people: None for digital silence."""
    return None if level <= FLOOR else round(level, 1)
