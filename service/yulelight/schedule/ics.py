"""The schedule as plain iCalendar (RFC 5545), read and written by ``ical``; our own fields are X-YULELIGHT properties.

What other programs keep in the file (alarms, descriptions, tasks, events that are no shows) is kept as it is.
"""

import logging
import re
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, tzinfo

from ical.calendar_stream import IcsCalendarStream
from ical.event import Event
from ical.exceptions import CalendarParseError
from ical.parsing.component import ParsedComponent, encode_content, parse_content
from ical.parsing.property import ParsedPropertyParameter
from ical.types import ExtraProperty, Recur, RecurrenceId

from yulelight.core.errors import UsageError
from yulelight.schedule.entry import Entry, SunTime, check
from yulelight.schedule.rule import parse_rule

log = logging.getLogger(__name__)

LARGEST = 1024 * 1024
"""Bytes of a calendar."""
MOST = 1000
"""Events in one."""
_SUN = re.compile(r"(dawn|sunrise|sunset|dusk)([+-]\d{1,3})?")
_X = "x-yulelight-"


@dataclass(frozen=True, slots=True)
class Schedule:
    """What the file says. ``problems`` names the events that cannot be shows and why; they are kept, and not played."""

    entries: tuple[Entry, ...] = ()
    problems: tuple[str, ...] = ()
    foreign: tuple[ParsedComponent, ...] = field(default=(), compare=False, repr=False)
    """Events that are no shows, as they were."""
    frame: ParsedComponent | None = field(default=None, compare=False, repr=False)
    """The calendar around the events."""


def read(text: str, zone: tzinfo) -> Schedule:
    """A calendar's text; ``zone`` is the house's. Raises UsageError when it is none at all."""
    if len(text) > LARGEST:
        raise UsageError(f"a schedule has at most {LARGEST // 1024} kB")
    try:
        calendars = [c for c in parse_content(text) if c.name == "vcalendar"]
    except (CalendarParseError, ValueError, RecursionError) as error:
        log.debug("no calendar: %s", error)
        raise UsageError("this is not a calendar; it begins with BEGIN:VCALENDAR") from None
    if len(calendars) != 1:
        raise UsageError(f"a schedule is one calendar (BEGIN:VCALENDAR); this has {len(calendars)}")
    frame = calendars[0]
    events = [c for c in frame.components if c.name == "vevent"]
    if len(events) > MOST:
        raise UsageError(f"a schedule has at most {MOST} events; this has {len(events)}")
    frame.components = [c for c in frame.components if c.name != "vevent"]
    masters: dict[str, Entry] = {}
    overrides: list[tuple[datetime | date, Entry, ParsedComponent]] = []
    problems, foreign = [], []
    for component in events:
        try:
            night, entry = _entry(component, frame, zone)
            if night is None and entry.uid in masters:
                raise UsageError("another event has the same UID")
            if night is None:
                masters[entry.uid] = entry
            else:
                overrides.append((night, entry, component))
        except (UsageError, CalendarParseError, ValueError, TypeError, OverflowError) as error:
            problems.append(f"{_title(component)}: {str(error).splitlines()[0][:200]}")
            foreign.append(component)
    for night, entry, component in overrides:
        if entry.uid in masters:
            masters[entry.uid] = _with_override(masters[entry.uid], night, entry)
        else:
            problems.append(f"{_title(component)}: it changes an event that is not there")
            foreign.append(component)
    return Schedule(tuple(masters.values()), tuple(problems), tuple(foreign), frame)


def write(schedule: Schedule, stamp: datetime) -> str:
    """The calendar's text; ``stamp`` dates new events."""
    frame = schedule.frame or _empty()
    ours = [component for entry in schedule.entries for component in _components(entry, stamp)]
    calendar = ParsedComponent("vcalendar", frame.properties, [*frame.components, *ours, *schedule.foreign])
    return encode_content([calendar])


def _empty() -> ParsedComponent:
    text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Yulelight//Schedule//EN\r\nEND:VCALENDAR\r\n"
    return parse_content(text)[0]


def _title(component: ParsedComponent) -> str:
    names = {p.name: p.value for p in component.properties}
    return str(names.get("summary") or names.get("uid") or "an event without a title")[:80]


# --- reading ------------------------------------------------------------------------------------------------


