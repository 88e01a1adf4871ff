"""What has been emitted so far, as far as the limits depend on it, and whether a next frame keeps them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from .flash import PLANNING_WINDOW, LuminanceHistory
from .frame import LightFrame
from .limits import Limits, Sum
from .nodes import NodesHistory


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
            count = len(limits.alone) + len(limits.nodes)
            return self._with(
                limits,
                (LuminanceHistory(),) * count,
                (NodesHistory(LuminanceHistory()),) * len(limits.houses),
            )
        before = dict(zip((s.name for s in sums(self.limits)), self.histories, strict=True))
        lived = dict(zip((h.name for h in self.limits.houses), self.houses, strict=True))
        worst = max(
            (h.luminance for h in self.houses), key=lambda f: f.transitions[-1:], default=LuminanceHistory()
        )

        def new(light: float) -> LuminanceHistory:
            return LuminanceHistory(light, worst.direction, (*worst.transitions, now))

        histories = tuple(
            before.get(s.name) or new(s.of(self.levels, self.on) if self.levels else 0.0)
            for s in sums(limits)
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

    def permitted_shares(self, now: float) -> tuple[float, float]:
        """The smallest and largest share of all channels that may be on at ``now`` under the limit for all lights."""
        low, high = 0.0, 1.0
        if self.limits is not None:
            for house, past in zip(self.limits.houses, self.houses, strict=True):
                if any(part.switched for part in house.parts):
                    darkest, brightest = past.bounds(now)
                    low, high = max(low, darkest), min(high, brightest)
        return low, high


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
    if limits.power and not limits.within_budget(levels, on):
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
        f.emit(s.of(lower, states), now) for s, f in zip(sums(limits), last.histories, strict=True)
    )
    houses = tuple(
        past.emit([part.of(lower, states) for part in house.parts], now)
        for house, past in zip(limits.houses, last.houses, strict=True)
    )
    return LimiterState(lower, states, since, limits, histories, houses)


def sums(limits: Limits) -> chain[Sum]:
    """The sums that ``LimiterState.histories`` belong to, in its order."""
    return chain(limits.alone, limits.nodes)
