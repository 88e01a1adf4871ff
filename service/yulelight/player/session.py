"""One session: an item of the program is prepared, waits for its moment, plays, and is over."""

import asyncio
import logging
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from yulelight.actors import Actor, Ref
from yulelight.core.errors import CommandError, YulelightError
from yulelight.core.messages import Pause, Resume, Seek, Song, State
from yulelight.library.shows import Prepared
from yulelight.lights.mixer import EVERY, EndShow, FollowShow, ForgetNext, Hold, StartShow
from yulelight.player.opening import Source, Style, opened
from yulelight.player.program import Item
from yulelight.player.stage import Stage
from yulelight.player.transport import Transport

log = logging.getLogger(__name__)

LEAD = 0.3
"""Seconds from a start to its first frame: frames and sound are under way before they are due."""
NEAR = 1.0
"""Seconds before its end at which a session says when it will be over."""
TICK = 0.1


@dataclass(frozen=True, slots=True)
class SessionReport:
    """How a session is. ``state`` IDLE means that it is over, with ``error`` if it failed."""

    session: int
    serial: int
    """Counts the session's reports, over its restarts, too: an older one that comes late is no news."""
    state: State
    position: float = 0.0
    as_of: float = 0.0
    """When ``position`` is right; a moment ahead while something is about to begin."""
    sections: tuple[float, ...] = ()
    duration: float = 0.0
    section: int | None = None
    """Set when the song came to a new section."""
    error: str = ""
    ready: bool = False
    """Prepared, and waiting for Begin."""
    ends: float | None = None
    """The moment at which it will be over, when that is near."""
    song: Song | None = None
    """Set when a live input says what sounds from now on."""


@dataclass(frozen=True, slots=True)
class Begin:
    """Play, from ``position`` (None: from the start), which is heard at ``at``.

    ``follow``: what plays now goes on until then.
    """

    at: float
    position: float | None = None
    follow: bool = False


@dataclass(frozen=True, slots=True)
class Wait:
    """Do not begin after all: what plays now has changed its course."""


@dataclass(frozen=True, slots=True)
class Leave:
    """Another session takes over sound and lights: leave them alone from now on, unless told to play again."""


@dataclass(frozen=True, slots=True)
class Stay:
    """No other session takes over after all."""


@dataclass(frozen=True, slots=True)
class Return:
    """After an interruption: show what you left, paused as you were."""


@dataclass(frozen=True, slots=True)
class Restyle:
    """Another model or look, at once and without a jump."""

    style: Style


