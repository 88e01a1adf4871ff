# A copy of service/yulelight/safety/limiter.py, made by scripts/share.
"""The last stage before output: enforces minimum times, the power budget and the flash limit.

States within their minimum time are kept as they are. The power budget comes next: only the states that fit are
kept, and levels are dimmed by a common factor. A frame that keeps the flash limit passes, at the cost of a few sums;
any other is corrected as little as possible (``correction``).

Blackout may always darken at once (``state.black_out``); the return of the light is limited as usual.
"""

from collections.abc import Sequence

from .budget import levels_within_budget, states_within_budget
from .correction import corrected
from .flash import PLANNING_WINDOW
from .limits import Limits
from .state import LimiterState, try_frame


def limit_levels(
    last: LimiterState, levels: Sequence[float], on: Sequence[bool], limits: Limits, now: float
) -> LimiterState:
    """The state after ``now`` seconds when ``levels`` (0..1) and states ``on`` are requested."""
    wanted = bytes([min(255, max(0, int(255 * x + 0.5))) for x in levels])
    return limit(last, wanted, on, limits, now)


def limit(
    last: LimiterState,
    levels: bytes,
    on: Sequence[bool],
    limits: Limits,
    now: float,
    *,
    window: float = PLANNING_WINDOW,
) -> LimiterState:
    """The state after ``now`` seconds when ``levels`` (0..255) and states ``on`` are requested.

    Times never decrease. ``window``: seconds over which transitions are counted.
    """
    if last.limits is not limits:
        last = last.under(limits, now)
    states = tuple(on)
    if states != last.on:
        states = _after_minimum_times(last, states, limits, now)
    if limits.power:
        states = states_within_budget(last, states, levels, limits, now)
        levels = levels_within_budget(levels, states, limits)
    return try_frame(last, levels, states, now, window) or corrected(last, levels, states, now, window)


def _after_minimum_times(
    last: LimiterState, on: tuple[bool, ...], limits: Limits, now: float
) -> tuple[bool, ...]:
    """The requested states, except that channels within their minimum time keep theirs."""
    return tuple(
        lit if now - since < times[not lit] else want
        for lit, want, since, times in zip(last.on, on, last.since, limits.times, strict=True)
    )
