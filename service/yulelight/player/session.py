"""One session: an item of the program is prepared, waits for its start, is played, and ends."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from yulelight.actors import Actor, Ref
from yulelight.core.errors import CommandError, YulelightError
from yulelight.core.messages import Pause, Resume, Seek, State
from yulelight.inputs.url import StationFoundError
from yulelight.library.shows import Prepared
from yulelight.lights.messages import LightsMessage
from yulelight.player.opening import Source, Style, opened
from yulelight.player.performance import Performance
from yulelight.player.program import Item
from yulelight.player.services import Music, Sound
from yulelight.player.session_messages import (
    Begin,
    Follow,
    Leave,
    Restyle,
    Return,
    SessionCommand,
    SessionReport,
    SetDelay,
    Stay,
    Wait,
)
from yulelight.player.transport import Transport

log = logging.getLogger(__name__)

LEAD = 0.3
"""Seconds from a start to its first frame, since frames and sound must be sent before they are due."""
NEAR = 1.0
"""Seconds before its end at which a session reports its end time."""
TICK = 0.1
"""Seconds between two looks while something is about to happen."""
CALM = 0.25
"""Seconds between two looks otherwise."""


@dataclass(frozen=True, slots=True)
class _Prepared:
    prepared: Prepared
    style: Style


@dataclass(frozen=True, slots=True)
class _Failed:
    error: str
    station: bool = False


SongMessage: TypeAlias = SessionCommand | _Prepared | _Failed | None


class SongSession(Actor[SongMessage]):
    """Plays one item from start to end.

    Whatever makes it begin, pause or move is answered with the report after it; what happens by itself is sent to
    ``reports``. ``serials`` numbers both.
    """

    def __init__(
        self,
        number: int,
        item: Item,
        style: Style,
        *,
        music: Music,
        sound: Sound,
        lights: Ref[LightsMessage],
        clock: Callable[[], float],
        delay: float,
        channels: frozenset[int],
        reports: Ref[SessionReport],
        serials: Iterator[int],
    ) -> None:
        self._number, self._item, self._style = number, item, style
        self._music, self._air, self._clock = music, sound.air, clock
        self._performance = Performance(sound.out, lights, clock, delay=delay, channels=channels)
        self._reports, self._serials = reports, serials
        self._source: Source | None = None
        self._transport = Transport()
        self._section = 0
        self._moves_from = 0.0
        """When it starts or resumes playing."""
        self._due: float | None = None
        """When it starts, while something else plays until then."""
        self._has_stage = False
        """Whether this session controls sound and lights."""
        self._over: str | None = None
        """Set at the end, to the error if any."""
        self._is_station = False
        """Whether it ended because its address is that of a radio station."""
        self._told_end = False

    async def started(self) -> None:
        self.spawn(self._open(), name="prepare")
        self.every(self._pace, None)

    async def stopped(self) -> None:
        if self._has_stage:
            await self._performance.end()

    async def receive(self, message: SongMessage) -> object:
        match message:
            case None:
                await self._watch()
            case _Prepared(prepared, style):
                self._take(prepared, style)
            case _Failed(error, station):
                self._over, self._is_station = error, station
                self._tell(State.IDLE, error=error, station=station)
            case Begin():
                return await self._begin(message)
            case Wait():
                if self._due is not None:
                    self._due, self._has_stage, self._transport = None, False, Transport()
                    await self._performance.forget_next()
            case Leave():
                self._has_stage = False
            case Stay():
                await self._stay()
            case Return():
                self._has_stage = True
                self._tell_lights()
                return self._report(State.PAUSED)
            case Restyle(style):
                if style != self._style:
                    self._style = style
                    if self._source is not None:
                        self.spawn(self._prepare(self._source, style), name="prepare")
            case SetDelay(seconds):
                self._performance.delay = seconds
                self._tell_lights()
            case Follow(position):
                return self._follow(position)
            case Pause():
                return await self._pause()
            case Resume():
                if self._transport.paused_at is None or not self._begun:
                    raise CommandError("nothing is paused")
                return await self._play(self._clock() + LEAD)
            case Seek(position):
                return await self._seek(position)
        return None

    # --- preparing -------------------------------------------------------------------------------------

    async def _open(self) -> None:
        try:
            self._source = await self.enter(opened(self._item, self._music, self._air))
        except YulelightError as error:
            await self.ref.tell(_Failed(str(error), isinstance(error, StationFoundError)))
        else:
            self._performance.path = self._source.path
            await self._prepare(self._source, self._style)

    async def _prepare(self, source: Source, style: Style) -> None:
        try:
            prepared = await source.prepared(self._music.shows, style)
        except YulelightError as error:
            await self.ref.tell(_Failed(str(error)))
        else:
            await self.ref.tell(_Prepared(prepared, style))

    def _take(self, prepared: Prepared, style: Style) -> None:
        if style != self._style:
            return  # replaced by another choice
        first, self._performance.prepared = self._performance.prepared is None, prepared
        for warning in prepared.show.warnings if first else ():
            log.warning("%s", warning)
        if first:
            self._tell(State.LOADING, ready=True)
        else:
            self._tell_lights()

    # --- playing ---------------------------------------------------------------------------------------

    @property
    def _begun(self) -> bool:
        return self._has_stage and self._due is None

    @property
    def _sounds(self) -> bool:
        return self._performance.path is not None

    def _ready(self) -> Prepared:
        if self._performance.prepared is None:
            raise CommandError("the song is still being prepared; try again in a moment")
        return self._performance.prepared

    async def _begin(self, message: Begin) -> SessionReport | None:
        prepared = self._ready()
        position = max(prepared.start, min(prepared.end, message.position or 0.0))
        self._transport = self._transport.seek(position)
        return await self._play(message.at, follow=message.follow)

    async def _play(self, at: float, *, follow: bool = False) -> SessionReport | None:
        """From the present position on; lights and sound get the same moment, the lights after the delay.

        What is to ``follow`` does not play yet, and says so itself when it does: None.
        """
        self._ready()
        now = self._clock()
        position = self._transport.position(now)
        self._transport = self._transport.play(now, at - now)
        self._section = self._performance.section_at(position)
        self._has_stage, self._told_end, self._due = True, False, at if follow else None
        self._moves_from = at
        await self._performance.sound(position, at, follow=follow)
        self._tell_lights()
        if follow:
            return None
        if not self._sounds:
            # The scheduled successor may be about to start.
            await self._performance.silence()
        return self._report(State.PLAYING)

    async def _stay(self) -> None:
        """The successor is cancelled; this session continues seamlessly."""
        self._has_stage, self._told_end = True, False
        if self._sounds and self._performance.prepared and self._transport.paused_at is None:
            at = self._clock() + LEAD
            await self._performance.sound(self._transport.position(at), at, follow=True)
        else:
            await self._performance.silence()

    async def _pause(self) -> SessionReport:
        if not self._begun or self._transport.paused_at is not None:
            raise CommandError("nothing is playing that could pause")
        self._transport = self._transport.pause(self._clock())
        await self._performance.silence()
        await self._performance.hold()
        return self._report(State.PAUSED)

    async def _seek(self, position: float) -> SessionReport | None:
        prepared = self._ready()
        if not 0 <= position <= prepared.show.duration:
            raise CommandError(f"the song lasts {prepared.show.duration:.0f} s; {position:.6g} s is outside")
        if not self._begun:
            raise CommandError("the song does not play yet; try again in a moment")
        paused = self._transport.paused_at is not None
        self._transport = self._transport.seek(position)
        if paused:
            return self._report(State.PAUSED)
        return await self._play(self._clock() + LEAD)

    def _follow(self, position: float) -> SessionReport | None:
        if not self._begun or self._transport.paused_at is not None:
            return None
        self._transport = self._transport.follow(position, self._clock())
        self._told_end = False
        self._tell_lights()
        return self._report(State.PLAYING)

    def _pace(self) -> float:
        prepared, now = self._performance.prepared, self._clock()
        if prepared is None or self._over is not None or self._due is not None:
            return TICK
        position = self._transport.position(now)
        happens = (prepared.end, prepared.end - NEAR, *prepared.show.sections)
        return TICK if any(0 <= at - position <= 2 * CALM for at in happens) else CALM

    async def _watch(self) -> None:
        prepared, now = self._performance.prepared, self._clock()
        if self._over is not None:
            self._tell(State.IDLE, error=self._over, station=self._is_station)  # until it is heard
            return
        if prepared is None or self._transport.paused_at is not None:
            return
        # Repeated, so that lights that were restarted during a song resume it.
        if self._due is not None:
            self._tell_lights()
            if now >= self._due:
                self._due = None
                if not self._sounds:
                    await self._performance.silence()  # skip sections that were passed over
                self._tell(State.PLAYING)
            return
        position = self._transport.position(now)
        ends = now + prepared.end - position
        if now >= ends + max(0.0, self._performance.wait if self._has_stage else 0.0):
            self._over = ""
            self._tell(State.IDLE)
            return
        self._tell_lights()
        if ends - now <= NEAR and not self._told_end:
            self._told_end = True
            self._tell(State.PLAYING, ends=ends)
        section = self._performance.section_at(position)
        if section != self._section:
            self._section = section
            self._tell(State.PLAYING, section=section)

    def _tell_lights(self) -> None:
        if self._has_stage:
            self._performance.show(self._transport, self._due)

    # --- reports ---------------------------------------------------------------------------------------

    def _tell(self, state: State, **news: Any) -> None:
        self._reports.post(self._report(state, **news))

    def _report(self, state: State, **news: Any) -> SessionReport:
        show = self._performance.prepared.show if self._performance.prepared else None
        as_of = max(self._clock(), self._moves_from)
        return SessionReport(
            self._number,
            next(self._serials),
            state,
            position=self._transport.position(as_of),
            as_of=as_of,
            sections=show.sections if show else (),
            duration=show.duration if show else 0.0,
            **news,
        )
