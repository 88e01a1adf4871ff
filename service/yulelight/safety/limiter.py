"""What is really put out: the last stage keeps minimum times, the power budget and the flash limit.

Every frame is tried first as it is wanted; one that keeps all limits passes unchanged, at the price of a few sums.
Where it does not, frames near it are tried, and the first that keeps all limits is taken; the last of them is the frame
that showed before, which always does. So whatever the corrections are, only what was checked is put out:

- States: channels whose own limit holds go back to what they were; then as many others as it takes, of those that want
  to go off the brightest, of those that want to come on the darkest. Else nothing goes off, or nothing comes on.
- Levels: each channel as near as its own limit lets it; then those of a node, then all, brighter or darker together,
  so that what they show against each other stays. What still is too far goes only a part of the way.
- The power budget comes first: levels are dimmed by one factor, and of the states those that fit are kept.

Blackout may always darken, at once; coming back is limited as ever.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from .flash import SPAN, Field
from .limits import Limits, Sum
from .together import Together

TOLERANCE = 1e-9
"""Of sums of shares."""
STAY = 64
"""Levels by which a light that is on counts as brighter, where not all have room in the budget."""
_STEPS = 4

LightFrame = tuple[bytes, tuple[bool, ...]]
"""One frame: a byte of level and an on/off state for each channel."""
SWITCHED_ABOVE = 25
"""Levels of a scene above this switch a relay on."""


@dataclass(frozen=True, slots=True)
class Output:
    """The frame last put out, and all of the past that the limits depend on."""

    levels: bytes
    """A level from 0 to 255 for each channel."""
    on: tuple[bool, ...]
    since: tuple[float, ...]
    """Seconds at which each channel last switched."""
    limits: Limits | None = None
    """What the fields below are of; None: nothing was ever put out."""
    fields: tuple[Field, ...] = ()
    """The past of each of ``limits.alone`` and ``limits.nodes``."""
    houses: tuple[Together, ...] = ()
    """The past of each of ``limits.houses``."""

    @classmethod
    def dark(cls, channels: int) -> "Output":
        """All off, and for so long that it does not matter when they went off."""
        never = (float("-inf"),) * channels
        return cls(bytes(channels), (False,) * channels, never)

    def frame(self) -> LightFrame:
        """The frame as it goes out."""
        return self.levels, self.on

    def under(self, limits: Limits, now: float = 0.0) -> "Output":
        """The same past under other limits from ``now`` on: what both know is kept, the rest has the house's turns.

        One more is counted: lights that come or go do so by themselves.
        """
        if self.limits is None:
            sums = len(limits.alone) + len(limits.nodes)
            return self._with(limits, (Field(),) * sums, (Together(Field()),) * len(limits.houses))
        before = dict(zip((s.name for s in _sums(self.limits)), self.fields, strict=True))
        lived = dict(zip((h.name for h in self.limits.houses), self.houses, strict=True))
        worst = max((h.field for h in self.houses), key=lambda f: f.turns[-1:], default=Field())

        def new(light: float) -> Field:
            return Field(light, worst.direction, (*worst.turns, now))

        fields = tuple(
            before.get(s.name) or new(s.of(self.levels, self.on) if self.levels else 0.0)
            for s in _sums(limits)
        )
        together = []
        for house in limits.houses:
            light = sum(part.of(self.levels, self.on) for part in house.parts)
            old = lived.get(house.name)
            same = old is not None and house in self.limits.houses
            together.append(old if old is not None and same else Together(new(light)))
        return self._with(limits, fields, tuple(together))

    def _with(self, limits: Limits, fields: tuple[Field, ...], houses: tuple[Together, ...]) -> "Output":
        return Output(self.levels, self.on, self.since, limits, fields, houses)

    def rooms(self, now: float) -> tuple[float, float]:
        """How many of all channels may be on at ``now``, least and most, as far as the house's limit goes."""
        low, high = 0.0, 1.0
        if self.limits is not None:
            for house, past in zip(self.limits.houses, self.houses, strict=True):
                if any(part.switched for part in house.parts):
                    darkest, brightest = past.bounds(now)
                    low, high = max(low, darkest), min(high, brightest)
        return low, high


