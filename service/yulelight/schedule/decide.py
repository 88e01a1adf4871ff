"""Decides what the scheduler does next, from its memory, the calendar and the time.

The calendar's entry for the present moment is what plays, whatever happened before, so a missed start, a clock that
jumped or a changed calendar need no special cases. The memory only prevents a show from being started twice, or again
after someone stopped it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from yulelight.schedule.occurrences import Occurrence
from yulelight.schedule.overlap import due

Key = tuple[str, date]

GRACE = timedelta(minutes=15)
"""If the clock is set back by no more than this, no start or end is undone."""
_MARKS = 64


@dataclass(frozen=True, slots=True)
class Memory:
    """State that must survive a restart."""

    playing: Key | None = None
    interrupted: tuple[Key, ...] = ()
    """Started and not ended: these are resumed."""
    stopped: tuple[Key, ...] = ()
    """Stopped by a person: not started again."""
    over: tuple[Key, ...] = ()
    """Ended on their own."""


@dataclass(frozen=True, slots=True)
class Begin:
    """Play ``occurrence`` instead of whatever is playing."""

    occurrence: Occurrence
    resume: bool


@dataclass(frozen=True, slots=True)
class End:
    """End what the schedule started."""

    after_song: bool


Action = Begin | End | None


def decide(
    memory: Memory, occurrences: Sequence[Occurrence], now: datetime, armed: bool
) -> tuple[Memory, Action]:
    """The new memory and the actions to take.

    Idempotent, so it can be called at any time. ``occurrences``: those around ``now``, at least all that include it.
    """
    done = {*memory.stopped, *memory.over}
    wanted = due((o for o in occurrences if o.key not in done), now)
    if memory.playing is None:
        return _begin(memory, wanted) if wanted and armed else (memory, None)
    if wanted is not None and wanted.key == memory.playing:
        return memory, None
    playing = next((o for o in occurrences if o.key == memory.playing), None)
    if playing is None:
        return _vanished(memory, wanted, armed)
    if now >= playing.end:
        memory = replace(memory, playing=None, over=_mark(memory.over, playing.key))
        after_song = playing.entry.finish == "song"
    elif now < playing.start:
        if wanted is None and now >= playing.start - GRACE:
            return memory, None
        memory, after_song = replace(memory, playing=None), False
    elif wanted is None or not armed:
        return memory, None
    else:
        memory = replace(memory, interrupted=_mark(memory.interrupted, playing.key))
        after_song = False
    return _begin(memory, wanted) if wanted and armed else (memory, End(after_song))


def hand_stopped(memory: Memory, occurrences: Sequence[Occurrence], now: datetime) -> Memory:
    """Someone stopped the show: current shows stay stopped until the next one begins."""
    keys = [o.key for o in occurrences if o.start <= now < o.end]
    if memory.playing is not None:
        keys.append(memory.playing)
    stopped = memory.stopped
    for key in keys:
        stopped = _mark(stopped, key)
    return replace(memory, playing=None, stopped=stopped)


def ran_out(memory: Memory, repeats: bool) -> Memory:
    """The playlist ended: it starts again, or the show is over."""
    if memory.playing is None:
        return memory
    over = memory.over if repeats else _mark(memory.over, memory.playing)
    return replace(memory, playing=None, over=over)


def lost(memory: Memory) -> Memory:
    """A show is no longer playing although nobody stopped it, as after a restart: it is resumed."""
    if memory.playing is None:
        return memory
    return replace(memory, playing=None, interrupted=_mark(memory.interrupted, memory.playing))


def stepped(memory: Memory, step: timedelta) -> Memory:
    """The wall clock was set by ``step``. If it was set back far enough, shows that ended are due again."""
    return replace(memory, over=()) if step < -GRACE else memory


def _begin(memory: Memory, wanted: Occurrence) -> tuple[Memory, Action]:
    resume = wanted.key in memory.interrupted
    return replace(memory, playing=wanted.key), Begin(wanted, resume)


def _vanished(memory: Memory, wanted: Occurrence | None, armed: bool) -> tuple[Memory, Action]:
    """The calendar was changed and no longer contains the current show."""
    if wanted is not None and armed:
        return _begin(replace(memory, playing=None), wanted)
    return replace(memory, playing=None), End(after_song=False)


def _mark(marks: tuple[Key, ...], key: Key) -> tuple[Key, ...]:
    return (*(m for m in marks if m != key), key)[-_MARKS:]
