"""What plays on one night, and of what does not, why. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Literal

from yulelight.core.text import folded
from yulelight.schedule.entry import Entry
from yulelight.schedule.occurrences import Occurrence, rule_dates
from yulelight.schedule.overlap import segments

DAWN = timedelta(hours=6)
"""A night lasts until this time of the next morning."""

State = Literal["playing", "coming", "over", "stopped", "disarmed", "hidden", "no_playlist", "left_out"]


@dataclass(frozen=True, slots=True)
class Showing:
    """One show of the night. ``occurrence`` is None for one that is left out; ``entry`` is there in any case."""

    entry: Entry
    night: date
    state: State
    occurrence: Occurrence | None = None
    behind: str = ""
    """The title of the show that plays instead, where the state is ``hidden``."""


def night_of(now: datetime, zone: tzinfo) -> date:
    """The night that ``now`` belongs to: before 6:00 it is still that of the day before."""
    return (now.astimezone(zone) - DAWN).date()


def tonight(
    entries: Iterable[Entry],
    occurrences: Sequence[Occurrence],
    now: datetime,
    zone: tzinfo,
    *,
    playing: tuple[str, date] | None,
    stopped: Collection[tuple[str, date]],
    armed: bool,
    playlists: Collection[str] | None,
) -> list[Showing]:
    """The night's shows in their order, those that are left out last.

    ``occurrences`` are at least those of the days around ``now``; ``playlists`` is None where that is not known.
    """
    night = night_of(now, zone)
    begins = datetime.combine(night, datetime.min.time(), zone) + DAWN
    ends = begins + timedelta(days=1)
    known = None if playlists is None else {folded(name) for name in playlists}
    near = [one for one in occurrences if one.end > begins and one.start < ends]
    plays = segments(near)
    found = []
    for one in sorted(near, key=lambda each: each.start):
        rivals = [each.occurrence for each in plays if each.start < one.end and each.end > one.start]
        state, behind = _state(one, now, playing, stopped, armed), ""
        if state in ("coming", "disarmed"):
            if known is not None and folded(one.entry.playlist) not in known:
                state = "no_playlist"
            elif one not in rivals:
                state = "hidden"
                behind = next((_title(rival.entry) for rival in rivals), "")
        found.append(Showing(one.entry, one.night, state, one, behind))
    left_out = [entry for entry in entries if night in entry.exdates and night in rule_dates(entry, night)]
    return [*found, *(Showing(entry, night, "left_out") for entry in left_out)]


def _state(
    one: Occurrence,
    now: datetime,
    playing: tuple[str, date] | None,
    stopped: Collection[tuple[str, date]],
    armed: bool,
) -> State:
    if one.end <= now:
        return "over"
    if one.key == playing:
        return "playing"
    if one.key in stopped:
        return "stopped"
    return "coming" if armed else "disarmed"


def _title(entry: Entry) -> str:
    return entry.summary or entry.playlist
