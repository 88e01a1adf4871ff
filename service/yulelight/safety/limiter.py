"""What is really put out: the last stage keeps minimum times, the power budget and the flash limit.

Weights are shares of the connected load, so the field of the flash limit is also the share of all power that flows,
and the budget is a highest field, ``Limits.cap``. The budget comes first and the flash limit last, yet both hold:

- Levels are dimmed in proportion until their field is at most the cap. The flash limit then raises them, if at
  all, no further than to ``HOLD`` below a field that was emitted before, and so was within the cap.
- Of the switched states those that fit are kept. Where the flash limit would have to keep so many lights on that
  they no longer fit beside new ones, all stay as they were: that kept both limits a frame ago and does still.
- Where it is known which channels are dimmed and which are switched, what really flows is the levels of the ones and
  the states of the others (``real``). Relays cannot be dimmed, so dimmers make room for them. If what comes of it
  breaks a limit all the same, the house stays as it was for this frame.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from yulelight.safety.flash import Field, limit_levels, limit_switched, shifted
from yulelight.safety.limits import Limits

ROUNDING = 0.5 / 255
"""Field by which levels rounded to eight bits can exceed what was meant."""
TOLERANCE = 1e-9
"""Of sums of shares."""
STAY = 0.25

LightFrame = tuple[bytes, tuple[bool, ...]]
"""One frame: a byte of level and an on/off state for each channel."""
SWITCHED_ABOVE = 25
"""Levels of a scene above this switch a relay on."""


@dataclass(frozen=True, slots=True)
class Output:
    """The frame last put out, and all of the past that the limits depend on."""

    levels: tuple[float, ...]
    """0..1, one a channel."""
    on: tuple[bool, ...]
    since: tuple[float, ...]
    """Seconds at which each channel last switched."""
    dimmed: Field
    """Field of the levels: what a house of dimmers shows."""
    switched: Field
    """Field of the on/off states: what a house of relays shows."""
    real: Field = field(default_factory=Field)
    """Field of what is known to show: levels of dimmers, states of the others."""

    @classmethod
    def dark(cls, channels: int) -> "Output":
        """All off, since ever."""
        never = (float("-inf"),) * channels
        return cls((0.0,) * channels, (False,) * channels, never, Field(), Field())

    def frame(self) -> LightFrame:
        """The frame as it goes out."""
        return bytes([int(255 * x + 0.5) for x in self.levels]), self.on


def put_out(last: Output, levels: Sequence[float], on: Sequence[bool], limits: Limits, now: float) -> Output:
    """What may show at ``now`` seconds when ``levels`` (0..1) and states ``on`` are wanted.

    Every limit holds changes back and none hastens one, so each keeps what the one before it ensured; how the
    budget fits in, the module says.
    """
    switched, lit = _switch(last, levels, on, limits, now)
    since = tuple(s if a == b else now for s, a, b in zip(last.since, last.on, lit, strict=True))
    if limits.known:
        return _beside(last, levels, Output(last.levels, lit, since, last.dimmed, switched), limits, now)
    dimmed, shown = limit_levels(last.dimmed, within_budget(levels, limits), limits.weights, now)
    return Output(tuple(shown), lit, since, dimmed, switched)


def _switch(
    last: Output, levels: Sequence[float], on: Sequence[bool], limits: Limits, now: float
) -> tuple[Field, tuple[bool, ...]]:
    """The states that may show, and their field."""
    if tuple(on) == last.on:
        return last.switched.emit(last.switched.level, now), last.on
    young = [
        now - since < times[not lit]
        for since, times, lit in zip(last.since, limits.times, last.on, strict=True)
    ]
    settled = [lit if held else want for held, lit, want in zip(young, last.on, on, strict=True)]
    bound = [lit and held for lit, held in zip(last.on, young, strict=True)]
    fitting = those_that_fit(settled, bound, last.on, levels, limits)
    cap = math.inf if limits.known else limits.cap
    return limit_switched(
        last.switched, last.on, fitting, levels=levels, weights=limits.weights, cap=cap, now=now
    )


def _beside(last: Output, levels: Sequence[float], states: Output, limits: Limits, now: float) -> Output:
    """``states`` with the levels that may show beside them, where it is known which channels show what."""
    _, shown = limit_levels(last.dimmed, levels, limits.weights, now)
    power = _sum(limits.switched, states.on)
    room, part = max(0.0, limits.cap - power - ROUNDING), _sum(limits.dimmed, shown)
    if part > room:
        shown = [x * room / part if w else x for w, x in zip(limits.dimmed, shown, strict=True)]
    low, high = last.real.bounds(now)
    if not low <= power + _sum(limits.dimmed, shown) <= high:
        moved = shifted(shown, limits.dimmed, low - power, high - power)
        shown = [y if w else x for w, x, y in zip(limits.dimmed, shown, moved, strict=True)]
    level, flow = _sum(limits.weights, shown), power + _sum(limits.dimmed, shown)
    output = replace(
        states,
        levels=tuple(shown),
        dimmed=last.dimmed.emit(level, now),
        real=last.real.emit(flow, now),
    )
    drawn = power + _sum(limits.dimmed, [x / 255 for x in output.frame()[0]])
    dimmest, brightest = last.dimmed.bounds(now)
    if low <= flow <= high and dimmest <= level <= brightest and drawn <= limits.cap + TOLERANCE:
        return output
    return replace(
        last,
        dimmed=last.dimmed.emit(last.dimmed.level, now),
        switched=last.switched.emit(last.switched.level, now),
        real=last.real.emit(last.real.level, now),
    )


def _sum(weights: Sequence[float], values: Sequence[float]) -> float:
    return sum(w * x for w, x in zip(weights, values, strict=True))


def within_budget(levels: Sequence[float], limits: Limits) -> Sequence[float]:
    """``levels`` (0..1), all dimmed by one factor where they would take more than the budget."""
    if limits.cap > 1:
        return levels
    taken = _sum(limits.weights, levels)
    cap = max(0.0, limits.cap - ROUNDING)
    return [x * cap / taken for x in levels] if taken > cap else levels


def those_that_fit(
    wanted: Sequence[bool],
    bound: Sequence[bool],
    before: Sequence[bool],
    levels: Sequence[float],
    limits: Limits,
) -> Sequence[bool]:
    """The ``wanted`` states without those that the budget has no room for, the brightest first.

    ``bound`` channels are on and may not go off yet; with the states ``before`` they fitted, so they do now. A channel
    that is on counts as ``STAY`` brighter, so that two alike do not take turns.
    """
    if limits.cap > 1:
        return wanted
    fitting, room = [False] * len(wanted), limits.cap + TOLERANCE
    for channel in sorted(
        (c for c, on in enumerate(wanted) if on),
        key=lambda c: (bound[c], levels[c] + STAY * before[c]),
        reverse=True,
    ):
        weight = limits.switched[channel]
        if weight <= room:
            fitting[channel] = True
            room -= weight
    return fitting


def black_out(last: Output, now: float) -> Output:
    """Dark at once: the one change that no limit may delay. Coming back is limited as ever."""
    channels = len(last.levels)
    since = tuple(now if lit else s for lit, s in zip(last.on, last.since, strict=True))
    return Output(
        (0.0,) * channels,
        (False,) * channels,
        since,
        last.dimmed.emit(0.0, now),
        last.switched.emit(0.0, now),
        last.real.emit(0.0, now),
    )
