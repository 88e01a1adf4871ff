# A copy of service/yulelight/safety/nodes.py, made by scripts/share.
"""The light of several nodes together, each of which may be late by up to ``SKEW``.

When one node gets darker while another gets brighter, their sum stays the same only if both change at the same moment.
Between machines one is always first, and the total dips or rises in between, so such a hand-over counts as the flash
that it can become. The largest dip or rise that any delays can cause is bounded by how much the lights of different
nodes have fallen and risen within the last ``SKEW`` seconds. From ``CROSSING`` on, it counts as all transitions that
nodes changing one after the other can make. A light that comes on and goes off again within ``SKEW`` in several nodes
may do so in one node after the other, and counts for each. What stays below ``CROSSING`` adds to the movement of the
sum itself; therefore ``TRANSITION`` is smaller here, and ``TRANSITION`` + 2 · ``CROSSING`` is at most a tenth.

With one node there are no hand-overs, and this is the same as a :class:`LuminanceHistory`.
"""

from collections.abc import Sequence
from typing import NamedTuple

from .flash import PLANNING_WINDOW, LuminanceHistory

SKEW = 0.06
"""Seconds by which nodes may differ in time."""
TRANSITION = 0.05
CROSSING = 0.025
MAX_REVERSAL = 0.04
"""How far the light may reverse once the permitted transitions are used up."""
_MAX_TRANSITIONS = 16
"""Number of transitions that are kept."""
_NOTHING = 1e-9
_GRAIN = SKEW / 3
"""Changes closer together than this are merged into one range."""


class ShownRange(NamedTuple):
    """The least and the most that each node showed from ``at`` until the next range, and what it showed in the end."""

    at: float
    low: tuple[float, ...]
    high: tuple[float, ...]
    end: tuple[float, ...]


class NodesHistory(NamedTuple):
    """The history of the lights of several nodes: ``luminance`` of their sum, and what each node showed recently."""

    luminance: LuminanceHistory
    past: tuple[ShownRange, ...] = ()

    def emit(self, parts: Sequence[float], now: float) -> "NodesHistory":
        """The history after the nodes showed ``parts``, shares of the total light, at ``now``."""
        if len(parts) == 1:
            luminance = self.luminance.emit(parts[0], now)
            return self if luminance is self.luminance else NodesHistory(luminance)
        shown, kept, total = tuple(parts), self._recent(now), sum(parts)
        if not kept:
            return NodesHistory(
                self.luminance.emit(total, now, TRANSITION), (ShownRange(now, shown, shown, shown),)
            )
        if len(kept) == 1:
            _, lows, highs, _ = kept[0]
        else:
            highs = tuple(map(max, *[moment.high for moment in kept]))
            lows = tuple(map(min, *[moment.low for moment in kept]))
        down, up = _handed_over(shown, kept[0].low, lows, highs)
        if not down:
            return NodesHistory(self.luminance.emit(total, now, TRANSITION), _with(kept, shown, now))
        luminance = self.luminance
        # Alternately against the direction and with it, each time by other nodes.
        first, second = (down, up) if luminance.direction > 0 else (up, down)
        transitions = (*luminance.transitions, *(now,) * (2 * min(first, second) + (first > second)))
        direction = -luminance.direction if first > second else luminance.direction
        return NodesHistory(
            LuminanceHistory(total, direction, transitions[-_MAX_TRANSITIONS:]),
            (ShownRange(now, shown, shown, shown),),
        )

    def allows(self, after: "NodesHistory", now: float, window: float = PLANNING_WINDOW) -> bool:
        """Whether ``after``, which ``emit`` made of this one at ``now``, keeps the limit."""
        before, transitions = self.luminance.transitions, after.luminance.transitions
        return transitions is before or transitions == before or after.luminance.room(now, window) >= 0

    def bounds(self, now: float, window: float = PLANNING_WINDOW) -> tuple[float, float]:
        """Lowest and highest sum that may be emitted at ``now``."""
        low, high = self.luminance.bounds(now, window)
        if not self.past:
            return low, high
        # LuminanceHistory.bounds permits a larger reversal than is permitted here.
        extreme = self.luminance.extreme
        return max(low, extreme - MAX_REVERSAL) if low > -1 else low, min(
            high, extreme + MAX_REVERSAL
        ) if high < 2 else high

    def _recent(self, now: float) -> tuple[ShownRange, ...]:
        """The ranges in force within the last ``SKEW`` seconds."""
        first = 0
        for k in range(1, len(self.past)):
            if self.past[k].at <= now - SKEW:
                first = k
        kept = self.past[first:]
        if len(kept) == 1 and kept[0].at + _GRAIN <= now - SKEW:
            # What changed within the range is over as well; else a frame that is held would be held for ever.
            at, _, _, end = kept[0]
            return (ShownRange(at, end, end, end),)
        return kept


def _handed_over(
    shown: Sequence[float], begun: Sequence[float], lows: Sequence[float], highs: Sequence[float]
) -> tuple[int, int]:
    """How many movements down and up there can be when each node changes at its own time; (0, 0) if none counts.

    ``begun``: what the nodes showed ``SKEW`` ago, ``lows`` and ``highs``: since then.
    """
    falls = [max(b - low, top - x) for x, b, low, top in zip(shown, begun, lows, highs, strict=True)]
    rises = [max(top - b, x - low) for x, b, low, top in zip(shown, begun, lows, highs, strict=True)]
    deep, high = sum(falls), sum(rises)
    if deep < CROSSING or high < CROSSING:
        return 0, 0
    # A hand-over needs two nodes: some fall while others rise, or one against all others.
    down = sum(fall for fall, rise in zip(falls, rises, strict=True) if fall > rise)
    up = sum(rise for fall, rise in zip(falls, rises, strict=True) if fall <= rise)
    crossed = min(down, up) >= CROSSING or any(
        min(rise, deep - fall) >= CROSSING or min(fall, high - rise) >= CROSSING
        for fall, rise in zip(falls, rises, strict=True)
    )
    if not crossed:
        return 0, 0
    fell, rose = sum(x > _NOTHING for x in falls), sum(x > _NOTHING for x in rises)
    return min(fell, max(1, int(deep / TRANSITION))), min(rose, max(1, int(high / TRANSITION)))


def _with(past: tuple[ShownRange, ...], shown: tuple[float, ...], now: float) -> tuple[ShownRange, ...]:
    if past and now - past[-1].at < _GRAIN:
        at, low, high, _ = past[-1]
        merged = ShownRange(at, tuple(map(min, low, shown)), tuple(map(max, high, shown)), shown)
        return (*past[:-1], merged)
    return (*past, ShownRange(now, shown, shown, shown))
