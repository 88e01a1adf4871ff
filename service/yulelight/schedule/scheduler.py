"""The scheduler: starts and ends shows according to the calendar and the wall clock, and detects clock changes."""

import asyncio
import contextlib
import logging
from datetime import UTC, datetime, timedelta

from yulelight.actors import Actor, ActorStopped, AskTimeout, MailboxFull
from yulelight.core.errors import YulelightError
from yulelight.core.messages import GetStatus, Limit, Play, Repeat, ShowEvent, State, Status, Stop
from yulelight.core.text import folded
from yulelight.schedule import decide
from yulelight.schedule.access import ScheduleAccess
from yulelight.schedule.clocks import ClockWatch
from yulelight.schedule.house_time import CurrentHouseTime
from yulelight.schedule.ics import write
from yulelight.schedule.messages import (
    EditSchedule,
    GetCalendar,
    GetOccurrences,
    GetSchedule,
    SchedulerMessage,
    ScheduleView,
    SetPlace,
    Tick,
    next_of,
)
from yulelight.schedule.names import Names
from yulelight.schedule.occurrences import HouseTime, Occurrence, expand
from yulelight.schedule.quiet import Ceiling, ceiling
from yulelight.schedule.retries import Retries
from yulelight.schedule.store import MemoryFile, TextFile
from yulelight.schedule.synced import SyncedSchedule

log = logging.getLogger(__name__)

TICK_INTERVAL = 1.0
"""Seconds between two checks of the clock, which determines how soon a clock change is noticed."""
CHECK_INTERVAL = 2.0
"""Seconds between two checks of the file, the time zone and quiet hours."""
WINDOW = timedelta(days=9)
"""How far the calendar is expanded before and after now; longer than the longest show."""
QUIET_INTERVAL = 30.0
"""Seconds after which the limits of quiet hours are sent again, in case the director was restarted."""

_NO_ANSWER = (YulelightError, ActorStopped, AskTimeout, MailboxFull)


