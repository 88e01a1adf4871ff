"""The messages of the scheduler: frozen values."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from yulelight.core.messages import ShowEvent
from yulelight.schedule.entry import Entry
from yulelight.schedule.ics import Schedule
from yulelight.schedule.occurrences import HouseTime, Occurrence, expand
from yulelight.schedule.overlap import segments
from yulelight.schedule.place import Place
from yulelight.schedule.quiet import Ceiling, Quiet

AHEAD = (2, 40, 400)
"""Periods in days that are searched for the next show, one after the other."""
MAX_OCCURRENCES = 50


@dataclass(frozen=True, slots=True)
class ScheduleView:
    """The schedule as clients see it."""

    entries: tuple[Entry, ...]
    problems: tuple[str, ...]
    """Problems with the file or its events, one line each for the user."""
    place: Place
    house_time: HouseTime
    now: datetime
    armed: bool
    playing: Occurrence | None
    """The shows that the scheduler has started."""
    next: Occurrence | None
    ceiling: Ceiling
    """What quiet hours permit at present."""
    message: str
    """Why a show did not start; empty if none failed."""
    stopped: tuple[tuple[str, date], ...] = ()
    """Showings that a person ended."""
    quiet: tuple[Quiet, ...] = ()
    """All quiet hours."""


@dataclass(frozen=True, slots=True)
class GetSchedule:
    """Answers with a ScheduleView."""


@dataclass(frozen=True, slots=True)
class GetOccurrences:
    """Answers with a list of the Occurrences within this period, at most ``limit``."""

    after: datetime
    before: datetime
    limit: int


@dataclass(frozen=True, slots=True)
class GetCalendar:
    """Answers with the calendar as iCalendar text."""


@dataclass(frozen=True, slots=True)
class EditSchedule:
    """Change the schedule; answers with a ScheduleView, or with the UsageError raised by ``change``."""

    change: Callable[[Schedule, HouseTime], Schedule]


@dataclass(frozen=True, slots=True)
class SetPlace:
    """Set the location of the house, as far as the settings do not define it. Answers with the resulting Place."""

    place: Place


@dataclass(frozen=True, slots=True)
class Tick:
    """Check the clock. Answers with the seconds until something may be due."""


SchedulerMessage = GetSchedule | GetOccurrences | GetCalendar | EditSchedule | SetPlace | Tick | ShowEvent


def next_of(entries: tuple[Entry, ...], house_time: HouseTime, now: datetime) -> Occurrence | None:
    """The next show in the calendar."""
    for days in AHEAD:
        coming = expand(entries, house_time, now, now + timedelta(days=days))[:MAX_OCCURRENCES]
        for segment in segments(coming):
            if segment.start > now and segment.start == segment.occurrence.start:
                return segment.occurrence
    return None
