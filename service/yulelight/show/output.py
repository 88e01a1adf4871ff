"""What is really put out: the last stage keeps minimum times, the power budget and the flash limit.

Weights are shares of the connected load, so the field of the flash limit is also the share of all power that flows,
and the budget is a highest field, ``Limits.cap``. The budget comes first and the flash limit last, yet both hold:

- Levels are dimmed in proportion until their field is at most the cap. The flash limit then raises them, if at
  all, no further than to ``HOLD`` below a field that was emitted before, and so was within the cap.
- Of the switched states those that fit are kept. Where the flash limit would have to keep so many lights on that
  they no longer fit beside new ones, all stay as they were: that kept both limits a frame ago and does still.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from yulelight.show.flash import Field, limit_levels, limit_switched

ROUNDING = 0.5 / 255
"""Field by which levels rounded to eight bits can exceed what was meant."""
TOLERANCE = 1e-9
"""Of sums of shares."""
STAY = 0.25

LightFrame = tuple[bytes, tuple[bool, ...]]
"""One frame: a byte of level and an on/off state for each channel."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the lights can take. Times in seconds; ``weights`` are shares of the light and sum to 1."""

    weights: tuple[float, ...]
    min_on: float = 0.1
    min_off: float = 0.1
    cap: float = math.inf
    """Share of the light that may be on at once; more than 1 is no limit."""

    @classmethod
    def of(cls, loads: Sequence[float], budget: float | None = None) -> "Limits":
        """Channels of these ``loads``, which together never take more than ``budget``; all in watts, above 0."""
        total = sum(loads)
        cap = math.inf if budget is None or budget >= total else budget / total
        return cls(tuple(load / total for load in loads), cap=cap)

    @classmethod
    def even(cls, channels: int, minimum: tuple[float, float] = (0.1, 0.1)) -> "Limits":
        """Channels that all shed the same light."""
        return cls((1.0 / channels,) * channels, *minimum)


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
    dimmed, shown = limit_levels(last.dimmed, within_budget(levels, limits), limits.weights, now)
    if tuple(on) == last.on:
        switched = last.switched.emit(last.switched.level, now)
        return Output(tuple(shown), last.on, last.since, dimmed, switched)
    settled = [
        lit if now - since < (limits.min_on if lit else limits.min_off) else want
        for lit, since, want in zip(last.on, last.since, on, strict=True)
    ]
    bound = [lit and now - since < limits.min_on for lit, since in zip(last.on, last.since, strict=True)]
    fitting = those_that_fit(settled, bound, last.on, levels, limits)
    switched, lit_now = limit_switched(
        last.switched, last.on, fitting, levels=levels, weights=limits.weights, cap=limits.cap, now=now
    )
    since = tuple(s if a == b else now for s, a, b in zip(last.since, last.on, lit_now, strict=True))
    return Output(tuple(shown), lit_now, since, dimmed, switched)


def within_budget(levels: Sequence[float], limits: Limits) -> Sequence[float]:
    """``levels`` (0..1), all dimmed by one factor where they would take more than the budget."""
    if limits.cap > 1:
        return levels
    field = sum(w * x for w, x in zip(limits.weights, levels, strict=True))
    cap = max(0.0, limits.cap - ROUNDING)
    return [x * cap / field for x in levels] if field > cap else levels


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
        if limits.weights[channel] <= room:
            fitting[channel] = True
            room -= limits.weights[channel]
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
    )
