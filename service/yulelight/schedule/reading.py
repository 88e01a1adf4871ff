"""Reads an event of a calendar as a show. Only the properties that a show needs are read; others may be anything."""

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, tzinfo

from yulelight.core.errors import UsageError
from yulelight.schedule.components import Component
from yulelight.schedule.entry import Entry, Source, SunTime, check
from yulelight.schedule.lines import Property
from yulelight.schedule.occurrences import rule_dates
from yulelight.schedule.rule import Rule, parse_rule
from yulelight.schedule.times import duration, moment, moments
from yulelight.schedule.zones import Zones

X = "X-YULELIGHT-"
MAX_NOTE_LENGTH = 4000
"""Maximum length of a description."""
_SUN = re.compile(r"(dawn|sunrise|sunset|dusk)([+-]\d{1,3})?", re.ASCII)
_MAX_NIGHTS = 1000
"""Single nights that one event may list."""
_MAX_EXRULES = 10
_MAX_SHIFT = timedelta(days=366)
"""Maximum shift of a series."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The properties that identify an event in a calendar."""

    component: Component
    zones: Zones
    uid: str
    title: str
    sequence: int
    instead_of: Property | None
    """The RECURRENCE-ID: the night of a series that this event replaces."""
    onwards: bool
    """Whether it replaces all following nights, too."""
    cancelled: bool


@dataclass(slots=True)
class Notes:
    """Problems in parts of an event that do not prevent the show."""

    found: list[str] = field(default_factory=list)


def heading(component: Component, zones: Zones) -> Heading:
    """The heading of an event. Never fails."""
    first: dict[str, Property] = {}
    for _, one in component.properties():
        first.setdefault(one.name, one)
    uid, title = (first[name].text.strip() if name in first else "" for name in ("UID", "SUMMARY"))
    sequence = first["SEQUENCE"].value if "SEQUENCE" in first else ""
    status = first["STATUS"].value.casefold() if "STATUS" in first else ""
    named = first["RECURRENCE-ID"] if "RECURRENCE-ID" in first and first["RECURRENCE-ID"].value else None
    return Heading(
        component=component,
        zones=zones,
        uid=uid[:255] or hashlib.sha256("\n".join(component.lines).encode()).hexdigest()[:32],
        title=(title or uid or "an event without a title").splitlines()[0][:80],
        sequence=int(sequence) if re.fullmatch("[0-9]{1,9}", sequence) else 0,
        instead_of=named,
        onwards=named is not None and named.parameters.get("RANGE", "").upper() == "THISANDFUTURE",
        cancelled=status in ("cancelled", "canceled"),
    )


def night(head: Heading, series: Entry, house: tzinfo) -> date:
    """The night of ``series`` that the event replaces, by its original date. Raises UsageError."""
    if head.instead_of is None:
        raise UsageError("it names no night")
    named = moment(head.instead_of, head.zones.named_or(series.zone or house))
    return _naive(named, series.zone, house).date() if isinstance(named, datetime) else named


def show(head: Heading, house: tzinfo, notes: Notes, series: Entry | None = None) -> Entry:
    """The show; ``house`` is the time zone of the house.

    Raises UsageError. For a night of ``series``, values missing in the event are taken from the series.
    """
    found: dict[str, list[Property]] = {}
    for _, one in head.component.properties():
        found.setdefault(one.name, []).append(one)
    start = _only(found, "DTSTART", head.zones)
    if start is None:
        raise UsageError("it has no start (DTSTART)")
    if not isinstance(start, datetime):
        raise UsageError("it lasts whole days; give it a time of day")
    home = start.tzinfo
    begins = start.replace(tzinfo=None)
    mine = {
        name[len(X) :].lower(): ones[0].text.strip() for name, ones in found.items() if name.startswith(X)
    }
    summary = title(found["SUMMARY"][0]) if "SUMMARY" in found else ""
    if series is not None and not mine:
        summary = summary or series.summary
    entry = Entry(
        uid=head.uid,
        summary=summary,
        playlist=mine.get("playlist") or summary,
        start=begins,
        end=_end(found, head.zones, home, house),
        look=mine.get("look") or None,
        zone=home,
        start_sun=sun_time(mine.get("start", "")),
        end_sun=sun_time(mine.get("end", "")),
        finish="cut" if mine.get("finish", "").lower() == "cut" else "song",
        shuffle=mine.get("shuffle", "").lower() == "true",
        repeat=mine.get("repeat", "").lower() != "false",
        priority=_priority(mine.get("priority", ""), notes),
        description=note(found["DESCRIPTION"][0]) if "DESCRIPTION" in found else "",
        location=title(found["LOCATION"][0]) if "LOCATION" in found else "",
        source=Source(head.component),
    )
    if series is None:
        entry = _recurring(entry, found, head, house, notes)
    elif not mine and summary == series.summary:
        entry = replace(
            entry,
            **{
                name: getattr(series, name)
                for name in ("playlist", "look", "finish", "shuffle", "repeat", "priority")
            },
        )
    return check(entry)


def title(summary: Property) -> str:
    """The first line of a SUMMARY."""
    return summary.text.strip().partition("\n")[0].strip()


def note(description: Property) -> str:
    """A DESCRIPTION, cut to the length that is shown."""
    return description.text.strip()[:MAX_NOTE_LENGTH]


