"""A live input's session: light for sound while it arrives.

Blocks are analysed and encoded in worker threads, one after the other. Where an input says ahead when its sound is
heard, frames are decided as they become due, knowing what has come beyond them, and blocks are analysed many at a time;
elsewhere both is done as they come. A sender
without moments is lit at an even pace: one that is faster than its sound waits, one that had a stall is caught up with
(``inputs/pace.py``).
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import replace

import numpy as np

from yulelight.actors import Actor, Ref
from yulelight.core.errors import CommandError, YulelightError
from yulelight.core.messages import Pause, Resume, Song, State
from yulelight.dsp.samples import Floats
from yulelight.dsp.spectrum import RATE
from yulelight.inputs.base import Block, Clear, Heard, Input, Playing
from yulelight.inputs.pace import MAX_LEAD
from yulelight.inputs.threads import gathered
from yulelight.lights.messages import EVERY, EndShow, LiveFrame, StartLive
from yulelight.player.live_sound import CardSound, RemoteSound
from yulelight.player.moments import Moments
from yulelight.player.on_air import LiveSound
from yulelight.player.opening import Style
from yulelight.player.outbox import Outbox
from yulelight.player.services import HouseLights, Sound
from yulelight.player.session_messages import Leave, Restyle, Return, SessionCommand, SessionReport, SetDelay
from yulelight.safety.frame import LightFrame
from yulelight.show.live import LEAST, LiveShow, Plan

WAITING = 8
"""Blocks that may wait for analysis; then the input must wait."""
MAX_AHEAD = 60.0
"""Seconds by which sound may arrive before it is heard."""


class LiveSession(Actor[SessionCommand]):
    """Lights the channels from ``source``. Answers and reports as a SongSession does.

    Paused, the sound goes on unseen: what arrives meanwhile is gone. Where songs are heard on a media player
    elsewhere, the input is, too, and its lights wait for it. An ``audible`` input, whose blocks have moments, is heard
    wherever songs are, and begins with its first sound.
    """

    def __init__(
        self,
        number: int,
        source: Input,
        *,
        style: Style,
        sound: Sound,
        lights: HouseLights,
        clock: Callable[[], float],
        delay: float,
        reports: Ref[SessionReport],
        serials: Iterator[int],
        audible: bool = False,
        channels: frozenset[int] = EVERY,
    ) -> None:
        self._audible, self._channels = audible, channels or EVERY
        self._card: CardSound | None = None
        self._remote: RemoteSound | None = None
        self._number, self._source = number, source
        self._style, self._delay = style, delay
        self._out, self._air, self._lights, self._clock = sound.out, sound.air, lights, clock
        self._reports, self._serials = reports, serials
        self._sound: LiveSound | None = None
        self._has_stage = True
        self._song_began = clock()
        """When what plays began, or was reported."""
        self._outbox = Outbox(lights.ref, clock, lights.live_delay, self._tell_section)
        self._show: LiveShow | None = None
        self._moments = Moments(clock())
        self._plan = Plan.of(0.0)
        self._held: list[Floats] = []
        """Samples that wait for analysis, in blocks."""
        self._turn = asyncio.Lock()
        """Serialises the work on the show for arriving sound and due frames."""

    async def started(self) -> None:
        if self._air.remote:
            self._sound = await self.enter(self._air.live())
        if self._audible and self._sound is not None:
            self._remote = RemoteSound(self._sound, self._clock)
            self.spawn(self._remote.run(), name="sound")
        elif self._audible:
            self._card = CardSound(self._out, self._clock)
        await self._lights.ref.tell(StartLive(self._channels))
        if not self._audible:
            self._reports.post(self._report())
        self.spawn(self._run(), name="input")
        self.spawn(self._keep_deciding(), name="what becomes due")

    async def receive(self, message: SessionCommand) -> object:
        match message:
            case Pause():
                self._outbox.hidden = True
            case Resume() | Return():
                self._outbox.hidden, self._has_stage = False, True
                if self._card is not None:
                    await self._card.resume()
                await self._lights.ref.tell(StartLive(self._channels))
                return self._report()
            case Leave():
                self._has_stage, self._outbox.hidden = False, True
                if self._card is not None:
                    await self._card.silence()
            case Restyle(style):
                self._style = style
            case SetDelay(seconds):
                self._delay = seconds
            case _:
                raise CommandError("a live input cannot be paused or moved")
        return None

    async def stopped(self) -> None:
        self._outbox.clear()
        if self._card is not None:
            await self._card.stop()
        if self._has_stage:
            self._has_stage = False
            await self._lights.ref.tell(EndShow())

    def _report(
        self,
        state: State = State.LIVE,
        *,
        song: Song | None = None,
        error: str = "",
        section: int | None = None,
    ) -> SessionReport:
        now = self._clock()
        return SessionReport(
            self._number,
            next(self._serials),
            state,
            position=max(0.0, now - self._song_began),
            as_of=now,
            song=song,
            error=error,
            section=section,
        )

    def _titled(self, playing: Playing) -> Song:
        """What plays now; its position is counted from here."""
        now = self._clock()
        self._song_began = now if playing.position is None else playing.at - playing.position
        if not playing.cover:
            return playing.song
        return replace(playing.song, id=self._air.show_cover(playing.cover), cover=True)

    def _tell_section(self, number: int) -> None:
        self._reports.post(self._report(section=number))

    async def _run(self) -> None:
        error = ""
        try:
            async with self._source.open() as sound, aclosing(gathered(sound, WAITING)) as batches:
                async for batch in batches:
                    await self._take(batch)
                if self._show is not None:
                    async with self._turn:
                        await asyncio.to_thread(self._end, self._show)
                        await self._decide(self._plan.early + self._plan.step)
                await asyncio.sleep(max(self._wait, self._moments.ahead - self._clock()))
        except YulelightError as problem:
            error = str(problem)
        self._reports.post(self._report(State.IDLE, error=error))

    async def _take(self, batch: Sequence[Heard]) -> None:
        blocks: list[Block] = []
        for heard in batch:
            match heard:
                case Block():
                    blocks.append(heard)
                case Playing():
                    self._reports.post(self._report(song=self._titled(heard)))
                case Clear():
                    blocks.clear()
                    if self._remote is not None:
                        self._remote.clear()
                    async with self._turn:
                        self._held.clear()
                        if self._show is not None:
                            self._show.forget()
                        self._moments = Moments(self._clock())
                        self._outbox.clear()
        if blocks:
            await self._hear(blocks)

    async def _hear(self, blocks: Sequence[Block]) -> None:
        moments = self._moments
        if self._show is None:
            ahead = blocks[0].due is not None or self._wait >= LEAST
            self._show = LiveShow(self._style.encoder, self._style.look, ahead=ahead)
            if self._audible:
                self._reports.post(self._report())
        for samples, due in ((block.samples, block.due) for block in blocks):
            moments.block(len(samples), None if due is None else due + self._wait, self._soonest + self._wait)
            self._plan = Plan.of(max(0.0, moments.ahead - len(samples) / RATE - self._soonest))
        await self._sound_out(blocks)
        self._held += [block.samples for block in blocks]
        # What waits is nothing to a frame that is decided later anyway; a player elsewhere gets its sound at once.
        if (
            not self._show.ahead
            or self._sound is not None
            or self._holds >= self._plan.step
            or self._show.decided < moments.frame(self._soonest + self._plan.early)
        ):
            await self._work(self._plan.early)
        early = moments.ahead - self._clock() - (MAX_AHEAD if moments.known else MAX_LEAD + self._wait)
        if early > 0:
            await asyncio.sleep(early)
            moments.pace.held(self._soonest + self._wait)

    async def _sound_out(self, blocks: Sequence[Block]) -> None:
        """Has an audible input heard."""
        for block in blocks:
            if self._card is not None:
                await self._card.push(block)
            elif self._remote is not None:
                self._remote.push(block)

    @property
    def _holds(self) -> float:
        """Seconds of sound that wait for analysis."""
        return sum(map(len, self._held)) / RATE

    def _analyse(self, show: LiveShow) -> None:
        if not self._held:
            return
        samples = np.concatenate(self._held)
        self._held.clear()
        if self._sound is not None and self._remote is None:
            self._sound.push(samples)
        show.restyle(self._style.encoder, self._style.look)
        show.hear(samples)

    def _end(self, show: LiveShow) -> None:
        self._analyse(show)
        show.end()

    async def _work(self, within: float) -> None:
        async with self._turn:
            await self._decide(within)

    async def _keep_deciding(self) -> None:
        while True:
            await asyncio.sleep(self._plan.step)
            await self._work(self._plan.early + self._plan.step)

    async def _decide(self, within: float) -> None:
        """Analyses what waits. If frames that are due ``within`` seconds are not decided yet, decides all that become
        due before the next call, and sends them to the lights, in order.
        """
        show, moments = self._show, self._moments
        if show is None or (show.decided == show.heard and not self._held):
            return
        due = not show.ahead or show.decided < moments.frame(self._soonest + within)
        if due or self._held:
            until = moments.frame(self._soonest + self._plan.early + self._plan.step) if due else 0
            self._send(await asyncio.to_thread(self._step, show, until))
        for number, start in show.turns():
            self._outbox.section(number, moments.origin + start)

    def _step(self, show: LiveShow, until: int) -> list[tuple[LightFrame, float]]:
        self._analyse(show)
        if show.ahead:
            return show.decide(until) if until > show.decided else []
        return show.decide()

    def _send(self, frames: list[tuple[LightFrame, float]]) -> None:
        timed = []
        for frame, pan in frames:
            at = self._moments.next(self._soonest)
            if at is not None:
                timed.append(LiveFrame(frame, at, pan))
        self._outbox.put(timed)

    @property
    def _soonest(self) -> float:
        """The moment at which a frame that leaves now can show."""
        return self._clock() + self._lights.live_delay

    @property
    def _wait(self) -> float:
        """Delay of the lights in seconds after sound that is heard from here; sound heard elsewhere needs none."""
        if self._audible:
            return self._out.wait(self._delay)
        if self._sound is None:
            return 0.0
        return max(0.0, self._out.wait(self._delay))
