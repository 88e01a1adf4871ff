"""The entries of the calendar: which playlist plays from when to when, once or repeatedly."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import Literal

from yulelight.core.errors import UsageError
from yulelight.core.playlist_names import is_playlist_name
from yulelight.schedule.components import Component
from yulelight.schedule.rule import Rule

SunEvent = Literal["dawn", "sunrise", "sunset", "dusk"]
Finish = Literal["cut", "song"]

MAX_LENGTH = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class SunTime:
    """A number of minutes after (negative: before) dawn, sunrise, sunset or dusk."""

    event: SunEvent
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """The source of a show in a file, so that it can be written unchanged.

    ``own`` is the event that the show was read from; data of other programs in it survives our changes.
    """

    own: Component
    parts: tuple[Component, ...] = ()
    """All events of the series: itself, nights that differ, are cancelled or cannot be read, and older revisions."""
    read: "Entry | None" = None
    """The show as it was read; while it is unchanged, ``parts`` are written."""
    silent: tuple[tuple[date, Component], ...] = ()
    """Events that only cancel a night, or it and all following: they are kept as long as it is excluded."""
    older: tuple[Component, ...] = ()
    """Events without effect: replaced by newer ones, or for a night that cannot be read."""

    def bare(self) -> "Source":
        """Only the data of other programs in the event, for a new show made from it."""
        return Source(self.own)


@dataclass(frozen=True, slots=True)
class Entry:
    """A show in the calendar, or a single night that differs (an override).

    ``start`` and a datetime ``end`` are naive local times in ``zone`` (None: the house's). If a sun time is also
    given, it takes precedence; the other times are shown by other calendar programs, and used if the sun time is
    unknown because no place is set or the sun neither rises nor sets. A timedelta as ``end`` is elapsed time; a
    datetime is local time, however long the night is.
    """

    uid: str
    summary: str
    playlist: str
    start: datetime
    end: datetime | timedelta
    look: str | None = None
    zone: tzinfo | None = None
    start_sun: SunTime | None = None
    end_sun: SunTime | None = None
    rule: Rule | None = None
    exdates: frozenset[date] = frozenset()
    """Excluded nights, by the date on which they would begin."""
    overrides: tuple[tuple[date, "Entry"], ...] = ()
    """Nights that differ, by their original date, in order."""
    exrules: tuple[Rule, ...] = ()
    """Rules for excluded nights."""
    onwards: tuple[tuple[date, "Entry | None"], ...] = ()
    """Nights from which on the series is a different one, or ends (None), in order."""
    finish: Finish = "song"
    shuffle: bool = False
    repeat: bool = True
    """Whether the playlist is repeated until the end."""
    priority: int = 0
    """0..9; the highest wins where shows overlap."""
    description: str = ""
    """A description by the user, and ``location``: only displayed in calendars."""
    location: str = ""
    source: Source | None = field(default=None, compare=False, repr=False)

    @property
    def recurs(self) -> bool:
        """Whether it may have more than one night."""
        return self.rule is not None or bool(self.overrides)

    @property
    def days(self) -> int:
        """The number of days from start to end, by the nominal times."""
        last = self.start + self.end if isinstance(self.end, timedelta) else self.end
        return (last.date() - self.start.date()).days


def check(entry: Entry) -> Entry:
    """Returns ``entry``. Raises UsageError naming what is invalid."""
    if not is_playlist_name(entry.playlist):
        raise UsageError(
            f'there can be no playlist {entry.playlist[:64]!r}; give the name of one in "playlist", or as the title'
        )
    if not 2000 <= entry.start.year <= 2999:
        raise UsageError("a show begins in the years 2000 to 2999")
    length = entry.end if isinstance(entry.end, timedelta) else entry.end - entry.start
    moves = entry.start_sun is not None or entry.end_sun is not None
    if length > MAX_LENGTH or (length <= timedelta() and not moves):
        raise UsageError("a show ends after it began, and lasts at most 7 days")
    if not 0 <= entry.priority <= 9:
        raise UsageError('"priority" must be a whole number from 0 to 9')
    for sun in (entry.start_sun, entry.end_sun):
        if sun is not None and abs(sun.offset) > 720:
            raise UsageError('"offset" must be minutes from -720 to 720')
    for _, other in (*entry.overrides, *entry.onwards):
        if other is not None:
            check(other)
    return entry
