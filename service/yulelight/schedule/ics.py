"""The schedule as iCalendar (RFC 5545); our own fields are X-YULELIGHT properties.

Data of other programs (alarms, descriptions, tasks, events that are not shows) and all unchanged shows are preserved
as they are. An invalid line or event affects only itself, and is reported.
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, tzinfo
from typing import TypeVar

from yulelight.core.errors import UsageError
from yulelight.schedule.components import EMPTY, Calendar, Component, parse_calendars, text_of
from yulelight.schedule.entry import Entry, Source
from yulelight.schedule.lines import parse
from yulelight.schedule.reading import Heading, Notes, check_moved, heading, night, show
from yulelight.schedule.writing import components_of
from yulelight.schedule.zones import Zones

log = logging.getLogger(__name__)
_T = TypeVar("_T")

MAX_BYTES = 1024 * 1024
"""Maximum size of a calendar in bytes."""
MAX_EVENTS = 1000
"""Events in one."""
_MAX_PROBLEMS = 50


@dataclass(frozen=True, slots=True)
class Schedule:
    """The content of the file. ``problems`` lists what cannot be played, or only in part, with the reason."""

    entries: tuple[Entry, ...] = ()
    problems: tuple[str, ...] = ()
    foreign: tuple[Component, ...] = field(default=(), compare=False, repr=False)
    """Events that are not shows, unchanged."""
    frame: Calendar | None = field(default=None, compare=False, repr=False)
    """The calendar that contains the events."""
    cancelled: frozenset[str] = field(default=frozenset(), compare=False)
    """Series that the calendar cancels."""
    lost: bool = field(default=False, compare=False)
    """Whether the text contained something that ``write`` does not restore."""
    cut: bool = field(default=False, compare=False)
    """Whether the text ended before the calendar."""


def read(text: str | bytes, zone: tzinfo, into: Schedule | None = None) -> Schedule:
    """Parses a calendar's text; ``zone`` is the house's time zone.

    Raises only UsageError, if it is not a calendar at all. ``into`` is the schedule into which the shows will be
    imported.
    """
    data = text.encode("utf-8", "replace") if isinstance(text, str) else text
    if len(data) > MAX_BYTES:
        raise UsageError(f"a schedule has at most {MAX_BYTES // 1024} kB")
    parsed = parse_calendars(data)
    series: dict[str, list[Heading]] = {}
    count = 0
    defined = [] if into is None or into.frame is None else into.frame.of("VTIMEZONE")
    for calendar in parsed.calendars:
        zones, off = Zones(calendar.of("VTIMEZONE"), defined), any(map(_calls_off, calendar.lines))
        defined += calendar.of("VTIMEZONE")
        for component in calendar.of("VEVENT"):
            count += 1
            head = heading(_called_off(component) if off else component, zones)
            series.setdefault(head.uid, []).append(head)
    if count > MAX_EVENTS:
        raise UsageError(f"a schedule has at most {MAX_EVENTS} events; this has {count}")
    reader = _Reader(zone, [*parsed.problems])
    for heads in series.values():
        reader.take(heads)
    frame = _frame(parsed.calendars)
    lost = parsed.lost or any(set(c.lines) - set(frame.lines) for c in parsed.calendars)
    problems = reader.problems[:_MAX_PROBLEMS]
    if len(reader.problems) > _MAX_PROBLEMS:
        problems.append(f"and {len(reader.problems) - _MAX_PROBLEMS} more of the kind")
    return Schedule(
        tuple(reader.entries),
        tuple(problems),
        tuple(reader.foreign),
        frame,
        frozenset(reader.cancelled),
        lost,
        parsed.cut,
    )


def write(schedule: Schedule, stamp: datetime) -> str:
    """The text of the calendar; ``stamp`` is the time stamp of new events."""
    frame = schedule.frame or EMPTY
    ours = (component for entry in schedule.entries for component in components_of(entry, stamp))
    return text_of(Calendar(frame.lines, (*frame.components, *ours, *schedule.foreign)))


def _frame(calendars: Iterable[Calendar]) -> Calendar:
    """One calendar for all events."""
    first, *others = calendars
    components = [c for c in first.components if c.kind != "VEVENT"]
    for other in others:
        components += [c for c in other.components if c.kind != "VEVENT" and c not in components]
    return Calendar(tuple(line for line in first.lines if not _calls_off(line)), tuple(components))


def _calls_off(line: str) -> bool:
    """Whether a calendar with this line is a cancellation of its events."""
    found = parse(line)
    return found is not None and (found.name, found.value.upper()) == ("METHOD", "CANCEL")


def _called_off(component: Component) -> Component:
    """Marks the event itself as cancelled, since other events join the same calendar."""
    kept = (line for line in component.lines if not line.upper().startswith("STATUS:"))
    return replace(component, lines=("STATUS:CANCELLED", *kept))


@dataclass(slots=True)
class _Reader:
    house: tzinfo
    problems: list[str]
    entries: list[Entry] = field(default_factory=list)
    foreign: list[Component] = field(default_factory=list)
    cancelled: set[str] = field(default_factory=set)

    def take(self, heads: list[Heading]) -> None:
        """All events of one UID."""
        masters, singles = (
            [h for h in heads if (h.instead_of is not None) is single] for single in (False, True)
        )
        head = max(
            masters, key=lambda h: h.sequence, default=None
        )  # the first of several events with the same UID
        entry = self._master(head, masters)
        if entry is None or head is None:
            if not masters:
                self.problems += [f"{one.title}: it changes an event that is not there" for one in singles]
            self.foreign += [one.component for one in heads]
            return
        entry = replace(entry, source=Source(head.component))
        for one in _newest(singles):
            entry = self._single(entry, one)
        assert entry.source is not None
        kept = [head.component, *(c for _, c in entry.source.silent)]
        kept += [one.source.own for _, one in (*entry.overrides, *entry.onwards) if one and one.source]
        rest = [one.component for one in heads if not any(one.component is c for c in kept)]
        parts = tuple(one.component for one in heads)
        self.entries.append(
            _with_source(entry, parts=parts, read=replace(entry, source=None), older=tuple(rest))
        )

    def _master(self, head: Heading | None, masters: list[Heading]) -> Entry | None:
        if head is None:
            return None
        if head.cancelled:
            self.cancelled.add(head.uid)
            return None
        for other in masters:
            same = other.sequence == head.sequence and other.component.lines != head.component.lines
            if other is not head and same:
                self.problems.append(f"{other.title}: another event has the same UID, and that one plays")
        if not head.component.whole:
            self.problems.append(f"{head.title}: the end of the event (END:VEVENT) is missing")
        return self._show(head, None, head.title)

    def _show(self, head: Heading, series: Entry | None, named: str) -> Entry | None:
        notes = Notes()
        try:
            return show(head, self.house, notes, series)
        except (UsageError, ValueError, OverflowError) as error:
            self.problems.append(f"{named}: {_line(error)}{'; that night is left out' if series else ''}")
            return None
        finally:
            self.problems += [f"{named}: {note}" for note in notes.found]

    def _single(self, series: Entry, head: Heading) -> Entry:
        """``series`` with a night that differs or is cancelled."""
        try:
            day = night(head, series, self.house)
        except (UsageError, ValueError, OverflowError) as error:
            self.problems.append(f"{head.title}: which night it changes cannot be read: {_line(error)}")
            return series
        other = None if head.cancelled else self._show(head, series, f"{head.title} on {day}")
        if other is not None:
            other = replace(other, uid=series.uid)
        if head.onwards:
            try:
                base = other and check_moved(other, day)
            except UsageError as error:
                self.problems.append(f"{head.title} from {day} on: {error}; it is left out")
                base = None
            kept = [pair for pair in series.onwards if pair[0] != day]
            series = series if base else _silenced(series, day, head.component)
            return replace(series, onwards=_sorted([*kept, (day, base)]))
        if other is None:
            series = _silenced(series, day, head.component)
            return replace(series, exdates=series.exdates | {day})
        kept_nights = [pair for pair in series.overrides if pair[0] != day]
        return replace(series, overrides=_sorted([*kept_nights, (day, other)]))


def _newest(singles: list[Heading]) -> Iterator[Heading]:
    """For each night only the newest event, or the last of several equally new ones."""
    found: dict[tuple[str, bool], Heading] = {}
    for one in singles:
        assert one.instead_of is not None
        key = one.instead_of.value, one.onwards
        if key not in found or one.sequence >= found[key].sequence:
            found[key] = one
    yield from found.values()


def _silenced(series: Entry, day: date, component: Component) -> Entry:
    """``series`` with an event that only excludes ``day``."""
    silent = () if series.source is None else series.source.silent
    return _with_source(series, silent=(*silent, (day, component)))


def _with_source(entry: Entry, **values: object) -> Entry:
    assert entry.source is not None
    return replace(entry, source=replace(entry.source, **values))  # type: ignore[arg-type]


def _sorted(pairs: Iterable[tuple[date, _T]]) -> tuple[tuple[date, _T], ...]:
    return tuple(sorted(pairs, key=lambda pair: pair[0]))


def _line(error: Exception) -> str:
    return (str(error).splitlines() or ["it makes no sense"])[0][:200]
