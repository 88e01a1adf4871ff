"""Writes a show as events of a calendar. Pure."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from yulelight.schedule.components import Component
from yulelight.schedule.entry import Entry, SunTime
from yulelight.schedule.lines import Property, escaped, parse, written
from yulelight.schedule.occurrences import rule_dates
from yulelight.schedule.reading import X, note, title
from yulelight.schedule.rule import Rule
from yulelight.schedule.times import duration_text, moment_text

_TIMES = {"DTSTART", "DTEND", "DURATION", "RRULE", "EXRULE", "RDATE", "EXDATE", "RECURRENCE-ID"}


def components_of(entry: Entry, stamp: datetime) -> Iterator[Component]:
    """The events of a series: unchanged as they were read, otherwise new ones that preserve data of other
    programs.
    """
    source = entry.source
    if source is not None and source.read == entry:
        yield from source.parts
        return
    silent = () if source is None else source.silent
    yield _component(entry, stamp, None)
    # Before those that replace them: if a night occurs twice, the later event counts.
    yield from () if source is None else source.older
    for night, override in entry.overrides:
        yield _component(override, stamp, _like(entry, night))
    for night, base in entry.onwards:
        if base is not None:
            yield _component(base, stamp, _like(entry, night), onwards=True)
        elif night not in dict(silent):
            yield _component(
                replace(entry, source=None), stamp, _like(entry, night), onwards=True, ended=True
            )
    ends = {night for night, base in entry.onwards if base is None}
    yield from (component for night, component in silent if night in entry.exdates or night in ends)


def _component(
    entry: Entry, stamp: datetime, instead_of: datetime | None, *, onwards: bool = False, ended: bool = False
) -> Component:
    kept, names = _kept(entry)
    lines = [] if "DTSTAMP" in names else [f"DTSTAMP:{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}"]
    lines += [] if "UID" in names else [written("UID", escaped(entry.uid))]
    lines += [] if "SUMMARY" in names or not entry.summary else [written("SUMMARY", escaped(entry.summary))]
    for name, text in (("DESCRIPTION", entry.description), ("LOCATION", entry.location)):
        lines += [] if name in names or not text else [written(name, escaped(text))]
    if instead_of is not None:
        lines.append(_moment("RECURRENCE-ID", instead_of, {"RANGE": "THISANDFUTURE"} if onwards else {}))
    lines.append(_moment("DTSTART", entry.start.replace(tzinfo=entry.zone)))
    if isinstance(entry.end, timedelta):
        lines.append(written("DURATION", duration_text(entry.end)))
    else:
        lines.append(_moment("DTEND", entry.end.replace(tzinfo=entry.zone)))
    if instead_of is None:
        lines += _recurrence(entry)
    if ended:
        lines.append("STATUS:CANCELLED")
    mine = {
        "PLAYLIST": entry.playlist,
        "LOOK": entry.look or "",
        "START": _sun_text(entry.start_sun),
        "END": _sun_text(entry.end_sun),
        "FINISH": "cut" if entry.finish == "cut" else "",
        "SHUFFLE": "true" if entry.shuffle else "",
        "REPEAT": "" if entry.repeat else "false",
        "PRIORITY": str(entry.priority or ""),
    }
    lines += [written(X + name, escaped(value)) for name, value in mine.items() if value]
    return Component("VEVENT", (*lines, *kept))


def _kept(entry: Entry) -> tuple[list[str], set[str]]:
    """The lines of an event that are preserved, and the names of their properties."""
    if entry.source is None:
        return [], set()
    own = entry.source.own
    gone = {line for line, found in own.properties() if not _stays(found, entry)}
    names = {found.name for line, found in own.properties() if line not in gone}
    lines, depth = list[str](), 0
    for line in own.lines:
        found = parse(line)
        depth += found is not None and found.name == "BEGIN"
        if depth > 0 or line not in gone:
            lines.append(line)
        depth -= found is not None and found.name == "END"
    return lines, names


def _stays(found: Property, entry: Entry) -> bool:
    if found.name == "UID":
        return found.text.strip() == entry.uid
    if found.name == "SUMMARY":
        return title(found) == entry.summary
    if found.name == "DESCRIPTION":
        return note(found) == entry.description
    if found.name == "LOCATION":
        return title(found) == entry.location
    return found.name not in _TIMES and not found.name.startswith(X)


def _recurrence(entry: Entry) -> Iterator[str]:
    if entry.rule is not None:
        yield f"RRULE:{_rule_text(entry.rule, entry)}"
    for rule in entry.exrules:
        yield f"EXRULE:{_rule_text(rule, entry)}"
    last = max((night for night, _ in entry.overrides), default=entry.start.date())
    ruled = rule_dates(entry, last) if entry.overrides else set()
    for night, _ in entry.overrides:
        if night not in ruled:
            yield _moment("RDATE", _like(entry, night))
    for night in sorted(entry.exdates):
        yield _moment("EXDATE", _like(entry, night))


def _rule_text(rule: Rule, entry: Entry) -> str:
    if rule.count is not None or rule.until is None:
        return str(rule)
    last = _like(entry, rule.until)
    # RFC 5545 requires UTC here exactly if the start has a zone.
    return f"{rule.text};UNTIL={moment_text(last if last.tzinfo is None else last.astimezone(UTC))}"


def _like(entry: Entry, night: date) -> datetime:
    """A night of a series in the form used by calendars: with the time of day and zone of its start."""
    return datetime.combine(night, entry.start.time(), entry.zone)


def _moment(name: str, value: datetime, parameters: dict[str, str] | None = None) -> str:
    zone = {} if value.tzinfo in (None, UTC) else {"TZID": str(value.tzinfo)}
    return written(name, moment_text(value), {**zone, **(parameters or {})})


def _sun_text(sun: SunTime | None) -> str:
    return "" if sun is None else f"{sun.event}{sun.offset:+d}" if sun.offset else sun.event
