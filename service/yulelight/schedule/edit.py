"""Changes to a schedule, as in calendar programs: one night, this and all following, or the whole series."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Literal

from yulelight.core.errors import UsageError
from yulelight.schedule.entry import Entry, check
from yulelight.schedule.ics import MAX_EVENTS, Schedule
from yulelight.schedule.occurrences import base_on, nights, rule_dates
from yulelight.schedule.reading import heading
from yulelight.schedule.zones import Zones

Scope = Literal["this", "future", "all"]


class NoSuchEventError(UsageError):
    """There is no such event, or no such night of it."""


def find(schedule: Schedule, uid: str) -> Entry:
    """The event with this uid. Raises NoSuchEventError."""
    for entry in schedule.entries:
        if entry.uid == uid:
            return entry
    raise NoSuchEventError("there is no such event in the schedule; ask for the schedule again")


def add(schedule: Schedule, entry: Entry) -> Schedule:
    """Adds ``entry``. Raises UsageError if it is invalid or the schedule is full."""
    if any(known.uid == entry.uid for known in schedule.entries):
        raise UsageError("an event with this uid is in the schedule already")
    if len(schedule.entries) + len(schedule.foreign) >= MAX_EVENTS:
        raise UsageError(f"the schedule is full: {MAX_EVENTS} events are the most; remove some")
    return replace(schedule, entries=(*schedule.entries, check(entry)))


def merge(schedule: Schedule, other: Schedule) -> Schedule:
    """Adds the shows of ``other``, replacing those with the same uid, and removes those that it cancels.

    Raises UsageError if there are too many.
    """
    new = {entry.uid for entry in other.entries} | other.cancelled
    kept = replace(
        schedule,
        entries=tuple(e for e in schedule.entries if e.uid not in new),
        foreign=tuple(c for c in schedule.foreign if heading(c, Zones()).uid not in new),
    )
    for entry in other.entries:
        kept = add(kept, entry)
    if kept.frame is None:
        return replace(kept, frame=other.frame)
    if other.frame is not None:
        zones = [c for c in other.frame.of("VTIMEZONE") if c not in kept.frame.components]
        kept = replace(kept, frame=replace(kept.frame, components=(*kept.frame.components, *zones)))
    return kept


def update(
    schedule: Schedule, uid: str, new: Entry, night: date | None, scope: Scope, *, fresh: str
) -> Schedule:
    """Replaces the event ``uid`` by ``new`` within ``scope``.

    ``night`` is the date on which the occurrence would begin; all scopes except "all" need it, unless the event does
    not recur. Excluded nights stay excluded. "future" creates a new event with the uid ``fresh``, which also gets
    later nights that differ. Raises UsageError, including NoSuchEventError.
    """
    old = find(schedule, uid)
    if not old.recurs or scope == "all":
        last = max((d for d, _ in old.overrides), default=old.start.date())
        before, after = rule_dates(old, last), rule_dates(new, last)
        kept = tuple((d, o) for d, o in old.overrides if d in after or d not in before)
        series = replace(new, uid=uid, overrides=kept, source=old.source)
        if series.recurs:
            series = replace(series, exrules=old.exrules, onwards=old.onwards)
        return _with(schedule, uid, check(series))
    day = _night(old, night)
    if scope == "this":
        source = next((o.source for d, o in old.overrides if d == day), None) or old.source
        source = source and source.bare()
        single = replace(new, uid=uid, rule=None, exdates=frozenset(), overrides=(), source=source)
        others = [(d, o) for d, o in old.overrides if d != day]
        overrides = tuple(sorted([*others, (day, check(single))], key=lambda pair: pair[0]))
        return _with(schedule, uid, replace(old, overrides=overrides))
    if day == old.start.date():
        whole = replace(new, exdates=new.exdates | old.exdates)
        plain = replace(old, overrides=(), onwards=())
        return update(_with(schedule, uid, plain), uid, whole, None, "all", fresh=fresh)
    rule = new.rule
    if rule is not None and rule == old.rule and rule.count is not None and old.rule is not None:
        done = sum(1 for _ in old.rule.dates(old.start.date(), day - timedelta(days=1)))
        rule = replace(rule, count=rule.count - done)
    exdates = new.exdates | {d for d in old.exdates if d > day}
    source = old.source.bare() if old.source else None
    follower = replace(new, uid=fresh, rule=rule, exdates=frozenset(exdates), overrides=(), source=source)
    follower = replace(follower, exrules=old.exrules if rule is not None else ())
    return add(_with(schedule, uid, _until(old, day)), follower)


def remove(schedule: Schedule, uid: str, night: date | None, scope: Scope) -> Schedule:
    """Removes the event ``uid``, its night ``night``, or that and all following nights. Raises NoSuchEventError."""
    old = find(schedule, uid)
    if not old.recurs or scope == "all":
        return _with(schedule, uid, None)
    day = _night(old, night)
    if scope == "this":
        overrides = tuple((d, o) for d, o in old.overrides if d != day)
        return _with(schedule, uid, replace(old, exdates=old.exdates | {day}, overrides=overrides))
    if day == old.start.date():
        return _with(schedule, uid, None)
    return _with(schedule, uid, _until(old, day))


def recurs_on(entry: Entry, day: date) -> bool:
    """Whether an occurrence begins on ``day``, or would without an override."""
    if day in entry.exdates:
        return False
    by_rule = base_on(entry, day)[0] is not None and any(nights(entry, day, day))
    return by_rule or day in dict(entry.overrides)


def _night(entry: Entry, night: date | None) -> date:
    if night is None:
        raise UsageError('say which night with "occurrence", or take the whole series with range=all')
    if not recurs_on(entry, night):
        raise NoSuchEventError(
            f"{entry.summary or entry.playlist!r} is not on {night}; look at its occurrences"
        )
    return night


def _until(entry: Entry, day: date) -> Entry:
    """``entry`` ended before ``day``."""
    rule = entry.rule and replace(entry.rule, until=day - timedelta(days=1), count=None)
    first = entry.start.date()
    # Without a rule, an end cannot exclude the first night if additional nights are earlier.
    alone = frozenset([first] if rule is None and first >= day else [])
    return replace(
        entry,
        rule=rule,
        exdates=frozenset(d for d in entry.exdates if d < day) | alone,
        overrides=tuple((d, o) for d, o in entry.overrides if d < day),
        onwards=tuple((d, o) for d, o in entry.onwards if d < day),
    )


def _with(schedule: Schedule, uid: str, entry: Entry | None) -> Schedule:
    """The schedule with ``entry`` in place of the event ``uid``."""
    pairs: list[Entry | None] = [entry if known.uid == uid else known for known in schedule.entries]
    return replace(schedule, entries=tuple(e for e in pairs if e is not None))


Edit = Callable[[Schedule], Schedule]
