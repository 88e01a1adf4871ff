"""The light of several nodes together, each of which may be late by up to ``SKEW``.

A hand-over from one node to another keeps the sum, but only where both change at the same moment: between machines one
is always first, and the house dips or flares in between. So it counts as the flash it can become. By how much lights
of different nodes have fallen and others risen within the last ``SKEW`` seconds is the largest dip or flare that any
delays can make of it; from ``CROSS`` on it counts as all the turns that nodes changing in turns can make. A light that
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
        down, up = _handed_over(shown, kept[0].low, lows, highs)
        if not down:
            return Together(self.field.emit(total, now, TURN), _with(kept, shown, now))
        field = self.field
        # Against the direction first, then with it, and so on; each time by other nodes.
        first, second = (down, up) if field.direction > 0 else (up, down)
        turns = (*field.turns, *(now,) * (2 * min(first, second) + (first > second)))
        direction = -field.direction if first > second else field.direction
        return Together(Field(total, direction, turns[-_KEPT:]), (Moment(now, shown, shown),))

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


def _handed_over(
    shown: Sequence[float], begun: Sequence[float], lows: Sequence[float], highs: Sequence[float]
) -> tuple[int, int]:
    """How many movements down and up there can be when each node changes at a moment of its own; (0, 0): none counts.

    ``begun``: what the nodes showed ``SKEW`` ago, ``lows`` and ``highs``: since then.
    """
    falls = [max(b - low, top - x) for x, b, low, top in zip(shown, begun, lows, highs, strict=True)]
    rises = [max(top - b, x - low) for x, b, low, top in zip(shown, begun, lows, highs, strict=True)]
    deep, high = sum(falls), sum(rises)
    if deep < CROSS or high < CROSS:
        return 0, 0
    # One node alone hands nothing over: some fall while others rise, one while the rest does, or half and half.
    down = sum(fall for fall, rise in zip(falls, rises, strict=True) if fall > rise)
    up = sum(rise for fall, rise in zip(falls, rises, strict=True) if fall <= rise)
    crossed = min(down, up) >= CROSS or any(
        min(rise, deep - fall) >= CROSS or min(fall, high - rise) >= CROSS
        for fall, rise in zip(falls, rises, strict=True)
    )
    if not crossed:
        return 0, 0
    fell, rose = sum(x > _NOTHING for x in falls), sum(x > _NOTHING for x in rises)
    return min(fell, max(1, int(deep / TURN))), min(rose, max(1, int(high / TURN)))


def _with(past: tuple[Moment, ...], shown: tuple[float, ...], now: float) -> tuple[Moment, ...]:
    if past and now - past[-1].at < _GRAIN:
        at, low, high = past[-1]
        return (*past[:-1], Moment(at, tuple(map(min, low, shown)), tuple(map(max, high, shown))))
    return (*past, Moment(now, shown, shown))
