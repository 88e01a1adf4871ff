"""A frame close to one that breaks a limit, but keeping all limits.

Frames close to the requested one are tried, and the first that keeps all limits is used. The last candidate is the
previous frame, which always keeps them. Whatever the corrections do, only a frame that has been checked is emitted:

- States: channels whose own limit is exhausted keep their state; then as many others as necessary do: of those that are
  to go off the brightest, of those that are to come on the darkest. If that fails, none goes off, or none comes on.
- Levels: each channel comes as close as its own limit permits; then the levels of a node, then all levels are shifted
  together, so that the contrast between them is kept. If that is still too much, the change is made only in part.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import chain

from .budget import levels_within_budget
from .limits import Sum
from .state import LimiterState, sums, try_frame

_STEPS = 4
"""How many times the interval is halved in which a partial change is looked for."""


def corrected(
    last: LimiterState, levels: bytes, on: tuple[bool, ...], now: float, window: float
) -> LimiterState:
    """A frame close to the requested one that keeps all limits."""
    nearest = _held(last, levels, on, now, window)
    for states in dict.fromkeys(
        (
            nearest,
            tuple(map(max, nearest, last.on)),
            tuple(map(min, nearest, last.on)),
            last.on,
        )
    ):
        fitted = _fitted(last, levels, states, now, window)
        output = try_frame(last, fitted, states, now, window)
        if output is None:
            output = try_frame(last, last.levels, states, now, window)
            if output is not None:
                output = _part_way(last, output, fitted, now, window)
        if output is not None:
            return output
    return last


def _part_way(last: LimiterState, near: LimiterState, far: bytes, now: float, window: float) -> LimiterState:
    """Moves from ``near``, which keeps the limits, as far towards the levels ``far`` as the limits permit."""
    reached, beyond = 0, 1 << _STEPS
    for _ in range(_STEPS):
        part = (reached + beyond) // 2
        between = bytes(
            a + int((b - a) * part / (1 << _STEPS)) for a, b in zip(last.levels, far, strict=True)
        )
        output = try_frame(last, between, near.on, now, window)
        if output is None:
            beyond = part
        else:
            reached, near = part, output
    return near


def _held(
    last: LimiterState, levels: bytes, on: tuple[bool, ...], now: float, window: float
) -> tuple[bool, ...]:
    """``on``, with as many channels unchanged as the limits on the states require."""
    limits = last.limits
    assert limits is not None
    kept, was = list(on), last.on
    for one, history in zip(sums(limits), last.histories, strict=True):
        if one.switched and not one.dimmed:
            _hold(
                kept,
                was,
                one.switched,
                levels,
                light=one.of(levels, kept),
                bounds=history.bounds(now, window),
            )
    for house, past in zip(limits.houses, last.houses, strict=True):
        switched = list(chain.from_iterable(part.switched for part in house.parts))
        if switched and not any(part.dimmed for part in house.parts):
            light = sum(part.of(levels, kept) for part in house.parts)
            _hold(kept, was, switched, levels, light=light, bounds=past.bounds(now, window))
    return tuple(kept)


def _hold(
    kept: list[bool],
    was: Sequence[bool],
    weights: Sequence[tuple[int, float]],
    levels: bytes,
    *,
    light: float,
    bounds: tuple[float, float],
) -> None:
    """Resets as many channels of ``kept`` to ``was`` as are needed to bring their ``light`` within ``bounds``."""
    low, high = bounds
    falling = light < low
    if not falling and light <= high:
        return
    changed = [(c, w) for c, w in weights if was[c] == falling and kept[c] != falling]
    for channel, weight in sorted(changed, key=lambda cw: levels[cw[0]], reverse=falling):
        kept[channel] = falling
        light += weight if falling else -weight
        if low <= light <= high:
            break


def _fitted(last: LimiterState, levels: bytes, on: tuple[bool, ...], now: float, window: float) -> bytes:
    """``levels`` held within the bounds of each channel, each node and all lights."""
    limits = last.limits
    assert limits is not None
    lowest, highest = [0] * len(levels), [255] * len(levels)
    for alone, history in zip(limits.alone, last.histories, strict=False):
        low, high = history.bounds(now, window)
        for channel, table in alone.dimmed:
            lowest[channel] = max(lowest[channel], bisect_left(table, low))
            highest[channel] = min(highest[channel], bisect_right(table, high) - 1)
    for channel, (least, greatest) in enumerate(zip(lowest, highest, strict=True)):
        if least > greatest:
            lowest[channel] = highest[channel] = last.levels[channel]
    fitted = bytes(min(max(x, a), b) for x, a, b in zip(levels, lowest, highest, strict=True))
    first = len(limits.alone)
    for node, history in zip(limits.nodes, last.histories[first:], strict=True):
        fitted = _shifted(fitted, (node,), history.bounds(now, window), on, (lowest, highest))
    for house, past in zip(limits.houses, last.houses, strict=True):
        fitted = _shifted(fitted, house.parts, past.bounds(now, window), on, (lowest, highest))
    if limits.power:
        fitted = levels_within_budget(fitted, on, limits)
    return fitted


def _shifted(
    levels: bytes,
    parts: Sequence[Sum],
    bounds: tuple[float, float],
    on: Sequence[bool],
    span: tuple[Sequence[int], Sequence[int]],
) -> bytes:
    """``levels`` plus the smallest offset that brings the light of ``parts`` within ``bounds``, or as close as
    possible.

    Only channels of ``parts`` move, and only within their ``span``.
    """
    low, high = bounds
    light = sum(part.of(levels, on) for part in parts)
    if low <= light <= high:
        return levels
    up = light < low
    moves = {channel for part in parts for channel, _ in part.dimmed}
    outside, inside, moved = 0, 255, levels
    while outside < inside:
        offset = (outside + inside) // 2
        moved = _offset(levels, offset if up else -offset, moves, span)
        light = sum(part.of(moved, on) for part in parts)
        if light < low if up else light > high:
            outside = offset + 1
        else:
            inside = offset
    return _offset(levels, inside if up else -inside, moves, span)


def _offset(levels: bytes, by: int, moves: set[int], span: tuple[Sequence[int], Sequence[int]]) -> bytes:
    lowest, highest = span
    return bytes(min(max(x + by, lowest[c]), highest[c]) if c in moves else x for c, x in enumerate(levels))
