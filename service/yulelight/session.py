"""One song's session: render it, hold its position, let it sound, tell the lights."""

import asyncio
import logging
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from yulelight.actors import Actor, Ref
from yulelight.encoder.model import Encoder
from yulelight.errors import CommandError, YulelightError
from yulelight.lights import EndShow, Hold, LightsMessage, StartShow
from yulelight.messages import Pause, Resume, Seek, Song, State
from yulelight.render import render
from yulelight.show.look import Look
from yulelight.show.show import Show
from yulelight.transport import Transport

log = logging.getLogger(__name__)

LEAD = 0.3
"""Seconds from a start to its first frame: frames and sound are under way before they are due."""


class SoundOut(Protocol):
    """Something that makes a song heard; see yulelight.audio.speaker."""

    def play(self, song: Path, position: float, at: float) -> None:
        """Sounds ``song`` so that ``position`` seconds of it are heard at ``at`` of the monotonic clock. Blocks."""

    def stop(self) -> None:
        """Silence at once. Blocks for a moment."""


@dataclass(frozen=True, slots=True)
class SessionReport:
    """What a session tells the director. ``state`` IDLE means that it is over, with ``error`` if it failed."""

    session: int
    state: State
    position: float = 0.0
    sections: tuple[float, ...] = ()
    duration: float = 0.0
    section: int | None = None
    """Set when the song came to a new section."""
    error: str = ""


@dataclass(frozen=True, slots=True)
class _Rendered:
    show: Show


@dataclass(frozen=True, slots=True)
class _Failed:
    error: str


class SongSession(Actor[Pause | Resume | Seek | _Rendered | _Failed | None]):
    """Plays one song from start to end. ``report`` is called on every change, on the loop."""

    def __init__(
        self,
        session: int,
        song: Song,
        path: Path,
        *,
        encoder: Encoder,
        look: Look,
        lights: Ref[LightsMessage],
        report: Callable[[SessionReport], None],
        clock: Callable[[], float],
        sound: SoundOut | None,
        delay: float = 0.0,
    ) -> None:
        self._session, self._song, self._path = session, song, path
        self._encoder, self._look = encoder, look
        self._lights, self._report, self._clock = lights, report, clock
        self._sound, self._delay = sound, delay
        self._show: Show | None = None
        self._transport = Transport()
        self._section = 0
        self._gone = False

    async def started(self) -> None:
        self._say(State.LOADING)
        self.spawn(self._render(), name=f"render {self._song.title}")

    async def stopped(self) -> None:
        self._gone = True
        if self._sound:
            await asyncio.to_thread(self._sound.stop)
        await self._lights.tell(EndShow())

    async def _render(self) -> None:
        def progress(_: float) -> None:
            if self._gone:
                raise asyncio.CancelledError

        try:
            show = await asyncio.to_thread(render, self._path, self._encoder, self._look, progress)
            for warning in show.warnings:
                log.warning("%s", warning)
        except YulelightError as error:
            await self.ref.tell(_Failed(str(error)))
        else:
            await self.ref.tell(_Rendered(show))

    async def receive(self, message: Pause | Resume | Seek | _Rendered | _Failed | None) -> object:
        match message:
            case None:
                self._watch()
            case _Failed(error):
                self._say(State.IDLE, error=error)
            case _Rendered(show):
                self._show = show
                await self._play()
                self.every(0.1, None)
            case Pause():
                await self._pause()
            case Resume():
                if self._transport.paused_at is None:
                    raise CommandError("nothing is paused")
                await self._play()
            case Seek(position):
                await self._seek(position)
        return None

    async def _play(self) -> None:
        """From the present position on; lights and sound get the same moment, the lights after the delay."""
        if self._show is None:
            raise CommandError("the song is still being prepared; try again in a moment")
        now = self._clock()
        position = self._transport.position(now)
        self._transport = self._transport.play(now, LEAD)
        self._section = bisect_right(self._show.sections, position) - 1
        if self._sound:
            await asyncio.to_thread(self._sound.play, self._path, position, now + LEAD)
        await self._lights.tell(StartShow(self._show, self._transport.anchor + self._delay))
        self._say(State.PLAYING)

    async def _pause(self) -> None:
        if self._show is None or self._transport.paused_at is not None:
            raise CommandError("nothing is playing that could pause")
        self._transport = self._transport.pause(self._clock())
        if self._sound:
            await asyncio.to_thread(self._sound.stop)
        await self._lights.tell(Hold())
        self._say(State.PAUSED)

    async def _seek(self, position: float) -> None:
        if self._show is None:
            raise CommandError("the song is still being prepared; try again in a moment")
        if not 0 <= position <= self._show.duration:
            raise CommandError(f"the song lasts {self._show.duration:.0f} s; {position:.6g} s is outside")
        paused = self._transport.paused_at is not None
        self._transport = self._transport.seek(position)
        if paused:
            self._say(State.PAUSED)
        else:
            await self._play()

    def _watch(self) -> None:
        if self._show is None or self._transport.paused_at is not None:
            return
        position = self._transport.position(self._clock())
        if position >= self._show.duration + self._delay:
            self._show = None
            self._say(State.IDLE)
            return
        # Said again and again, so that lights that were restarted in the middle of a song find back into it.
        self._lights.post(StartShow(self._show, self._transport.anchor + self._delay))
        section = bisect_right(self._show.sections, position) - 1
        if section != self._section:
            self._section = section
            self._say(State.PLAYING, section=section)

    def _say(self, state: State, *, section: int | None = None, error: str = "") -> None:
        show = self._show
        self._report(
            SessionReport(
                self._session,
                state,
                self._transport.position(self._clock()),
                show.sections if show else (),
                show.duration if show else self._song.duration,
                section,
                error,
            )
        )