def put_out(last: Output, levels: Sequence[float], on: Sequence[bool], limits: Limits, now: float) -> Output:
    """What may show at ``now`` seconds when ``levels`` (0..1) and states ``on`` are wanted."""
    wanted = bytes([min(255, max(0, int(255 * x + 0.5))) for x in levels])
    return limit(last, wanted, on, limits, now)


def limit(
    last: Output,
    levels: bytes,
    on: Sequence[bool],
    limits: Limits,
    now: float,
    *,
    window: float = SPAN,
) -> Output:
    """What may show at ``now`` seconds when ``levels`` (0..255) and states ``on`` are wanted.

    Times never go back. ``window``: seconds in which the turns are counted.
    """
    if last.limits is not limits:
        last = last.under(limits, now)
    states = tuple(on)
    if states != last.on:
        states = _settled(last, states, limits, now)
    if limits.power:
        states = those_that_fit(last, states, levels, limits, now)
        levels = within_budget(levels, states, limits)
    return tried(last, levels, states, now, window) or _corrected(last, levels, states, now, window)


def black_out(last: Output, now: float) -> Output:
    """Dark at once: the one change that no limit may delay. Coming back is limited as ever."""
    count = len(last.levels)
    return darkened(last, bytes(count), (False,) * count, now)


def darkened(last: Output, levels: bytes, on: Sequence[bool], now: float) -> Output:
    """``last`` at once as dark as ``levels`` and ``on`` where they are darker; nothing gets brighter."""
    lower = bytes(map(min, last.levels, levels))
    states = tuple(a and b for a, b in zip(last.on, on, strict=True))
    since = tuple(now if a != b else s for a, b, s in zip(last.on, states, last.since, strict=True))
    limits = last.limits
    if limits is None:
        return Output(lower, states, since)
    fields = tuple(f.emit(s.of(lower, states), now) for s, f in zip(_sums(limits), last.fields, strict=True))
    houses = tuple(
        past.emit([part.of(lower, states) for part in house.parts], now)
        for house, past in zip(limits.houses, last.houses, strict=True)
    )
    return Output(lower, states, since, limits, fields, houses)


def _sums(limits: Limits) -> chain[Sum]:
    return chain(limits.alone, limits.nodes)


def _settled(last: Output, on: tuple[bool, ...], limits: Limits, now: float) -> tuple[bool, ...]:
    """The wanted states, but those within their minimum time as they are."""
    return tuple(
        lit if now - since < times[not lit] else want
        for lit, want, since, times in zip(last.on, on, last.since, limits.times, strict=True)
    )


