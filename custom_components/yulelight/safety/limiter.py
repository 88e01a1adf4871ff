# A copy of service/yulelight/safety/limiter.py, made by scripts/share.
"""The last stage before output: enforces minimum times, the power budget and the flash limit.

Every frame is first tried as requested; a frame that keeps all limits passes unchanged, at the cost of a few sums.
Otherwise frames close to it are tried, and the first that keeps all limits is used. The last candidate is the previous
frame, which always keeps them. Whatever the corrections do, only a frame that has been checked is emitted:

- States: channels whose own limit is exhausted keep their state; then as many others as necessary do: of those that are
  to go off the brightest, of those that are to come on the darkest. If that fails, none goes off, or none comes on.
- Levels: each channel comes as close as its own limit permits; then the levels of a node, then all levels are shifted
  together, so that the contrast between them is kept. If that is still too much, the change is made only in part.
- The power budget comes first: levels are dimmed by a common factor, and only the states that fit are kept.

Blackout may always darken at once; the return of the light is limited as usual.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from .flash import PLANNING_WINDOW, LuminanceHistory
from .limits import Limits, Sum
from .nodes import NodesHistory

TOLERANCE = 1e-9
"""Permitted rounding error in sums of shares."""
HYSTERESIS = 64
"""Bonus, in levels, for lights that are already on when not all fit into the power budget."""
_STEPS = 4

LightFrame = tuple[bytes, tuple[bool, ...]]
"""One frame: for each channel a level (one byte) and an on/off state."""
SWITCHED_ABOVE = 25
"""A relay is on where the level of a scene is above this."""


@dataclass(frozen=True, slots=True)
class LimiterState:
    """The last frame emitted, and all of the past that the limits depend on."""

    levels: bytes
    """A level from 0 to 255 for each channel."""
    on: tuple[bool, ...]
    since: tuple[float, ...]
    """Time in seconds at which each channel last switched."""
    limits: Limits | None = None
    """The limits that the histories below belong to; None before the first frame."""
    histories: tuple[LuminanceHistory, ...] = ()
    """One for each of ``limits.alone``, then ``limits.nodes``."""
    houses: tuple[NodesHistory, ...] = ()
    """One for each of ``limits.houses``."""

    @classmethod
    def dark(cls, channels: int) -> "LimiterState":
        """All channels off, for so long that minimum times do not apply."""
        never = (float("-inf"),) * channels
        return cls(bytes(channels), (False,) * channels, never)

    def frame(self) -> LightFrame:
        """The frame to be emitted."""
        return self.levels, self.on

    def under(self, limits: Limits, now: float = 0.0) -> "LimiterState":
        """The state under other limits from ``now`` on. Sums that both have keep their history.

        All other sums take over the transitions of all lights, and one more: lights that appear or vanish change by
        themselves.
        """
        if self.limits is None:
            sums = len(limits.alone) + len(limits.nodes)
            return self._with(
                limits, (LuminanceHistory(),) * sums, (NodesHistory(LuminanceHistory()),) * len(limits.houses)
            )
        before = dict(zip((s.name for s in _sums(self.limits)), self.histories, strict=True))
        lived = dict(zip((h.name for h in self.limits.houses), self.houses, strict=True))
        worst = max(
            (h.luminance for h in self.houses), key=lambda f: f.transitions[-1:], default=LuminanceHistory()
        )

        def new(light: float) -> LuminanceHistory:
            return LuminanceHistory(light, worst.direction, (*worst.transitions, now))

        histories = tuple(
            before.get(s.name) or new(s.of(self.levels, self.on) if self.levels else 0.0)
            for s in _sums(limits)
        )
        houses = []
        for house in limits.houses:
            light = sum(part.of(self.levels, self.on) for part in house.parts)
            old = lived.get(house.name)
            same = old is not None and house in self.limits.houses
            houses.append(old if old is not None and same else NodesHistory(new(light)))
        return self._with(limits, histories, tuple(houses))

    def _with(
        self, limits: Limits, histories: tuple[LuminanceHistory, ...], houses: tuple[NodesHistory, ...]
    ) -> "LimiterState":
        return LimiterState(self.levels, self.on, self.since, limits, histories, houses)

    def rooms(self, now: float) -> tuple[float, float]:
        """The smallest and largest share of all channels that may be on at ``now`` under the limit for all lights."""
        low, high = 0.0, 1.0
        if self.limits is not None:
            for house, past in zip(self.limits.houses, self.houses, strict=True):
                if any(part.switched for part in house.parts):
                    darkest, brightest = past.bounds(now)
                    low, high = max(low, darkest), min(high, brightest)
        return low, high


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
    return try_frame(last, levels, states, now, window) or _corrected(last, levels, states, now, window)


def black_out(last: LimiterState, now: float) -> LimiterState:
    """Dark at once: the only change that no limit may delay. The return of the light is limited as usual."""
    count = len(last.levels)
    return darkened(last, bytes(count), (False,) * count, now)


def darkened(last: LimiterState, levels: bytes, on: Sequence[bool], now: float) -> LimiterState:
    """``last`` with each channel darkened at once to ``levels`` and ``on``; no channel gets brighter."""
    lower = bytes(map(min, last.levels, levels))
    states = tuple(a and b for a, b in zip(last.on, on, strict=True))
    since = tuple(now if a != b else s for a, b, s in zip(last.on, states, last.since, strict=True))
    limits = last.limits
    if limits is None:
        return LimiterState(lower, states, since)
    histories = tuple(
        f.emit(s.of(lower, states), now) for s, f in zip(_sums(limits), last.histories, strict=True)
    )
    houses = tuple(
        past.emit([part.of(lower, states) for part in house.parts], now)
        for house, past in zip(limits.houses, last.houses, strict=True)
    )
    return LimiterState(lower, states, since, limits, histories, houses)


def _sums(limits: Limits) -> chain[Sum]:
    return chain(limits.alone, limits.nodes)


def _after_minimum_times(
    last: LimiterState, on: tuple[bool, ...], limits: Limits, now: float
) -> tuple[bool, ...]:
    """The requested states, except that channels within their minimum time keep theirs."""
    return tuple(
        lit if now - since < times[not lit] else want
        for lit, want, since, times in zip(last.on, on, last.since, limits.times, strict=True)
    )


def try_frame(
    last: LimiterState, levels: bytes, on: tuple[bool, ...], now: float, window: float = PLANNING_WINDOW
) -> LimiterState | None:
    """The state after exactly this frame, or None if it would break a flash limit or the power budget.

    ``last`` must already be under the present limits. Minimum times are not checked.
    """
    before, was = last.levels, last.on
    if levels == before and on == was:
        return last
    limits = last.limits
    assert limits is not None
    if limits.power and not all(s.of(levels, on) <= limits.cap + TOLERANCE for s in limits.power):
        return None
    houses = []
    for house, past in zip(limits.houses, last.houses, strict=True):
        later = past.emit([part.of(levels, on) for part in house.parts], now)
        if not past.allows(later, now, window):
            return None
        houses.append(later)
    old = last.histories
    histories = list(old)
    index = 0
    for alone in limits.alone:
        if alone.dimmed:
            channel, table = alone.dimmed[0]
            changed, light = levels[channel] != before[channel], table[levels[channel]]
        else:
            channel, _ = alone.switched[0]
            changed, light = on[channel] != was[channel], float(on[channel])
        if changed:
            history = old[index]
            histories[index] = after = history.emit(light, now)
            if after.transitions is not history.transitions and not history.allows(after, now, window):
                return None
        index += 1
    for node in limits.nodes:
        history = old[index]
        histories[index] = after = history.emit(node.of(levels, on), now)
        if after.transitions is not history.transitions and not history.allows(after, now, window):
            return None
        index += 1
    since = last.since
    if on != was:
        since = tuple(now if a != b else s for a, b, s in zip(on, was, since, strict=True))
    return LimiterState(levels, on, since, limits, tuple(histories), tuple(houses))


def _corrected(
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
    for one, history in zip(_sums(limits), last.histories, strict=True):
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
