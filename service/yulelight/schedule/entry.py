"""What the calendar holds: an entry says which playlist plays from when to when, once or again and again."""

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
    """So many minutes after (negative: before) dawn, sunrise, sunset or dusk."""

    event: SunEvent
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """What a file says of a show, to be written again as it was.

    ``own`` is the event that the show was read from; what other programs keep in it outlives changes of ours.
    """

    own: Component
    parts: tuple[Component, ...] = ()
    """All events of the series: itself, nights that differ, are cancelled or cannot be read, and older versions."""
    read: "Entry | None" = None
    """The show as it was read: as long as it is that, ``parts`` are what is written."""
    silent: tuple[tuple[date, Component], ...] = ()
    """Events that only leave a night out, or it and all that follow: they are kept as long as it is left out."""
    older: tuple[Component, ...] = ()
    """Events that say nothing any more: replaced by newer ones, or for a night that cannot be read."""

    def bare(self) -> "Source":
        """Only what other programs keep in the event, for another show that is made from it."""
        return Source(self.own)


@dataclass(frozen=True, slots=True)
class Entry:
    """A show in the calendar, or one night of it that differs (an override).

    ``start`` and a datetime ``end`` are naive times on the clock of ``zone`` (None: the house's). Where a sun time is
    given, too, it is what counts; the times beside it are what other calendar programs show, and what holds when the
    sun time is unknown: no place is set, or the sun neither rises nor sets. A timedelta as ``end`` is elapsed time;
    a datetime means that time on the clock, however long the night is.
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
    """Nights left out, by the date on which they would begin."""
    overrides: tuple[tuple[date, "Entry"], ...] = ()
    """Nights that differ, by the date on which they would have begun, in order."""
    exrules: tuple[Rule, ...] = ()
    """Rules for nights that are left out."""
    onwards: tuple[tuple[date, "Entry | None"], ...] = ()
    """From such a night on the series is another one, moved along with it, or ends (None); in order."""
    finish: Finish = "song"
    shuffle: bool = False
    repeat: bool = True
    """Whether the playlist begins anew until the end."""
    priority: int = 0
    """0..9; the larger wins where shows overlap."""
    description: str = ""
    """What people wrote about it, and ``location``: shown in calendars, and no more."""
    location: str = ""
    source: Source | None = field(default=None, compare=False, repr=False)

    @property
    def recurs(self) -> bool:
        """Whether it may have more than one night."""
        return self.rule is not None or bool(self.overrides)

    @property
    def days(self) -> int:
        """How many dates later it ends, by the nominal times."""
        last = self.start + self.end if isinstance(self.end, timedelta) else self.end
        return (last.date() - self.start.date()).days


def check(entry: Entry) -> Entry:
    """``entry`` itself. Raises UsageError saying what of it cannot be."""
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
