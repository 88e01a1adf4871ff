"""Keeps one input open: reopens it when it ends, detects sound, and feeds the session that lights it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace

import numpy as np

from yulelight.core.errors import YulelightError
from yulelight.core.messages import Song
from yulelight.dsp.spectrum import RATE
from yulelight.inputs.base import Block, Clear, Heard, Input, Notice, Over, Playing
from yulelight.inputs.gate import FLOOR
from yulelight.inputs.lookahead import FARTHEST, LookAhead
from yulelight.inputs.pace import MAX_LEAD, Pace
from yulelight.inputs.relay import LedRelay, Relay
from yulelight.lights.messages import LedFrames

log = logging.getLogger(__name__)

AGAIN, LATEST = 0.5, 15.0
"""Seconds until it is reopened: after the first failure, and at most."""
LED_LATEST = 4.0
"""The same where another service is followed, whose show should not be missed for longer."""
LULL = 0.2
"""Seconds without sound after which an input with timestamps is dark."""
MARGIN = 0.3
"""Seconds by which silence is sent in advance, so that it is not late itself."""
PATIENCE = 1.0
"""Seconds without sound after which it counts as silent."""
STALE = 0.5
"""Seconds by which sound may be late and still counts as heard: a network, or a clock, that is a little off."""
COAST = 0.6
"""Seconds for which light of another service holds before that counts; it sends some twice a second."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An input from the settings. ``make`` creates it each time that it is opened."""

    name: str
    make: Callable[[], Input]
    priority: int = 0
    threshold: float = -50.0
    """Threshold in dBFS from which it counts as sound."""
    silence: float = 20.0
    """Seconds of silence that end its show."""
    kind: str = ""
    """Its type in the settings."""
    unpaired: bool | None = None
    """Whether unpaired servers may send sound, by the settings; None for inputs that are not paired."""
    delay: float = 0.0
    """Seconds after which what has come without a moment, or at its moment, is heard."""
    led: bool = False
    """Whether it is light of another service instead of sound."""
    before_calendar: bool = False
    """Whether the calendar waits while it is there."""


class Listener:
    """Follows one input for as long as ``run`` runs. ``changed`` is called when it begins to sound or ceases to."""

    def __init__(self, wanted: Wanted, clock: Callable[[], float], changed: Callable[[], object]) -> None:
        self.wanted = wanted
        self.look_ahead = LookAhead.of(wanted.threshold, wanted.silence, clock())
        self.problem = ""
        """Why there is no sound; empty if there is, or if no problem is known."""
        self.pairing_code = ""
        """The code to type in where it is to be paired, while it is."""
        self._playing = Playing(Song("", wanted.name))
        self.late = 0
        """Number of blocks that arrived too late."""
        self._relay: Relay | None = None
        self._opened: asyncio.Future[str] | None = None
        self._again = False
        """Whether ``reopen`` has closed it."""
        self._clock, self._changed = clock, changed
        self._came = clock()
        self._dark = 0.0
        """Until when whoever lights it was told of silence where nothing came."""
        self._pace = Pace()
        self._sounded = False

    @property
    def song(self) -> Song:
        """What plays."""
        return self._playing.song

    @property
    def relay(self) -> Relay | None:
        """The session that lights it."""
        return self._relay

    def light(self) -> Relay:
        """An Input with the sound that is not over yet and all that follows."""
        kind = LedRelay if self.wanted.led else Relay
        self._relay = kind(self._playing, self.look_ahead.ahead(self._clock()))
        return self._relay

    def dim(self) -> None:
        """It is no longer lit."""
        if self._relay is not None:
            self._relay.end()
        self._relay = None

    async def run(self) -> None:
        """Keeps it open until cancelled."""
        wait = AGAIN
        while True:
            before, self._pace = self._came, Pace()
            self._opened = asyncio.ensure_future(self._once())
            try:
                problem = await self._opened
            except asyncio.CancelledError:
                if not self._again:
                    raise
                self._again, self.problem = False, ""
                continue
            if problem and problem != self.problem:
                log.info("input %s: %s", self.wanted.name, problem)
            self.problem = problem
            wait = AGAIN if self._came > before else min(2 * wait, LED_LATEST if self.wanted.led else LATEST)
            await asyncio.sleep(wait)

    def reopen(self) -> None:
        """Closes it and opens it again, as its settings have changed."""
        if self._opened is not None and not self._opened.done():
            self._again = True
            self._opened.cancel()

    async def _once(self) -> str:
        """Opens it and follows it until it ends; returns why."""
        try:
            async with self.wanted.make().open() as sound:
                await self._follow(sound)
        except YulelightError as error:
            return str(error)
        except Exception:
            # What others send must not end the other inputs, nor the service, whatever it does to this one.
            log.exception("input %s failed", self.wanted.name)
            return "it failed, and is opened again; the log says more"
        finally:
            self.pairing_code = ""
        return ""

    def look(self) -> None:
        """Counts the time in which nothing came; to be called a few times a second."""
        now = self._clock()
        self.look_ahead.look(now)
        quiet = now - self.look_ahead.end
        if quiet > LULL and self.look_ahead.timed:
            self._darken(now)
        if quiet > PATIENCE:
            self.look_ahead.nothing(quiet)
        self._count()

    def _darken(self, now: float) -> None:
        """Sends silence where an input with timestamps sends nothing: its last light would stay."""
        begin, end = max(self.look_ahead.end, self._dark, now - PATIENCE), now + MARGIN
        if self._relay is not None and end > begin:
            self._relay.offer(Block(np.zeros((round((end - begin) * RATE), 2), np.float32), begin))
            self._dark = end

    async def _follow(self, sound: AsyncIterator[Heard]) -> None:
        async for heard in sound:
            match heard:
                case Block():
                    await self._block(heard)
                case LedFrames():
                    self._came = self._clock()
                    self.look_ahead.led(self._came + COAST)
                    self._count()
                    await self._tell(heard)
                case Over():
                    self.look_ahead.over(self._clock())
                    self._count()
                case Playing():
                    self._playing = heard
                    await self._tell(heard)
                case Clear():
                    self.look_ahead.clear(self._clock())
                    await self._tell(heard)
                case Notice(text, code):
                    self.problem, self.pairing_code = text, code

    async def _block(self, block: Block) -> None:
        if not len(block.samples):
            return
        now = self._clock()
        if block.due is None:
            begin = self._pace.block(len(block.samples), now)
            if begin - now > MAX_LEAD:
                await asyncio.sleep(begin - now - MAX_LEAD)
                self._pace.held(self._clock())
            if self.wanted.delay:
                block = replace(block, due=begin + self.wanted.delay)
        else:
            late = now - block.due - len(block.samples) / RATE
            self.late += late > self.wanted.delay
            if late > self.wanted.delay + STALE or block.due - now > FARTHEST:
                self.problem = (
                    "its sound is meant for another time; check the clock of the server that sends it"
                )
                return
            block = replace(block, due=block.due + self.wanted.delay)
        self._came, self.problem = now, ""
        self.look_ahead.block(block, now)
        self._count()
        await self._tell(block)

    def _count(self) -> None:
        if self.look_ahead.open != self._sounded:
            self._sounded = self.look_ahead.open
            self._changed()

    async def _tell(self, heard: Heard) -> None:
        if self._relay is not None:
            await self._relay.tell(heard)


def shown(level: float) -> float | None:
    """A level for display: None for digital silence."""
    return None if level <= FLOOR else round(level, 1)
