"""The light of several nodes together, each of which may be late by up to ``SKEW``.

A hand-over from one node to another keeps the sum, but only where both change at the same moment: between machines one
is always first, and the house dips or flares in between. So it counts as the flash it can become. By how much lights
of different nodes have fallen and others risen within the last ``SKEW`` seconds is the largest dip or flare that any
delays can make of it; from ``CROSS`` on it costs two turns for each pair of nodes that can alternate. A light that
comes and goes again within ``SKEW``, in several nodes, may do so in one after the other, and counts for each. What
stays below ``CROSS`` adds to what the sum itself does: so here ``TURN`` is smaller, and ``TURN`` + 2 · ``CROSS`` a
tenth at most.

With one node there are no hand-overs between nodes, and this is a :class:`Field`.
"""

from collections.abc import Sequence
from typing import NamedTuple

from .flash import SPAN, Field

SKEW = 0.06
"""Seconds by which nodes may differ."""
TURN = 0.05
CROSS = 0.025
HELD = 0.04
"""Comes back by no more when turns are used up."""
_KEPT = 16
"""Turns that are remembered."""
_NOTHING = 1e-9
_GRAIN = SKEW / 3
"""Changes closer together than this are remembered as one span."""


class Moment(NamedTuple):
    """What each group of lights showed at least and at most, from ``at`` until the next one."""

    at: float
    low: tuple[float, ...]
    high: tuple[float, ...]


class Together(NamedTuple):
    """The past of a house of nodes: ``field`` of the sum, and what each node showed lately."""

    field: Field
    past: tuple[Moment, ...] = ()

    def emit(self, parts: Sequence[float], now: float) -> "Together":
        """The past after the nodes showed ``parts``, shares of the whole light, at ``now``."""
        if len(parts) == 1:
            field = self.field.emit(parts[0], now)
            return self if field is self.field else Together(field)
        shown, kept, total = tuple(parts), self._recent(now), sum(parts)
        if not kept:
            return Together(self.field.emit(total, now, TURN), (Moment(now, shown, shown),))
        if len(kept) == 1:
            _, lows, highs = kept[0]
        else:
            highs = tuple(map(max, *[moment.high for moment in kept]))
            lows = tuple(map(min, *[moment.low for moment in kept]))
        falls = [high - x for high, x in zip(highs, shown, strict=True)]
        rises = [x - low for low, x in zip(lows, shown, strict=True)]
        handed = _handed_over(falls, rises)
        begun = kept[0].low
        alone = _apart([min(h - b, f) for h, b, f in zip(highs, begun, falls, strict=True)]) + _apart(
            [min(b - low, r) for low, b, r in zip(lows, begun, rises, strict=True)]
        )
        # A hand-over ends as it began, wherever it led; all else is a movement of the sum besides.
        field = (
            Field(total, self.field.direction, self.field.turns)
            if handed
            else self.field.emit(total, now, TURN)
        )
        if not handed and not alone:
            return Together(field, _with(kept, shown, now))
        turns = (*field.turns, *(now,) * (2 * (handed + alone)))
        return Together(Field(field.extreme, field.direction, turns[-_KEPT:]), (Moment(now, shown, shown),))

    def allows(self, after: "Together", now: float, window: float = SPAN) -> bool:
        """Whether ``after``, which ``emit`` made of this one at ``now``, keeps the limit."""
        before, turns = self.field.turns, after.field.turns
        return turns is before or turns == before or after.field.room(now, window) >= 0

    def bounds(self, now: float, window: float = SPAN) -> tuple[float, float]:
        """Lowest and highest sum that may be emitted at ``now``."""
        low, high = self.field.bounds(now, window)
        if not self.past:
            return low, high
        # The field's own bounds lie ``HOLD`` from the extreme; here it is less.
        extreme = self.field.extreme
        return max(low, extreme - HELD) if low > -1 else low, min(high, extreme + HELD) if high < 2 else high

    def _recent(self, now: float) -> tuple[Moment, ...]:
        """The moments in force within the last ``SKEW`` seconds."""
        first = 0
        for k in range(1, len(self.past)):
            if self.past[k].at <= now - SKEW:
                first = k
        return self.past[first:]


def _handed_over(falls: Sequence[float], rises: Sequence[float]) -> int:
    """How often the sum can go down and up when each node changes at a moment of its own.

    A node that both fell and rose lately is not two nodes; one node alone hands nothing over.
    """
    down = {g for g, x in enumerate(falls) if x > _NOTHING}
    up = {g for g, x in enumerate(rises) if x > _NOTHING}
    deep, high = sum(falls[g] for g in down), sum(rises[g] for g in up)
    if min(deep, high) < CROSS or len(down | up) < 2:
        return 0
    return max(1, min(len(down), len(up), int(deep / TURN), int(high / TURN)))


def _apart(swings: Sequence[float]) -> int:
    """How many more flashes than one there are when nodes that went and came back do so one after the other."""
    real = [x for x in swings if x > _NOTHING]
    return len(real) - 1 if len(real) > 1 and sum(real) - max(real) >= CROSS else 0


def _with(past: tuple[Moment, ...], shown: tuple[float, ...], now: float) -> tuple[Moment, ...]:
    if past and now - past[-1].at < _GRAIN:
        at, low, high = past[-1]
        return (*past[:-1], Moment(at, tuple(map(min, low, shown)), tuple(map(max, high, shown))))
    return (*past, Moment(now, shown, shown))