class Scheduler(Actor[SchedulerMessage]):
    """Starts and ends shows, and limits volume and brightness in quiet hours."""

    def __init__(self, access: ScheduleAccess) -> None:
        self._access = access
        self._synced = SyncedSchedule(TextFile(access.schedule))
        self._names = Names(looks=access.looks)
        self._file = MemoryFile(access.memory)
        self._memory = decide.Memory()
        self._unkept = ""
        self._occurrences: list[Occurrence] = []
        self._expanded_at: datetime | None = None
        self._here = CurrentHouseTime(access.place, access.machine_zone)
        self._retries = Retries()
        self._message = ""
        self._ending = False
        """Whether the next end was requested by the scheduler."""
        self._silent = False
        self._yielding = False
        """Whether the show ends after its song, because another service leads again."""
        self._told = (Ceiling(), 0.0)
        self._armed = True
        self._looked = access.clock()
        self._watch = ClockWatch(access.wall(), access.clock())

    async def started(self) -> None:
        await asyncio.to_thread(self._load)
        self._here.follow()
        await asyncio.to_thread(self._synced.open, self._house_time.zone, self._now())
        await self._expand()
        status, playing = self._access.statuses.latest, self._playing()
        # If the director is still playing it, only the scheduler was restarted.
        if not (status and playing and _plays(status, playing)):
            self._memory = decide.lost(self._memory)
        await self._publish()
        self.spawn(self._listen(), "events")
        self.spawn(self._tick_on(), "clock")

    async def receive(self, message: SchedulerMessage) -> object:
        match message:
            case Tick():
                return await self._tick()
            case ShowEvent():
                await self._hear(message)
            case EditSchedule(change):
                house_time, now = self._house_time, self._now()
                await asyncio.to_thread(
                    self._synced.edit, lambda old: change(old, house_time), house_time.zone, now
                )
                await self._changed()
                return await self._view()
            case SetPlace(place):
                await asyncio.to_thread(self._access.place.set, place)
                await self._look_at_place()
                return self._access.place.place
            case GetOccurrences(after, before, limit):
                entries = self._synced.schedule.entries
                return await asyncio.to_thread(expand, entries, self._house_time, after, before, limit)
            case GetCalendar():
                return await asyncio.to_thread(write, self._synced.schedule, self._now())
            case GetSchedule():
                return await self._view()
        return None

    # --- time ------------------------------------------------------------------------------------------------

    async def _tick_on(self) -> None:
        while True:
            delay = await self.ref.ask(Tick(), timeout=60.0)
            await asyncio.sleep(delay)

    async def _tick(self) -> float:
        step = self._watch.step(self._access.wall(), self._access.clock())
        if step:
            log.warning(
                "the clock was set by %+.1f s; the schedule follows the new time", step.total_seconds()
            )
            await self._remember(decide.stepped(self._memory, step))
        await self._act()
        # Not right before a start, which must not wait for a disk.
        if self._wait() > CHECK_INTERVAL / 4 and self._access.clock() - self._looked >= CHECK_INTERVAL:
            await self._look_around()
        return self._wait()

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._access.wall(), UTC)

    def _wait(self) -> float:
        now = self._now()
        edges = ((e - now).total_seconds() for o in self._occurrences for e in (o.start, o.end) if e > now)
        return max(0.001, min(TICK_INTERVAL, min(edges, default=TICK_INTERVAL)))

    async def _expand(self) -> None:
        now = self._now()
        entries, house_time = self._synced.schedule.entries, self._house_time
        self._occurrences = await asyncio.to_thread(expand, entries, house_time, now - WINDOW, now + WINDOW)
        self._expanded_at = now

    async def _act(self) -> None:
        now = self._now()
        if self._expanded_at is None or abs(now - self._expanded_at) > timedelta(hours=1):
            await self._expand()
        self._check_alive()
        rests = self._access.rests()
        if rests and self._memory.playing is not None:
            await self._yield()
        status, before = self._access.statuses.latest, self._memory
        armed = (status is None or status.armed) and not rests
        memory, action = decide.decide(before, self._occurrences, now, armed)
        match action:
            case decide.Begin(occurrence, resume):
                if self._retries.too_soon(occurrence.key, self._access.clock()):
                    return
                self._memory = memory
                await self._begin(occurrence, resume)
            case decide.End(after_song):
                playing, self._memory = self._playing(), memory
                await self._end(playing, after_song)
            case None:
                self._memory = memory
        if self._memory != before:
            await self._remember(self._memory)
            await self._publish()

    def _playing(self) -> Occurrence | None:
        return next((o for o in self._occurrences if o.key == self._memory.playing), None)

    # --- the director --------------------------------------------------------------------------------------

    async def _begin(self, occurrence: Occurrence, resume: bool) -> None:
        entry = occurrence.entry
        self._retries.start(occurrence.key, self._access.clock())
        self._ending = self._silent = False
        problems = self._names.problems(entry)
        for problem in problems:
            log.warning("%s; the show uses the default", problem)
        play = Play(
            playlist=entry.playlist,
            look=None if problems else entry.look,
            shuffle=entry.shuffle or None,
            repeat=Repeat.ALL if entry.repeat else Repeat.OFF,
            resume=resume,
        )
        try:
            if resume and _plays(await self._access.director.ask(GetStatus()), occurrence):
                return  # The director resumed it itself.
            self._yielding = False
            await self._access.director.ask(play)
            self._message = ""
        except _NO_ANSWER as error:
            self._retries.failed()
            self._memory = decide.lost(self._memory)
            self._message = f"{entry.summary or entry.playlist} did not start: {error}"
            log.warning("%s; trying again", self._message)

    async def _yield(self) -> None:
        """Another service leads again: it takes over after this song, and when it goes away the show goes on."""
        log.info("another service leads again: the show ends after this song")
        playing = self._playing()
        await self._remember(decide.lost(self._memory))
        await self._end(playing, after_song=True)
        self._yielding = self._ending
        await self._publish()

    async def _end(self, playing: Occurrence | None, after_song: bool) -> None:
        status = self._access.statuses.latest
        if status is None or status.state is State.IDLE:
            return
        if playing is not None and not _plays(status, playing):
            return  # Someone has started something else in the meantime.
        self._ending = True
        after_song = after_song and status.state is not State.PAUSED
        with contextlib.suppress(*_NO_ANSWER):
            await self._access.director.ask(Stop(after_song))

    async def _hear(self, event: ShowEvent) -> None:
        if event.kind != "finished":
            return
        if self._ending or self._yielding:
            if self._yielding:
                await self._remember(decide.lost(self._memory))
            self._ending = self._yielding = False
            return
        if event.detail == "stopped":
            memory = decide.hand_stopped(self._memory, self._occurrences, self._now())
        else:
            playing = self._playing()
            memory = decide.ran_out(self._memory, playing is not None and playing.entry.repeat)
        await self._remember(memory)
        await self._publish()

    def _check_alive(self) -> None:
        """Restarts a show that ended without an event, as after a restart of the director."""
        status = self._access.statuses.latest
        silent = self._memory.playing is not None and status is not None and status.state is State.IDLE
        if silent and self._silent:
            self._memory = decide.lost(self._memory)
        # Only the second time, because the event may still be on its way.
        self._silent = silent and not self._silent

    async def _listen(self) -> None:
        with self._access.events.subscribe(64) as events:
            async for event in events:
                await self.ref.tell(event)

    # --- what changes around it --------------------------------------------------------------------------------

    async def _look_around(self) -> None:
        self._looked = self._access.clock()
        await self._tell_quiet()
        await self._look_at_place()
        if await asyncio.to_thread(self._synced.refresh, self._house_time.zone, self._now()):
            await self._changed()
        status = self._access.statuses.latest
        if status is not None and status.armed != self._armed:
            await self._publish()

    async def _look_at_place(self) -> None:
        zone = self._house_time.zone
        await asyncio.to_thread(self._here.refresh)
        new = self._here.follow()
        if self._house_time.zone != zone:
            await asyncio.to_thread(self._synced.reread, self._house_time.zone)
        if new:
            await self._changed()

    @property
    def _house_time(self) -> HouseTime:
        return self._here.house_time

    async def _changed(self) -> None:
        self._expanded_at = None
        await self._act()
        await self._publish()

    async def _tell_quiet(self) -> None:
        now, (told, at) = (
            ceiling(self._access.quiet, self._now().astimezone(self._house_time.zone)),
            self._told,
        )
        if now != told or (now != Ceiling() and self._access.clock() - at > QUIET_INTERVAL):
            with contextlib.suppress(*_NO_ANSWER):
                await self._access.director.ask(Limit(now.volume, now.brightness))
                self._told = now, self._access.clock()

    # --- memory and view -----------------------------------------------------------------------------------

    def _load(self) -> None:
        self._here.load()
        self._memory = self._file.load()

    async def _remember(self, memory: decide.Memory) -> None:
        self._memory = memory
        self._unkept = await asyncio.to_thread(self._file.save, memory)

    async def _publish(self) -> None:
        self._access.views.publish(await self._view())

    async def _view(self) -> ScheduleView:
        status, synced = self._access.statuses.latest, self._synced
        self._armed = status is None or status.armed
        return ScheduleView(
            synced.schedule.entries,
            (
                *filter(None, [synced.trouble, self._unkept]),
                *synced.schedule.problems,
                *self._names.all_problems(synced.schedule.entries),
            ),
            self._access.place.place,
            self._house_time,
            self._now(),
            self._armed,
            self._playing(),
            await asyncio.to_thread(next_of, synced.schedule.entries, self._house_time, self._now()),
            self._told[0],
            self._message,
            self._memory.stopped,
            tuple(self._access.quiet),
        )


def _plays(status: Status, occurrence: Occurrence) -> bool:
    # The calendar may spell the playlist's name differently.
    same = folded(status.playlist or "") == folded(occurrence.entry.playlist)
    return status.state is not State.IDLE and same
