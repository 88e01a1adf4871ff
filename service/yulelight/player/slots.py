"""The sessions of a director: current, next, announcement, and the session interrupted by it."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from itertools import count

from yulelight.actors import Ref, Supervisor
from yulelight.core.errors import YulelightError
from yulelight.core.messages import Pause, Resume
from yulelight.inputs.base import Input
from yulelight.inputs.relay import LedRelay
from yulelight.inputs.station import StationInput
from yulelight.lights.messages import EVERY
from yulelight.player.led import LedSession
from yulelight.player.live import LiveSession
from yulelight.player.opening import Style
from yulelight.player.program import Item, Program
from yulelight.player.services import HouseLights, Music, Sound
from yulelight.player.session import LEAD, SongSession
from yulelight.player.session_messages import (
    Begin,
    Leave,
    Return,
    SessionCommand,
    SessionReport,
    Stay,
    Wait,
)

TOO_LATE = 0.02
"""Seconds before a start time at which it is too late to schedule a start."""


class Phase(Enum):
    """The phase of a session, from its reports."""

    PREPARING = auto()
    READY = auto()
    PLAYING = auto()
    PAUSED = auto()


@dataclass(slots=True, eq=False)
class SessionHandle:
    """A session. ``program``: the program while this session plays; None for announcements and inputs.

    ``live``: it plays what arrives, an input or a station, and can neither pause nor seek.
    """

    number: int
    ref: Ref[SessionCommand]
    item: Item
    program: Program | None
    look: str = ""
    model: str = ""
    live: bool = False
    phase: Phase = Phase.PREPARING
    position: float = 0.0
    """Scheduled start time in seconds."""
    serial: int = 0
    """Serial number of the newest report."""
    led: bool = False
    """Whether its light is that of another service."""

    @property
    def ready(self) -> bool:
        """Whether it can start or has started."""
        return self.phase is not Phase.PREPARING

    @property
    def begun(self) -> bool:
        """Whether it plays or is paused."""
        return self.phase in (Phase.PLAYING, Phase.PAUSED)

    @property
    def playing(self) -> bool:
        """Whether it has started and is not paused."""
        return self.phase is Phase.PLAYING


class SessionSlots:
    """Starts and ends sessions and hands over between them.

    Only one session at a time has sound and lights. Sessions send their reports to ``reports``; ``news`` is called
    with their answers to requests made here.
    """

    def __init__(
        self,
        music: Music,
        sound: Sound,
        lights: HouseLights,
        *,
        sessions: Supervisor,
        reports: Ref[SessionReport],
        news: Callable[[SessionHandle, SessionReport], None],
        clock: Callable[[], float],
    ) -> None:
        self._music, self._sound, self._lights, self._clock = music, sound, lights, clock
        self._sessions, self._reports, self._news = sessions, reports, news
        self._numbers = count(1)
        self.on: SessionHandle | None = None
        self.next: SessionHandle | None = None
        self.call: SessionHandle | None = None
        """An announcement being prepared."""
        self.held: SessionHandle | None = None
        """The session interrupted by the current announcement."""
        self.ends: float | None = None
        """The end time of ``on``, if it is near."""
        self.armed = False
        """Whether ``next`` is scheduled to take over at that time."""

    @property
    def handles(self) -> list[SessionHandle]:
        """All sessions; the current one is last."""
        return [each for each in (self.next, self.call, self.held, self.on) if each is not None]

    def handle(self, number: int) -> SessionHandle | None:
        """The session with this number; None if it has ended."""
        return next((each for each in self.handles if each.number == number), None)

    async def ask(self, handle: SessionHandle, message: SessionCommand) -> None:
        """Sends a request to a session and processes its new state. Raises CommandError like the session."""
        report = await handle.ref.ask(message)
        if isinstance(report, SessionReport):
            self._news(handle, report)

    def open(
        self,
        item: Item,
        program: Program | None,
        style: Style,
        names: tuple[str, str],
        *,
        delay: float,
        channels: frozenset[int],
        position: float = 0.0,
    ) -> SessionHandle:
        """Starts a session, which prepares itself and waits, or plays a station as soon as it sounds. ``names``: the
        names of look and model.
        """
        number = next(self._numbers)
        if item.station is not None:
            ref = self._station(number, item, style, delay=delay, channels=channels)
            return SessionHandle(number, ref, item, program, *names, live=True)
        make = partial(
            SongSession,
            number,
            item,
            style,
            music=self._music,
            sound=self._sound,
            lights=self._lights.ref,
            clock=self._clock,
            delay=delay,
            channels=channels,
            reports=self._reports,
            serials=count(1),
        )
        session = self._sessions.start(make, f"session {number}")
        return SessionHandle(number, session, item, program, *names, position=position)

    def open_live(
        self, source: Input, style: Style, names: tuple[str, str], *, delay: float
    ) -> SessionHandle:
        """Starts a session of a live input, which begins at once."""
        number, item = next(self._numbers), Item(source.song)
        led = isinstance(source, LedRelay)
        ref = self._led(number, source) if led else self._live(number, source, style, delay=delay)
        return SessionHandle(number, ref, item, None, *names, live=True, phase=Phase.PLAYING, led=led)

    def _led(self, number: int, source: Input) -> Ref[SessionCommand]:
        make = partial(
            LedSession,
            number,
            source,
            lights=self._lights.ref,
            clock=self._clock,
            reports=self._reports,
            serials=count(1),
        )
        return self._sessions.start(make, f"session {number}")

    def _station(
        self, number: int, item: Item, style: Style, *, delay: float, channels: frozenset[int]
    ) -> Ref[SessionCommand]:
        assert item.station is not None and item.song is not None
        source = StationInput(item.song, item.station.url, self._music.reach, self._clock, item.seconds)
        return self._live(number, source, style, delay=delay, audible=True, channels=channels)

    def _live(
        self,
        number: int,
        source: Input,
        style: Style,
        *,
        delay: float,
        audible: bool = False,
        channels: frozenset[int] = EVERY,
    ) -> Ref[SessionCommand]:
        make = partial(
            LiveSession,
            number,
            source,
            style=style,
            sound=self._sound,
            lights=self._lights,
            clock=self._clock,
            delay=delay,
            reports=self._reports,
            serials=count(1),
            audible=audible,
            channels=channels,
        )
        return self._sessions.start(make, f"session {number}")

    async def drop(self, handle: SessionHandle | None) -> None:
        """Ends a session, including its sound and lights."""
        if handle is not None:
            await self._sessions.stop(handle.ref)

    async def clear(self) -> None:
        """Ends all sessions."""
        handles = self.handles
        self.on = self.next = self.call = self.held = None
        self.armed, self.ends = False, None
        for handle in handles:
            await self.drop(handle)

    async def begin(self) -> None:
        """Starts the current session if it is ready."""
        if self.on is not None and self.on.ready:
            await self.ask(self.on, Begin(self._clock() + LEAD, self.on.position))

    async def arm(self) -> None:
        """Schedules ``next`` to start exactly when ``on`` ends, if that time is known and it is ready."""
        on, following, ends = self.on, self.next, self.ends
        if on is None or following is None or ends is None or self.armed or not following.ready:
            return
        if ends - self._clock() > TOO_LATE:
            self.armed = True
            await self.ask(on, Leave())
            await self.ask(following, Begin(ends, follow=True))

    async def disarm(self) -> None:
        """Cancels the scheduled take-over, because the current session has changed."""
        self.ends = None
        if self.armed and self.on is not None and self.next is not None:
            self.armed = False
            await self.ask(self.next, Wait())
            await self.ask(self.on, Stay())

    async def take_next(self) -> None:
        """Makes ``next`` the current session without starting it."""
        old, self.on, self.next = self.on, self.next, None
        self.armed, self.ends = False, None
        await self.drop(old)

    async def skip_to_next(self) -> None:
        """Starts the next session now, without a gap if something is playing."""
        await self.disarm()
        on, following = self.on, self.next
        seamless = on is not None and on.playing and following is not None and following.ready
        if seamless and on is not None and following is not None:
            await self.ask(on, Leave())
            await self.ask(following, Begin(self._clock() + LEAD, follow=True))
            await self.take_next()
        else:
            await self.take_next()
            await self.begin()

    async def interrupt(self) -> None:
        """Starts the prepared announcement; the current session waits."""
        await self.disarm()
        self.held, self.on, self.call = self.on, self.call, None
        if self.held is not None:
            if self.held.playing:
                await self.held.ref.ask(Pause())
            await self.held.ref.ask(Leave())
        await self.begin()

    async def go_back(self) -> None:
        """After the announcement, resumes the interrupted session."""
        old, back = self.on, self.held
        self.on, self.held = back, None
        if back is None:
            await self.drop(old)
            return
        if old is not None:
            with suppress(YulelightError):
                await old.ref.ask(Pause())  # stop its sound if it was cut short
            await old.ref.ask(Leave())
            await self.drop(old)
        if not back.begun and not back.live:
            await self.begin()
            return
        was_playing = back.playing
        await self.ask(back, Return())
        if was_playing and not back.live:
            await self.ask(back, Resume())
