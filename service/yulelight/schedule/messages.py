"""What the scheduler and its clients say to each other: frozen values."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from yulelight.core.messages import ShowEvent
from yulelight.schedule.entry import Entry
from yulelight.schedule.ics import Schedule
from yulelight.schedule.occurrences import Occurrence, Sky, expand
from yulelight.schedule.overlap import segments
from yulelight.schedule.place import Place
from yulelight.schedule.quiet import Ceiling, Quiet

AHEAD = (2, 40, 400)
"""Days in which the next show is looked for, one after the other."""
MAX_OCCURRENCES = 50


@dataclass(frozen=True, slots=True)
class ScheduleView:
    """The schedule as clients see it."""

    entries: tuple[Entry, ...]
    problems: tuple[str, ...]
    """What is wrong with the file or events in it, each in a line for the user."""
    place: Place
    sky: Sky
    now: datetime
    armed: bool
    playing: Occurrence | None
    """What the scheduler has begun."""
    next: Occurrence | None
    ceiling: Ceiling
    """What quiet hours allow now."""
    message: str
    """Why a show did not start; empty when none failed."""
    stopped: tuple[tuple[str, date], ...] = ()
    """Showings that a person ended."""
    quiet: tuple[Quiet, ...] = ()
    """All quiet hours."""


@dataclass(frozen=True, slots=True)
class GetSchedule:
    """Answers with a ScheduleView."""


@dataclass(frozen=True, slots=True)
class GetOccurrences:
    """Answers with a list of the Occurrences that touch this time, at most ``limit``."""

    after: datetime
    before: datetime
    limit: int


@dataclass(frozen=True, slots=True)
class GetCalendar:
    """Answers with the calendar as iCalendar text."""


@dataclass(frozen=True, slots=True)
class EditSchedule:
    """Change the schedule; answers with a ScheduleView, or with the UsageError that ``change`` raised."""

    change: Callable[[Schedule, Sky], Schedule]


@dataclass(frozen=True, slots=True)
class SetPlace:
    """Where the house is; what the settings say is kept. Answers with the Place that holds."""

    place: Place


@dataclass(frozen=True, slots=True)
class Tick:
    """Look at the clock. Answers with the seconds until something may be due."""


SchedulerMessage = GetSchedule | GetOccurrences | GetCalendar | EditSchedule | SetPlace | Tick | ShowEvent


def next_of(entries: tuple[Entry, ...], sky: Sky, now: datetime) -> Occurrence | None:
    """The show that begins next by the calendar."""
    for days in AHEAD:
        coming = expand(entries, sky, now, now + timedelta(days=days))[:MAX_OCCURRENCES]
        for segment in segments(coming):
            if segment.start > now and segment.start == segment.occurrence.start:
                return segment.occurrence
    return None
