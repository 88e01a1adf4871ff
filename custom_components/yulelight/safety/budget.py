# A copy of service/yulelight/safety/budget.py, made by scripts/share.
"""The power budget: levels and states reduced until they fit into it."""

from collections.abc import Sequence

from .limits import TOLERANCE, Limits
from .state import LimiterState

HYSTERESIS = 64
"""Bonus, in levels, for lights that are already on when not all fit into the power budget."""


def levels_within_budget(levels: bytes, on: Sequence[bool], limits: Limits) -> bytes:
    """``levels`` dimmed by a common factor if they exceed the budget together with the states ``on``."""
    for power in limits.power:
        if not power.dimmed or power.of(levels, on) <= limits.cap + TOLERANCE:
            continue
        fits, over = 0, 1 << 12
        while over - fits > 1:
            factor = (fits + over) // 2
            if power.of(bytes((x * factor) >> 12 for x in levels), on) <= limits.cap + TOLERANCE:
                fits = factor
            else:
                over = factor
        levels = bytes((x * fits) >> 12 for x in levels)
    return levels


def states_within_budget(
    last: LimiterState, wanted: tuple[bool, ...], levels: bytes, limits: Limits, now: float
) -> tuple[bool, ...]:
    """The ``wanted`` states without those that do not fit into the budget; the brightest are kept first.

    Channels that are on and may not go off yet stay on: the budget held with them before, so it holds now. A channel
    that is on counts as brighter by ``HYSTERESIS``, so that two equal channels do not alternate.
    """
    fitting = list(wanted)
    for power in limits.power:
        room = limits.cap + TOLERANCE
        bound = [lit and now - s < t[0] for lit, s, t in zip(last.on, last.since, limits.times, strict=True)]
        weights = dict(power.switched)
        for channel in sorted(
            (c for c in weights if fitting[c]),
            key=lambda c: (bound[c], levels[c] + HYSTERESIS * last.on[c]),
            reverse=True,
        ):
            fitting[channel] = weights[channel] <= room
            room -= weights[channel] if fitting[channel] else 0.0
    return tuple(fitting)
