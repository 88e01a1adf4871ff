"""Calendar access without a service, for the command line, on the file that a running service also uses. Blocking."""

import os
import uuid
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from yulelight.api import schedule_wire
from yulelight.app.music import lists_of
from yulelight.app.settings import Settings
from yulelight.core.errors import UsageError
from yulelight.core.text import folded
from yulelight.schedule import edit
from yulelight.schedule.entry import Entry
from yulelight.schedule.ics import MAX_BYTES, Schedule, read, write
from yulelight.schedule.names import Names
from yulelight.schedule.occurrences import HouseTime, Occurrence, expand
from yulelight.schedule.overlap import Segment, segments
from yulelight.schedule.place import machine_zone, zone_named
from yulelight.schedule.places import PlaceFile
from yulelight.schedule.store import TextFile
from yulelight.schedule.sun import sun_at
from yulelight.schedule.synced import SyncedSchedule

AHEAD = (3, 40, 400, 12_000)
"""Periods in days that are searched for the next shows, one after the other."""
FIRST_NIGHTS = 3
"""Nights of a new show that are listed."""


class ScheduleFile:
    """The calendar of the ``settings`` at ``now`` (with a time zone)."""

    def __init__(self, settings: Settings, now: datetime) -> None:
        place = PlaceFile(settings.place.made(), settings.data / "place.json")
        place.load()
        name = place.place.timezone
        zone = zone_named(name) if name else machine_zone(os.environ.get("TZ", ""))
        self.now = now
        self.house_time = HouseTime(zone, sun_at(place.place, zone))
        file = TextFile(settings.schedule or settings.data / "schedule.ics")
        try:
            read(file.load() or write(Schedule(), now), zone)
        except (UsageError, OSError) as error:
            raise UsageError(
                f"the schedule in {file.path} cannot be read: {error}; repair it or move it away"
            ) from None
        self._names = Names(lists_of(settings, list).names(), settings.all_looks())
        self._synced = SyncedSchedule(file, _trusted)
        self._synced.open(zone, now)

    @property
    def schedule(self) -> Schedule:
        """Its content."""
        return self._synced.schedule

    @property
    def problems(self) -> list[str]:
        """Its problems, one line each for the user."""
        named = self._names.all_problems(self.schedule.entries)
        return [*filter(None, [self._synced.trouble]), *self.schedule.problems, *named]

    def coming(self, count: int) -> list[Segment]:
        """The present and next shows, with overlaps resolved."""
        found: list[Segment] = []
        for days in AHEAD:
            until = self.now + timedelta(days=days)
            found = segments(expand(self.schedule.entries, self.house_time, self.now, until)[: count + 50])
            found = [segment for segment in found if segment.end > self.now]
            if len(found) >= count:
                break
        return found[:count]

    def is_over(self, entry: Entry) -> bool:
        """Whether this show has no present or future occurrence."""
        now = self.now
        return not any(
            expand([entry], self.house_time, now, now + timedelta(days=days), limit=1) for days in AHEAD
        )

    def add(self, body: Mapping[str, Any]) -> Entry:
        """Adds a show, given as in the API. Raises UsageError, also if its playlist or look does not exist."""
        uid = str(uuid.uuid4())
        self._edit(
            lambda old: edit.add(old, self._names.checked(schedule_wire.entry(body, uid, self.house_time)))
        )
        return edit.find(self.schedule, uid)

    def nights(self, entry: Entry) -> list[Occurrence]:
        """The future occurrences of this show, ignoring overlaps."""
        return expand([entry], self.house_time, self.now, self.now + timedelta(days=AHEAD[-1]))

    def playlists_on(self, night: date) -> list[str]:
        """The playlists of this night in order, each once."""
        begin = datetime.combine(night, time(), self.house_time.zone)
        found = expand(
            self.schedule.entries, self.house_time, begin - timedelta(days=2), begin + timedelta(days=3)
        )
        tonight = [
            one.entry.playlist for one in found if one.start.astimezone(self.house_time.zone).date() == night
        ]
        return list(dict.fromkeys(tonight))

    def remove(self, which: str) -> str:
        """Removes this show; returns its title."""
        entry = self._only(which)
        self._edit(lambda old: edit.remove(old, entry.uid, None, "all"))
        return entry.summary or entry.playlist

    def skip(self, night: date, which: str | None) -> list[str]:
        """Removes this night of the show, or of all shows; returns their titles."""
        entries = [self._only(which)] if which else [*self.schedule.entries]
        entries = [entry for entry in entries if edit.recurs_on(entry, night)]
        if not entries:
            raise UsageError(f"no show begins on {night}; yulelight schedule next lists what is to come")

        def change(old: Schedule) -> Schedule:
            for entry in entries:
                old = edit.remove(old, entry.uid, night, "this")
            return old

        self._edit(change)
        return [entry.summary or entry.playlist for entry in entries]

    def merge(self, file: Path) -> tuple[int, tuple[str, ...]]:
        """Adds the shows of another calendar; returns their number, and the problems."""
        try:
            with file.open("rb") as opened:
                text = opened.read(MAX_BYTES + 1)
        except OSError as error:
            raise UsageError(f"cannot read {file}: {error.strerror}") from error
        new = read(text, self.house_time.zone, self.schedule)
        self._edit(lambda old: edit.merge(old, new))
        return len(new.entries), (*new.problems, *self._names.all_problems(new.entries))

    def text(self) -> str:
        """The calendar as iCalendar text."""
        return write(self.schedule, self.now)

    def _edit(self, change: edit.Edit) -> None:
        self._synced.edit(change, self.house_time.zone, self.now)

    def _only(self, which: str) -> Entry:
        entries = self.schedule.entries
        found = [e for e in entries if e.uid.startswith(which)] or [
            e for e in entries if folded(which) in (folded(e.summary), folded(e.playlist))
        ]
        if len(found) != 1:
            how = "several shows are" if found else "no show is"
            raise UsageError(f"{how} called {which!r}; yulelight schedule list shows their uids")
        return found[0]


def _trusted(data: bytes, zone: str) -> None:
    """Accepts any calendar, since the user of the command line can interrupt it."""
