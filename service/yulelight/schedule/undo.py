"""Taking back what was done to a schedule, as long as nobody has changed the same shows since. Pure."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from yulelight.core.errors import CommandError
from yulelight.schedule.components import Component
from yulelight.schedule.entry import Entry
from yulelight.schedule.ics import Schedule

KEPT = 64
"""Changes that can be taken back; older ones are forgotten."""


@dataclass(frozen=True, slots=True)
class Change:
    """What each show that was touched was before and became, by uid; None where there is or was none."""

    shows: Mapping[str, tuple[Entry | None, Entry | None]] = field(default_factory=dict)
    gone: tuple[Component, ...] = ()
    """Events that are no shows and were replaced by ones that are."""


def between(before: Schedule, after: Schedule) -> Change:
    """What makes ``after`` of ``before``."""
    old, new = _by_uid(before), _by_uid(after)
    shows = {
        uid: (old.get(uid), new.get(uid))
        for uid in dict.fromkeys((*old, *new))
        if old.get(uid) != new.get(uid)
    }
    gone = tuple(component for component in before.foreign if component not in after.foreign)
    return Change(shows, gone)


def undone(schedule: Schedule, change: Change) -> Schedule:
    """``schedule`` without ``change``; other shows stay as they are by now.

    Raises CommandError when one of the shows was changed since.
    """
    now = _by_uid(schedule)
    for uid, (_, became) in change.shows.items():
        if now.get(uid) != became:
            name = next(entry.summary for entry in (became, now.get(uid)) if entry is not None)
            raise CommandError(
                f"{name!r} was changed meanwhile, so this cannot be undone; look at the calendar again"
            )
    kept = [change.shows[entry.uid][0] if entry.uid in change.shows else entry for entry in schedule.entries]
    back = [before for uid, (before, _) in change.shows.items() if uid not in now]
    entries = tuple(entry for entry in (*kept, *back) if entry is not None)
    return replace(schedule, entries=entries, foreign=(*schedule.foreign, *change.gone))


class Changes:
    """The last changes, each by a number of its own."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._changes: OrderedDict[str, Change] = OrderedDict()
        self._count = 0

    def keep(self, change: Change) -> str:
        """The id by which ``change`` can be taken back."""
        self._count += 1
        self._changes[str(self._count)] = change
        while len(self._changes) > self._kept:
            self._changes.popitem(last=False)
        return str(self._count)

    def find(self, id: str) -> Change:
        """Raises CommandError for one that is unknown, forgotten or was taken back already."""
        found = self._changes.get(id)
        if found is None:
            raise CommandError("this can no longer be undone; change the calendar by hand")
        return found

    def forget(self, id: str) -> None:
        """It was taken back."""
        self._changes.pop(id, None)


def _by_uid(schedule: Schedule) -> dict[str, Entry]:
    return {entry.uid: entry for entry in schedule.entries}
