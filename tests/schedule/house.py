"""A scheduler in a house by a simulated clock, with a director that does what it is told and remembers it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from yulelight.actors import Actor, Broadcast, Ref, Supervisor
from yulelight.core.errors import CommandError
from yulelight.core.messages import Command, GetStatus, Play, ShowEvent, State, Status, Stop
from yulelight.schedule.access import ScheduleAccess
from yulelight.schedule.ics import Schedule
from yulelight.schedule.messages import EditSchedule, SchedulerMessage, ScheduleView, Tick
from yulelight.schedule.place import Place
from yulelight.schedule.places import PlaceFile
from yulelight.schedule.quiet import Quiet
from yulelight.schedule.scheduler import Scheduler


class StubDirector(Actor[Command]):
    def __init__(self, house: "House") -> None:
        self._house = house

    async def receive(self, message: Command) -> Status:
        return self._house.obey(message)


@dataclass
class House:
    """What a test sets and sees. The clock shows ``now`` and goes only when told to."""

    folder: Path
    now: datetime = datetime(2026, 12, 6, 12, tzinfo=UTC)
    clock: float = 1000.0
    zone: tzinfo = UTC
    quiet: tuple[Quiet, ...] = ()
    looks: tuple[str, ...] | None = None
    place: Place = Place()  # noqa: RUF009  # frozen
    status: Status = Status()  # noqa: RUF009
    refuse: str = ""
    rests: bool = False
    sings: bool = False
    """Whether a song is under way, for which ``Stop`` may wait until the test ends it."""
    heard: list[Command] = field(default_factory=list)
    statuses: Broadcast[Status] = field(default_factory=Broadcast)
    events: Broadcast[ShowEvent] = field(default_factory=Broadcast)
    views: Broadcast[ScheduleView] = field(default_factory=Broadcast)
    scheduler: Ref[SchedulerMessage] = field(init=False)

    def obey(self, message: Command) -> Status:
        if not isinstance(message, GetStatus):
            self.heard.append(message)
        match message:
            case Play(playlist=playlist):
                if self.refuse:
                    raise CommandError(self.refuse)
                self.say(replace(self.status, state=State.PLAYING, playlist=playlist or ""))
            case Stop(after_song) if not (after_song and self.sings):
                self.end("stopped")
        return self.status

    def say(self, status: Status) -> None:
        self.status = status
        self.statuses.publish(status)

    def end(self, how: str) -> None:
        """The show ends: by a hand or a command ("stopped"), or because the list ran out ("finished")."""
        self.say(replace(self.status, state=State.IDLE, playlist=""))
        self.events.publish(ShowEvent("finished", None, how))

    def access(self, director: Ref[Command]) -> ScheduleAccess:
        return ScheduleAccess(
            director=director,
            statuses=self.statuses,
            events=self.events,
            views=self.views,
            schedule=self.folder / "schedule.ics",
            memory=self.folder / "scheduler.json",
            place=PlaceFile(self.place, self.folder / "place.json"),
            machine_zone=lambda: self.zone,
            quiet=self.quiet,
            rests=lambda: self.rests,
            wall=lambda: self.now.timestamp(),  # noqa: PLW0108  # now changes
            clock=lambda: self.clock,
            looks=self.looks,
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator["House"]:
        self.say(self.status)
        async with Supervisor() as supervisor:
            director = supervisor.start(lambda: StubDirector(self), "director")
            access = self.access(director)
            self.scheduler = supervisor.start(lambda: Scheduler(access), "scheduler")
            await supervisor.started(self.scheduler)
            yield self

    async def to(self, *local: int, set_by: timedelta = timedelta()) -> None:
        """Let time go to this moment of the house's zone; with ``set_by`` the clock is set by that on the way."""
        then = datetime(*local, tzinfo=self.zone).astimezone(UTC)  # type: ignore[arg-type,misc]
        self.clock += (then - self.now - set_by).total_seconds()
        self.now = then
        for _ in range(3):
            # What was published reaches the scheduler, and it looks at the clock.
            await asyncio.sleep(0.005)
            await self.scheduler.ask(Tick())

    async def edit(self, change: Callable[[Schedule], Schedule]) -> ScheduleView:
        view: ScheduleView = await self.scheduler.ask(EditSchedule(lambda old, _: change(old)))
        return view

    def plays(self) -> list[tuple[str | None, bool]]:
        return [(m.playlist, m.resume) for m in self.heard if isinstance(m, Play)]