def _entry(
    component: ParsedComponent, frame: ParsedComponent, zone: tzinfo
) -> tuple[datetime | date | None, Entry]:
    """The entry, and the RECURRENCE-ID when it is an override."""
    own = deepcopy(component)  # ical puts time zones into what it parses
    rules = [p.value for p in own.properties if p.name == "rrule"]
    own.properties = [p for p in own.properties if p.name != "rrule"]
    if len(rules) > 1 or any(p.name == "rdate" for p in own.properties):
        raise UsageError("it recurs by more than one RRULE; give it one, or make several events")
    zones = [deepcopy(c) for c in frame.components if c.name == "vtimezone"]
    stream = {"vcalendar": [ParsedComponent("vcalendar", list(frame.properties), [*zones, own]).as_dict()]}
    event = IcsCalendarStream(**stream).calendars[0].events[0]
    start, end = event.dtstart, event.dtend
    if not isinstance(start, datetime):
        raise UsageError("it lasts whole days; give it a time of day")
    if end is None and event.duration is None:
        raise UsageError("it has no end")
    home = start.tzinfo
    mine = {p.name.lower(): p.value for p in event.extras if p.name.lower().startswith(_X)}
    entry = Entry(
        uid=event.uid[:255],
        summary=event.summary or "",
        playlist=mine.get(_X + "playlist") or event.summary or "",
        start=start.replace(tzinfo=None),
        end=_naive(end, home) if isinstance(end, datetime) else event.duration or timedelta(),
        look=mine.get(_X + "look") or None,
        zone=home,
        start_sun=sun_time(mine.get(_X + "start", "")),
        end_sun=sun_time(mine.get(_X + "end", "")),
        rule=parse_rule(rules[0], start.replace(tzinfo=None), home or zone) if rules else None,
        exdates=frozenset(_naive(d, home).date() if isinstance(d, datetime) else d for d in event.exdate),
        finish="cut" if mine.get(_X + "finish", "").lower() == "cut" else "song",
        shuffle=mine.get(_X + "shuffle", "").lower() == "true",
        repeat=mine.get(_X + "repeat", "").lower() != "false",
        priority=int(mine.get(_X + "priority", "0")),
        source=event,
    )
    named = event.recurrence_id
    night = None if named is None else RecurrenceId.to_value(named)
    if named is not None and isinstance(night, datetime) and night.tzinfo is None:
        night = night.replace(tzinfo=named.tzinfo)
    return night, check(entry)


def _naive(moment: datetime, zone: tzinfo | None) -> datetime:
    if moment.tzinfo is not None and zone is not None:
        moment = moment.astimezone(zone)
    return moment.replace(tzinfo=None)


def sun_time(text: str) -> SunTime | None:
    """``sunset``, ``dusk-15`` and the like; None for no text. Raises UsageError."""
    if not text:
        return None
    found = _SUN.fullmatch(text.strip().lower())
    if found is None:
        raise UsageError(f"{text[:40]!r} is no sun time; write it as sunset-15 or dusk")
    return SunTime(found[1], int(found[2] or 0))  # type: ignore[arg-type]  # one of the four by the pattern


def _with_override(series: Entry, named: datetime | date, override: Entry) -> Entry:
    night = _naive(named, series.zone).date() if isinstance(named, datetime) else named
    others = [(d, o) for d, o in series.overrides if d != night]
    plain = replace(override, rule=None, exdates=frozenset(), overrides=())
    return replace(series, overrides=tuple(sorted([*others, (night, plain)], key=lambda pair: pair[0])))


# --- writing ------------------------------------------------------------------------------------------------


def _components(entry: Entry, stamp: datetime) -> Iterable[ParsedComponent]:
    yield _component(entry, stamp, None)
    for night, override in entry.overrides:
        yield _component(override, stamp, _like(entry, night))


def _component(entry: Entry, stamp: datetime, instead_of: datetime | None) -> ParsedComponent:
    start = entry.start.replace(tzinfo=entry.zone)
    mine = {
        "playlist": entry.playlist,
        "look": entry.look or "",
        "start": _sun_text(entry.start_sun),
        "end": _sun_text(entry.end_sun),
        "finish": "cut" if entry.finish == "cut" else "",
        "shuffle": "true" if entry.shuffle else "",
        "repeat": "" if entry.repeat else "false",
        "priority": str(entry.priority or ""),
    }
    old = entry.source
    extras = [e for e in (old.extras if old else ()) if not e.name.lower().startswith(_X)]
    extras += [ExtraProperty(_X + name, _line(value)) for name, value in mine.items() if value]
    elapsed = isinstance(entry.end, timedelta)
    values = {
        "uid": entry.uid,
        "summary": entry.summary,
        "dtstart": start,
        "dtend": None if isinstance(entry.end, timedelta) else entry.end.replace(tzinfo=entry.zone),
        "duration": entry.end if elapsed else None,
        "rrule": _recur(entry),
        "exdate": [_like(entry, night) for night in sorted(entry.exdates)],
        "recurrence_id": None if instead_of is None else _recurrence_id(instead_of),
        "extras": extras,
    }
    made = (old or Event(dtstamp=stamp, uid=entry.uid)).model_copy(update=values)
    component = made.__encode_component_root__()
    component.name = "vevent"
    if instead_of is not None and instead_of.tzinfo not in (None, UTC):
        # ical writes a RECURRENCE-ID without its zone.
        named = next(p for p in component.properties if p.name == "recurrence-id")
        named.params = [ParsedPropertyParameter("TZID", [str(instead_of.tzinfo)])]
    return component


def _like(entry: Entry, night: date) -> datetime:
    """A night of a series in the form in which calendars name it: with the time of day and zone of its start."""
    return datetime.combine(night, entry.start.time(), entry.zone)


def _recur(entry: Entry) -> Recur | None:
    if entry.rule is None:
        return None
    recur = Recur.from_rrule(entry.rule.text)
    recur.count = entry.rule.count
    if entry.rule.until is not None:
        last = _like(entry, entry.rule.until)
        # RFC 5545 wants UTC here exactly when the start has a zone.
        recur.until = last if last.tzinfo is None else last.astimezone(UTC)
    return recur


def _recurrence_id(moment: datetime) -> RecurrenceId:
    utc = "Z" if moment.tzinfo is UTC else ""
    return RecurrenceId(f"{moment:%Y%m%dT%H%M%S}{utc}")


def _sun_text(sun: SunTime | None) -> str:
    return "" if sun is None else f"{sun.event}{sun.offset:+d}" if sun.offset else sun.event


def _line(text: str) -> str:
    """Text that stays within its line of the file."""
    return "".join(c for c in text if c.isprintable())
