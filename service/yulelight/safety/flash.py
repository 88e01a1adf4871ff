"""The flash limit of the whole house: the last thing every frame passes through.

WCAG 2.3.1 allows at most three general flashes in any one second; a flash is a pair of opposing changes of
the light by a tenth or more of full. The field is the weighted mean of all channels, because the lights of
a house are seen together.

Invariant: in whatever is emitted, no half-open window of one second holds more than ``MAX_TURNS`` turns, a
turn being the moment at which the field has moved by ``TURN`` against its last direction. Five turns are
at most three pairs however a window cuts them. ``TURN`` is below a tenth so that rounding levels to
eight bits cannot make an uncounted change a counted one.

How: when the turns of the last second are used up, the field may go on in its direction but come back by
no more than ``HOLD`` (< ``TURN``). Levels are then raised or lowered together, switched channels keep their
state, as many of them as it takes. Emitted frames always satisfy the bound, so keeping all does.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

WINDOW = 1.0
"""Seconds."""
MAX_TURNS = 5
TURN = 0.09
"""Share of the full field."""
HOLD = 0.08


@dataclass(frozen=True, slots=True)
class Field:
    """The history of the emitted field that the limit depends on."""

    level: float = 0.0
    """Field of the last emitted frame, 0..1."""
    extreme: float = 0.0
    """Where the field was farthest in its present direction."""
    direction: int = -1
    """+1 rising, -1 falling; a house starts dark, as if it had fallen there."""
    turns: tuple[float, ...] = ()
    """Seconds of the last turns, oldest first."""

    def bounds(self, now: float) -> tuple[float, float]:
        """Lowest and highest field that may be emitted at ``now``."""
        if len(self.turns) < MAX_TURNS or now - self.turns[-MAX_TURNS] > WINDOW:
            return 0.0, 1.0
        if self.direction > 0:
            return self.extreme - HOLD, 1.0
        return 0.0, self.extreme + HOLD

    def emit(self, level: float, now: float) -> "Field":
        """The history after ``level`` was emitted at ``now``; times never go back."""
        move = level - self.extreme
        if self.direction * move > 0:
            return Field(level, level, self.direction, self.turns)
        if abs(move) < TURN:
            return Field(level, self.extreme, self.direction, self.turns)
        turns = (*self.turns, now)[-MAX_TURNS:]
        return Field(level, level, 1 if move > 0 else -1, turns)


def limit_levels(
    field: Field, wanted: Sequence[float], weights: Sequence[float], now: float
) -> tuple[Field, Sequence[float]]:
    """Makes ``wanted`` levels brighter or darker together as far as the limit asks.

    Levels are 0..1, one a channel; ``weights`` are each channel's share of the light and sum to 1. What the channels
    show against each other is kept, as far as 0 and 1 leave room for it.
    """
    level = _field(wanted, weights)
    low, high = field.bounds(now)
    if not low <= level <= high:
        wanted = shifted(wanted, weights, low, high)
        level = _field(wanted, weights)
    return field.emit(level, now), wanted


def _field(levels: Sequence[float], weights: Sequence[float]) -> float:
    return sum(w * x for w, x in zip(weights, levels, strict=True))


def shifted(levels: Sequence[float], weights: Sequence[float], low: float, high: float) -> list[float]:
    """``levels`` plus the smallest offset that brings their field within [low, high], found by bisection.

    The field rises with the offset from 0 at -1 to the sum of the weights at +1; where that leaves no way in, it comes
    as near as it can. The end of the search that is inside is taken.
    """
    outside, inside = (0.0, 1.0) if _field(levels, weights) < low else (0.0, -1.0)
    for _ in range(24):
        middle = (outside + inside) / 2
        moved = [min(1.0, max(0.0, x + middle)) for x in levels]
        if low <= _field(moved, weights) <= high:
            inside = middle
        else:
            outside = middle
    return [min(1.0, max(0.0, x + inside)) for x in levels]


def limit_switched(
    field: Field,
    before: Sequence[bool],
    wanted: Sequence[bool],
    *,
    levels: Sequence[float],
    weights: Sequence[float],
    now: float,
    cap: float = math.inf,
) -> tuple[Field, tuple[bool, ...]]:
    """Keeps as many channels as they were ``before`` as the limit asks.

    Of channels that want to go off the brightest stay on, of those that want to go on the darkest stay off.
    Where that would bring the field above ``cap``, which ``before`` and ``wanted`` both keep, all stay as they were.
    """
    level = sum(w for w, on in zip(weights, wanted, strict=True) if on)
    low, high = field.bounds(now)
    if low <= level <= high:
        return field.emit(level, now), tuple(wanted)
    falling = level < low
    kept = list(wanted)
    changed = (c for c in range(len(kept)) if before[c] == falling != kept[c])
    for channel in sorted(changed, key=levels.__getitem__, reverse=falling):
        kept[channel] = falling
        level += weights[channel] if falling else -weights[channel]
        if low <= level <= high:
            break
    if falling and level > cap + 1e-9:
        return field.emit(field.level, now), tuple(before)
    return field.emit(level, now), tuple(kept)