@dataclass(frozen=True, slots=True)
class SetDelay:
    """The lights wait ``seconds`` for the sound."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Follow:
    """The sound is at ``position`` right now, says whoever plays it."""

    position: float


@dataclass(frozen=True, slots=True)
class _Prepared:
    prepared: Prepared
    style: Style


@dataclass(frozen=True, slots=True)
class _Failed:
    error: str


SessionCommand: TypeAlias = (
    Begin | Wait | Leave | Stay | Return | Restyle | SetDelay | Follow | Pause | Resume | Seek
)
"""What any session understands; a live one refuses what has no sense for it."""
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
        stage: Stage,
        *,
        delay: float,
        channels: frozenset[int],
        reports: Ref[SessionReport],
        serials: Iterator[int],
    ) -> None:
        self._number, self._item, self._style, self._stage = number, item, style, stage
        self._delay, self._channels = delay, channels or EVERY
        self._reports, self._serials = reports, serials
        self._source: Source | None = None
        self._prepared: Prepared | None = None
        self._transport = Transport()
        self._section = 0
        self._moves_from = 0.0
        """When it begins or goes on to play."""
        self._due: float | None = None
        """When it begins, while something else plays until then."""
        self._has_stage = False
        """Whether sound and lights are this session's to end."""
        self._over: str | None = None
        """Set at the end, to what went wrong."""
        self._told_end = False

    async def started(self) -> None:
        self.spawn(self._open(), name="prepare")
        self.every(TICK, None)

    async def stopped(self) -> None:
        if self._has_stage:
            await self._silence()
            await self._stage.lights.tell(EndShow())

    async def receive(self, message: SongMessage) -> object:
        match message:
            case None:
                await self._watch()
            case _Prepared(prepared, style):
                self._take(prepared, style)
            case _Failed(error):
                self._over = error
                self._tell(State.IDLE, error=error)
            case Begin():
                return await self._begin(message)
            case Wait():
                if self._due is not None:
                    self._due, self._has_stage, self._transport = None, False, Transport()
                    await self._stage.lights.tell(ForgetNext())
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
                self._delay = seconds
                self._tell_lights()
            case Follow(position):
                return self._follow(position)
            case Pause():
                return await self._pause()
            case Resume():
                if self._transport.paused_at is None or not self._begun:
                    raise CommandError("nothing is paused")
                return await self._play(self._stage.clock() + LEAD)
            case Seek(position):
                return await self._seek(position)
        return None

    # --- preparing -------------------------------------------------------------------------------------

    async def _open(self) -> None:
        try:
            self._source = await self.enter(opened(self._item, self._stage))
        except YulelightError as error:
            await self.ref.tell(_Failed(str(error)))
        else:
            await self._prepare(self._source, self._style)

    async def _prepare(self, source: Source, style: Style) -> None:
        try:
            prepared = await source.prepared(self._stage, style)
        except YulelightError as error:
            await self.ref.tell(_Failed(str(error)))
        else:
            await self.ref.tell(_Prepared(prepared, style))

    def _take(self, prepared: Prepared, style: Style) -> None:
        if style != self._style:
            return  # overtaken by another choice
        first, self._prepared = self._prepared is None, prepared
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

    def _ready(self) -> Prepared:
        if self._prepared is None:
            raise CommandError("the song is still being prepared; try again in a moment")
        return self._prepared

    async def _begin(self, message: Begin) -> SessionReport | None:
        prepared = self._ready()
        position = max(prepared.start, min(prepared.end, message.position or 0.0))
        self._transport = self._transport.seek(position)
        return await self._play(message.at, follow=message.follow)

    async def _play(self, at: float, *, follow: bool = False) -> SessionReport | None:
        """From the present position on; lights and sound get the same moment, the lights after the delay.

        What is to ``follow`` does not play yet, and says so itself when it does: None.
        """
        prepared, stage, now = self._ready(), self._stage, self._stage.clock()
        position = self._transport.position(now)
        self._transport = self._transport.play(now, at - now)
        self._section = self._section_at(position)
        self._has_stage, self._told_end, self._due = True, False, at if follow else None
        self._moves_from = at
        if stage.sound and self._source and self._source.path:
            sounds = stage.sound.follow if follow else stage.sound.play
            await asyncio.to_thread(sounds, self._source.path, position, at, prepared.gain)
        self._tell_lights()
        if follow:
            return None
        if not self._sounds:
            await self._silence()
        return self._report(State.PLAYING)

    async def _stay(self) -> None:
        """What was to follow is not heard any more; this goes on without a seam."""
        self._has_stage, self._told_end = True, False
        sound, path = self._stage.sound, self._source.path if self._source else None
        if sound and path and self._prepared and self._transport.paused_at is None:
            at = self._stage.clock() + LEAD
            position = self._transport.position(at)
            await asyncio.to_thread(sound.follow, path, position, at, self._prepared.gain)
        else:
            await self._silence()

    async def _pause(self) -> SessionReport:
        if not self._begun or self._transport.paused_at is not None:
            raise CommandError("nothing is playing that could pause")
        self._transport = self._transport.pause(self._stage.clock())
        await self._silence()
        await self._stage.lights.tell(Hold())
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
        return await self._play(self._stage.clock() + LEAD)

    def _follow(self, position: float) -> SessionReport | None:
        if not self._begun or self._transport.paused_at is not None:
            return None
        self._transport = self._transport.follow(position, self._stage.clock())
        self._told_end = False
        self._tell_lights()
        return self._report(State.PLAYING)

    async def _watch(self) -> None:
        prepared, now = self._prepared, self._stage.clock()
        if self._over is not None:
            self._tell(State.IDLE, error=self._over)  # until it is heard
            return
        if prepared is None or self._transport.paused_at is not None:
            return
        if self._due is not None:
            # Said again and again, as below.
            self._tell_lights()
            if now >= self._due:
                self._due = None
                if not self._sounds:
                    await self._silence()  # of what was skipped
                self._tell(State.PLAYING)
            return
        position = self._transport.position(now)
        ends = now + prepared.end - position
        if now >= ends + max(0.0, self._wait if self._has_stage else 0.0):
            self._over = ""
            self._tell(State.IDLE)
            return
        # Said again and again, so that lights that were restarted in the middle of a song find back into it.
        self._tell_lights()
        if ends - now <= NEAR and not self._told_end:
            self._told_end = True
            self._tell(State.PLAYING, ends=ends)
        section = self._section_at(position)
        if section != self._section:
            self._section = section
            self._tell(State.PLAYING, section=section)

    # --- lights, sound, news ---------------------------------------------------------------------------

    @property
    def _sounds(self) -> bool:
        return self._source is not None and self._source.path is not None

    @property
    def _wait(self) -> float:
        """Seconds from the sound to its light."""
        sound = self._stage.sound
        wait = sound.wait(self._delay) if sound else self._delay
        return wait + (self._prepared.delay if self._prepared else 0.0)

    def _tell_lights(self) -> None:
        if self._prepared is None or not self._has_stage:
            return
        now = self._stage.clock()
        paused = self._transport.paused_at
        origin = self._transport.origin(now) if paused is None else now - paused
        start, show = origin + self._wait, self._prepared.show
        if self._due is not None:
            self._stage.lights.post(FollowShow(show, start, self._channels))
        else:
            self._stage.lights.post(StartShow(show, start, self._channels))
            if paused is not None:
                self._stage.lights.post(Hold())

    async def _silence(self) -> None:
        # Also where nothing of its own sounds: what was to follow may be about to.
        if self._stage.sound:
            await asyncio.to_thread(self._stage.sound.stop)

    def _section_at(self, position: float) -> int:
        return bisect_right(self._prepared.show.sections, position) - 1 if self._prepared else 0

    def _tell(self, state: State, **news: Any) -> None:
        self._reports.post(self._report(state, **news))

    def _report(
        self,
        state: State,
        *,
        section: int | None = None,
        error: str = "",
        ready: bool = False,
        ends: float | None = None,
    ) -> SessionReport:
        show = self._prepared.show if self._prepared else None
        as_of = max(self._stage.clock(), self._moves_from)
        return SessionReport(
            self._number,
            next(self._serials),
            state,
            self._transport.position(as_of),
            as_of,
            show.sections if show else (),
            show.duration if show else 0.0,
            section,
            error,
            ready,
            ends,
        )