def tried(
    last: Output, levels: bytes, on: tuple[bool, ...], now: float, window: float = SPAN
) -> Output | None:
    """``last`` followed by this very frame, or None where that breaks a flash limit or the power budget.

    ``last`` is of the limits that hold. Minimum times are not looked at.
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
    old = last.fields
    fields = list(old)
    index = 0
    for alone in limits.alone:
        if alone.dimmed:
            channel, table = alone.dimmed[0]
            changed, light = levels[channel] != before[channel], table[levels[channel]]
        else:
            channel, _ = alone.switched[0]
            changed, light = on[channel] != was[channel], float(on[channel])
        if changed:
            field = old[index]
            fields[index] = after = field.emit(light, now)
            if after.turns is not field.turns and not field.allows(after, now, window):
                return None
        index += 1
    for node in limits.nodes:
        field = old[index]
        fields[index] = after = field.emit(node.of(levels, on), now)
        if after.turns is not field.turns and not field.allows(after, now, window):
            return None
        index += 1
    since = last.since
    if on != was:
        since = tuple(now if a != b else s for a, b, s in zip(on, was, since, strict=True))
    return Output(levels, on, since, limits, tuple(fields), tuple(houses))


def _corrected(last: Output, levels: bytes, on: tuple[bool, ...], now: float, window: float) -> Output:
    """A frame near the wanted one that keeps all limits."""
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
        output = tried(last, fitted, states, now, window)
        if output is None:
            output = tried(last, last.levels, states, now, window)
            if output is not None:
                output = _part_way(last, output, fitted, now, window)
        if output is not None:
            return output
    return last


def _part_way(last: Output, near: Output, far: bytes, now: float, window: float) -> Output:
    """As much of the way from ``near``, which keeps the limits, to the levels ``far`` as keeps them, too."""
    reached, beyond = 0, 1 << _STEPS
    for _ in range(_STEPS):
        part = (reached + beyond) // 2
        between = bytes(
            a + int((b - a) * part / (1 << _STEPS)) for a, b in zip(last.levels, far, strict=True)
        )
        output = tried(last, between, near.on, now, window)
        if output is None:
            beyond = part
        else:
            reached, near = part, output
    return near


def _held(last: Output, levels: bytes, on: tuple[bool, ...], now: float, window: float) -> tuple[bool, ...]:
    """``on`` with as many channels as they were as the limits of the states alone ask."""
    limits = last.limits
    assert limits is not None
    kept, was = list(on), last.on
    for one, field in zip(_sums(limits), last.fields, strict=True):
        if one.switched and not one.dimmed:
            _hold(
                kept,
                was,
                one.switched,
                levels,
                light=one.of(levels, kept),
                bounds=field.bounds(now, window),
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
    """Makes as many channels ``kept`` as they ``was`` as bring their ``light`` within ``bounds``."""
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


def _fitted(last: Output, levels: bytes, on: tuple[bool, ...], now: float, window: float) -> bytes:
    """``levels`` as far as each channel's, each node's and the house's bounds let them come."""
    limits = last.limits
    assert limits is not None
    lowest, highest = [0] * len(levels), [255] * len(levels)
    for alone, field in zip(limits.alone, last.fields, strict=False):
        low, high = field.bounds(now, window)
        for channel, table in alone.dimmed:
            lowest[channel] = max(lowest[channel], bisect_left(table, low))
            highest[channel] = min(highest[channel], bisect_right(table, high) - 1)
    for channel, (least, greatest) in enumerate(zip(lowest, highest, strict=True)):
        if least > greatest:
            lowest[channel] = highest[channel] = last.levels[channel]
    fitted = bytes(min(max(x, a), b) for x, a, b in zip(levels, lowest, highest, strict=True))
    first = len(limits.alone)
    for node, field in zip(limits.nodes, last.fields[first:], strict=True):
        fitted = _shifted(fitted, (node,), field.bounds(now, window), on, (lowest, highest))
    for house, past in zip(limits.houses, last.houses, strict=True):
        fitted = _shifted(fitted, house.parts, past.bounds(now, window), on, (lowest, highest))
    if limits.power:
        fitted = within_budget(fitted, on, limits)
    return fitted


def _shifted(
    levels: bytes,
    parts: Sequence[Sum],
    bounds: tuple[float, float],
    on: Sequence[bool],
    span: tuple[Sequence[int], Sequence[int]],
) -> bytes:
    """``levels`` plus the smallest offset that brings the light of ``parts`` within ``bounds``, or as near as can be.

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


def within_budget(levels: bytes, on: Sequence[bool], limits: Limits) -> bytes:
    """``levels`` all dimmed by one factor where, beside the states ``on``, they would take more than the budget."""
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


def those_that_fit(
    last: Output, wanted: tuple[bool, ...], levels: bytes, limits: Limits, now: float
) -> tuple[bool, ...]:
    """The ``wanted`` states without those that the budget has no room for, the brightest first.

    Channels that are on and may not go off yet stay: with them it fitted, so it does now. A channel that is on counts
    as ``STAY`` brighter, so that two alike do not take turns.
    """
    fitting = list(wanted)
    for power in limits.power:
        room = limits.cap + TOLERANCE
        bound = [lit and now - s < t[0] for lit, s, t in zip(last.on, last.since, limits.times, strict=True)]
        weights = dict(power.switched)
        for channel in sorted(
            (c for c in weights if fitting[c]),
            key=lambda c: (bound[c], levels[c] + STAY * last.on[c]),
            reverse=True,
        ):
            fitting[channel] = weights[channel] <= room
            room -= weights[channel] if fitting[channel] else 0.0
    return tuple(fitting)
