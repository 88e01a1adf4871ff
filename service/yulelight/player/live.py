"""A live input's session: light for sound while it arrives.

Blocks are analysed and encoded in worker threads, one after the other. An input that names no moments keeps the pace of
the music: a sender that is faster than real time waits, one that falls behind moves the pace on. Frames of an input
that names them, up to a minute ahead, wait for their moment here.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator

from yulelight.actors import Actor, Ref
from yulelight.core.errors import CommandError, YulelightError
from yulelight.core.messages import Pause, Resume, Song, State
from yulelight.dsp.samples import Floats
from yulelight.inputs.base import Block, Clear, Input, Playing
from yulelight.lights.messages import EndShow, LiveFrame, StartLive
from yulelight.player.moments import Moments
from yulelight.player.on_air import LiveSound
from yulelight.player.opening import Style
from yulelight.player.services import HouseLights, Sound
from yulelight.player.session_messages import Leave, Restyle, Return, SessionCommand, SessionReport, SetDelay
from yulelight.safety.limiter import LightFrame
from yulelight.show.live import LiveShow

AHEAD = 0.25
"""Seconds a sender without moments may be ahead of the light before it has to wait."""
MAX_AHEAD = 60.0
"""Seconds by which frames may come before their moment."""


class LiveSession(Actor[SessionCommand]):
    """Lights the channels from ``source``. Answers and reports as a SongSession does.

    Paused, the sound goes on unseen: what arrives meanwhile is gone. Where songs are heard on a media player
    elsewhere, the input is, too, and its lights wait for it.
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
    ) -> None:
        self._number, self._source = number, source
        self._style, self._delay = style, delay
        self._out, self._air, self._lights, self._clock = sound.out, sound.air, lights, clock
        self._reports, self._serials = reports, serials
        self._sound: LiveSound | None = None
        self._has_stage = True
        self._hidden = False
        self._waiting: deque[LiveFrame] = deque()
        self._timer: asyncio.TimerHandle | None = None

    async def started(self) -> None:
        if self._air.remote:
            self._sound = await self.enter(self._air.live())
        await self._lights.ref.tell(StartLive())
        self._reports.post(self._report())
        self.spawn(self._run(), name="input")

    async def receive(self, message: SessionCommand) -> object:
        match message:
            case Pause():
                self._hidden = True
            case Resume() | Return():
                self._hidden, self._has_stage = False, True
                await self._lights.ref.tell(StartLive())
                return self._report()
            case Leave():
                self._has_stage = False
            case Restyle(style):
                self._style = style
            case SetDelay(seconds):
                self._delay = seconds
            case _:
                raise CommandError("a live input goes on as it comes: it cannot do this")
        return None

    async def stopped(self) -> None:
        self._forget()
        if self._has_stage:
            self._has_stage = False
            await self._lights.ref.tell(EndShow())

    def _report(
        self, state: State = State.LIVE, *, song: Song | None = None, error: str = ""
    ) -> SessionReport:
        now = self._clock()
        return SessionReport(self._number, next(self._serials), state, as_of=now, song=song, error=error)

    async def _run(self) -> None:
        error = ""
        try:
            async with self._source.open() as sound:
                show, moments = self._begin()
                async for heard in sound:
                    match heard:
                        case Block(samples, due):
                            moments.block(len(samples), None if due is None else due + self._wait)
                            await self._light(await asyncio.to_thread(self._work, show, samples), moments)
                        case Playing(song):
                            self._reports.post(self._report(song=song))
                        case Clear():
                            self._forget()
                            show, moments = self._begin()
                await self._light(await asyncio.to_thread(show.flush), moments)
                last = self._waiting[-1].at if self._waiting else 0.0
                await asyncio.sleep(max(self._wait, last - self._clock()))
        except YulelightError as problem:
            error = str(problem)
        self._reports.post(self._report(State.IDLE, error=error))

    def _begin(self) -> tuple[LiveShow, Moments]:
        return LiveShow(self._style.encoder, self._style.look), Moments(self._now())

    def _work(self, show: LiveShow, samples: Floats) -> list[tuple[LightFrame, float]]:
        if self._sound is not None:
            self._sound.push(samples)
        show.restyle(self._style.encoder, self._style.look)
        return show.push(samples)

    async def _light(self, frames: list[tuple[LightFrame, float]], moments: Moments) -> None:
        for frame, pan in frames:
            at = moments.next(self._now())
            if at is None:
                continue
            early = at - self._now() - (MAX_AHEAD if moments.known else AHEAD)
            if early > 0:
                await asyncio.sleep(early)
            self._waiting.append(LiveFrame(frame, at, pan))
            if self._timer is None:
                self._post_due()

    def _now(self) -> float:
        """The moment at which a frame that has just come can show."""
        return self._clock() + self._lights.live_delay + self._wait

    @property
    def _wait(self) -> float:
        """Seconds that the lights wait for the player elsewhere; one that is heard here comes as it is heard."""
        if self._sound is None:
            return 0.0
        return max(0.0, self._out.wait(self._delay))

    def _post_due(self) -> None:
        """Frames leave shortly before they are due, so that what happens meanwhile counts for them, too."""
        self._timer = None
        while self._waiting:
            early = self._waiting[0].at - self._clock() - AHEAD - self._lights.live_delay
            if early > 0:
                self._timer = asyncio.get_running_loop().call_later(early, self._post_due)
                return
            frame = self._waiting.popleft()
            if self._has_stage and not self._hidden:
                self._lights.ref.post(frame)

    def _forget(self) -> None:
        """What waits for its moment is not shown."""
        self._waiting.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
