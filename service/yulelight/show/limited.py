"""The last stage for many frames at once: what ``safety.limiter.limit`` makes of one after the other, for less.

Nearly all frames of a show keep the limits as they are. Runs of such frames are found here, sum by sum, by the same
arithmetic; the limiter itself is asked for each of the others.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from yulelight.safety.flash import MAX_TRANSITIONS, PLANNING_WINDOW, TRANSITION, LuminanceHistory
from yulelight.safety.frame import LightFrame
from yulelight.safety.limiter import limit
from yulelight.safety.limits import Limits, Sum
from yulelight.safety.nodes import NodesHistory
from yulelight.safety.state import LimiterState

Levels = npt.NDArray[np.uint8]
States = npt.NDArray[np.bool_]

FEW = 256
"""Frames for which it is not worth it."""
BLOCK = 1024
"""Frames whose light is worked out at a time."""
SHORTEST = 8
"""Frames that are tried first after one that did not pass; with each that pass, twice as many."""


def in_bytes(levels: npt.NDArray[np.floating]) -> Levels:
    """Levels in [0, 1] of any shape as the limiter rounds them."""
    return np.asarray(np.clip(np.floor(255 * levels.astype(np.float64) + 0.5), 0, 255), np.uint8)


def limited(
    last: LimiterState, levels: Levels, on: States, limits: Limits, times: Sequence[float]
) -> tuple[list[LightFrame], LimiterState]:
    """The frames to be shown for ``levels`` and ``on`` (n, channels) at ``times`` (n,), and the state after them."""
    frames: list[LightFrame] = []
    if len(levels) < FEW:
        raw, channels = levels.tobytes(), levels.shape[1]
        for k, states in enumerate(on.tolist()):
            last = limit(last, raw[k * channels : (k + 1) * channels], states, limits, times[k])
            frames.append(last.frame())
        return frames, last
    for begin in range(0, len(levels), BLOCK):
        some = slice(begin, begin + BLOCK)
        wanted = _Wanted(levels[some], on[some], limits, times[some])
        size, k = SHORTEST, 0
        while k < len(wanted.frames):
            end = min(k + size, len(wanted.frames))
            passed, last = wanted.passed(last, k, end)
            frames += wanted.frames[k:passed]
            size = 2 * size if passed == end else SHORTEST
            k = passed
            if k < end:
                last = limit(last, *wanted.frames[k], limits, times[begin + k])
                frames.append(last.frame())
                k += 1
    return frames, last


class _Wanted:
    """Some frames, and the light that each of the limits' sums would emit."""

    def __init__(self, levels: Levels, on: States, limits: Limits, times: Sequence[float]) -> None:
        channels, raw = levels.shape[1], levels.tobytes()
        rows = (raw[start : start + channels] for start in range(0, len(raw), channels))
        self.frames: list[LightFrame] = list(zip(rows, map(tuple, on.tolist()), strict=True))
        self._limits, self._times = limits, times
        single = all(len(house.parts) == 1 for house in limits.houses)
        # Power, and lights of several nodes, depend on more than the light of each moment.
        self._plain = single and not limits.power and not limits.nodes
        sums = (*limits.alone, *(house.parts[0] for house in limits.houses)) if self._plain else ()
        self._lights = [_Light(levels, on, one) for one in sums]
        self._changes = (np.flatnonzero((on[1:] != on[:-1]).any(1)) + 1).tolist()

    def passed(self, last: LimiterState, begin: int, end: int) -> tuple[int, LimiterState]:
        """Up to which frame from ``begin`` to ``end`` all keep the limits as they are, and the state after them."""
        if not self._plain or last.limits is not self._limits:
            return begin, last
        before = [*last.histories, *(house.luminance for house in last.houses)]
        end, _ = self._switched(last, begin, end)
        found = []
        for history, light in zip(before, self._lights, strict=True):
            found.append(light.followed(history, self._times, begin, end))
            end = found[-1][0]
        if end == begin:
            return begin, last
        after = [
            then if until == end else light.followed(history, self._times, begin, end)[1]
            for history, light, (until, then) in zip(before, self._lights, found, strict=True)
        ]
        alone = len(last.histories)
        return end, LimiterState(
            *self.frames[end - 1],
            self._switched(last, begin, end)[1],
            self._limits,
            tuple(after[:alone]),
            tuple(map(NodesHistory, after[alone:])),
        )

    def _switched(self, last: LimiterState, begin: int, end: int) -> tuple[int, tuple[float, ...]]:
        """The first frame that breaks a minimum time, or ``end``; and when each channel switched last before it."""
        before, since = last.on, list(last.since)
        first, beyond = bisect_right(self._changes, begin), bisect_left(self._changes, end)
        for k in (begin, *self._changes[first:beyond]):
            on, now = self.frames[k][1], self._times[k]
            changed = [c for c, (lit, want) in enumerate(zip(before, on, strict=True)) if lit != want]
            if any(now - since[c] < self._limits.times[c][not before[c]] for c in changed):
                return k, tuple(since)
            for channel in changed:
                since[channel] = now
            before = on
        return end, tuple(since)


class _Light:
    """``Sum.of`` of each frame, added up in the same order."""

    def __init__(self, levels: Levels, on: States, one: Sum) -> None:
        light = np.zeros(len(levels))
        for channel, table in one.dimmed:
            light += np.array(table)[levels[:, channel]]
        for channel, weight in one.switched:
            light += np.where(on[:, channel], weight, 0.0)
        slope = np.sign(np.diff(light))
        self._corners: list[int] = (np.flatnonzero(slope[1:] != slope[:-1]) + 1).tolist()
        """Frames between which it only rises, falls or stays."""
        self._light: list[float] = light.tolist()

    def followed(
        self, history: LuminanceHistory, times: Sequence[float], begin: int, end: int
    ) -> tuple[int, LuminanceHistory]:
        """The first frame from ``begin`` on at which the limit does not allow this light, or ``end``; and the history
        before it, as of ``LuminanceHistory.emit``.
        """
        light, corners = self._light, self._corners
        extreme, direction, transitions = history
        first, beyond = bisect_right(corners, begin), bisect_left(corners, end)
        before = begin - 1
        for corner in (begin, *corners[first:beyond], end - 1) if end > begin else ():
            move = light[corner] - extreme
            if direction * move > 0:
                extreme = light[corner]
            elif not -TRANSITION < move < TRANSITION:
                k = before + 1
                while -TRANSITION < light[k] - extreme < TRANSITION:
                    k += 1
                now = times[k]
                if (
                    len(transitions) >= MAX_TRANSITIONS
                    and now - transitions[-MAX_TRANSITIONS] <= PLANNING_WINDOW
                ):
                    return k, LuminanceHistory(extreme, direction, transitions)
                extreme, direction = light[corner], -direction
                transitions = (*transitions, now)[-MAX_TRANSITIONS - 1 :]
            before = corner
        return end, LuminanceHistory(extreme, direction, transitions)