def sun_time(text: str) -> SunTime | None:
    """``sunset``, ``dusk-15`` and the like; None for no text. Raises UsageError."""
    if not text:
        return None
    found = _SUN.fullmatch(text.strip().lower())
    if found is None:
        raise UsageError(f"{text[:40]!r} is not a sun time; write it as sunset-15 or dusk")
    return SunTime(found[1], int(found[2] or 0))  # type: ignore[arg-type]  # one of the four by the pattern


def check_moved(base: Entry, begins: date) -> Entry:
    """Returns ``base``, the definition of a series from the night ``begins`` on. Raises UsageError."""
    if abs(base.start.date() - begins) > _MAX_SHIFT:
        raise UsageError("it moves a series by more than a year")
    return base


def _end(
    found: dict[str, list[Property]], zones: Zones, home: tzinfo | None, house: tzinfo
) -> datetime | timedelta:
    end = _only(found, "DTEND", zones)
    if isinstance(end, datetime):
        return _naive(end, home, house)
    if end is not None:
        raise UsageError("it ends on a day without a time; give it a time of day")
    if "DURATION" in found:
        return duration(found["DURATION"][0].value)
    raise UsageError("it has no end (DTEND)")


def _recurring(
    entry: Entry, found: dict[str, list[Property]], head: Heading, house: tzinfo, notes: Notes
) -> Entry:
    zone = entry.zone or house
    rules = sorted({one.value.strip().rstrip(";").upper() for one in found.get("RRULE", ()) if one.value})
    if len(rules) > 1:
        raise UsageError("it recurs by more than one RRULE; give it one, or make several events")
    left_out = [
        _naive(time, entry.zone, house).date() if isinstance(time, datetime) else time
        for time in _listed(found.get("EXDATE", ()), head.zones.named_or(zone), notes)
    ]
    more = [
        _naive(time, entry.zone, house)
        if isinstance(time, datetime)
        else datetime.combine(time, entry.start.time())
        for time in _listed(found.get("RDATE", ()), head.zones.named, None)
    ]
    if len(left_out) > _MAX_NIGHTS or len(more) > _MAX_NIGHTS:
        raise UsageError(f"it names more than {_MAX_NIGHTS} nights; make several events")
    rule = parse_rule(rules[0], entry.start, zone) if rules else None
    if len(found.get("EXRULE", ())) > _MAX_EXRULES:
        raise UsageError(f"it has more than {_MAX_EXRULES} EXRULE; make several events")
    entry = replace(
        entry,
        rule=rule,
        exdates=frozenset(left_out),
        exrules=tuple(_exrule(one, entry, zone) for one in found.get("EXRULE", ()) if one.value),
    )
    return replace(entry, overrides=_more(entry, more)) if more else entry


def _more(entry: Entry, starts: Iterable[datetime]) -> tuple[tuple[date, Entry], ...]:
    """Additional nights (RDATE): the same show at another time."""
    made: dict[date, Entry] = {}
    wanted = sorted(set(starts))
    ruled = rule_dates(entry, wanted[-1].date())
    for start in wanted:
        day = start.date()
        if start == datetime.combine(day, entry.start.time()) and day in ruled:
            continue
        if day in ruled or day in made:
            raise UsageError(f"it plays more than once on {day}; make several events")
        end = entry.end if isinstance(entry.end, timedelta) else start + (entry.end - entry.start)
        made[day] = replace(entry, start=start, end=end, rule=None, exdates=frozenset(), exrules=())
    return tuple(made.items())


def _exrule(found: Property, entry: Entry, zone: tzinfo) -> Rule:
    try:
        return parse_rule(found.value, entry.start, zone)
    except UsageError as error:
        raise UsageError(f"which nights its EXRULE leaves out is not clear: {error}") from None


def _listed(
    found: Iterable[Property], zone: Callable[[str], tzinfo], notes: Notes | None
) -> list[datetime | date]:
    """The times of multi-valued properties; an invalid one is noted, or raises UsageError."""
    times: list[datetime | date] = []
    for one in found:
        if one.parameters.get("VALUE", "").upper() == "PERIOD":
            raise UsageError(f"it has a {one.name} with periods; name the times only")
        try:
            times += moments(one, zone)
        except UsageError as error:
            if notes is None:
                raise
            notes.found.append(f"a night that it leaves out cannot be read, so it plays: {error}")
    return times


def _only(found: dict[str, list[Property]], name: str, zones: Zones) -> datetime | date | None:
    times = {moment(one, zones.named) for one in found.get(name, ()) if one.value}
    if len(times) > 1:
        raise UsageError(f"it has more than one {name}")
    return next(iter(times), None)


def _naive(moment: datetime, zone: tzinfo | None, house: tzinfo) -> datetime:
    """The naive local time in ``zone``, or that of the house."""
    if moment.tzinfo is not None:
        moment = moment.astimezone(zone or house)
    return moment.replace(tzinfo=None)


def _priority(text: str, notes: Notes) -> int:
    if not text:
        return 0
    if not re.fullmatch("[0-9]", text):
        notes.found.append(f"its {X}PRIORITY is not a whole number from 0 to 9, and counts as 0")
        return 0
    return int(text)
