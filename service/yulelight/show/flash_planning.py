"""Keeps a song's levels within the flash limit ahead of time: where there are too many swings, the smallest are reduced
until they no longer count, and the others are left unchanged.

The limiter (``safety``) has no look-ahead: once the permitted transitions are used up, it holds a light at its present
level. With a song known in advance, the swings to reduce can be chosen. A swing is the change between two turning
points (a peak and the valley after it). Where a second has too many turns, its smallest swing is reduced to below the
threshold of a transition: either the valley is filled or the peak is cut, whichever changes less. This is a
simplification by persistence (Edelsbrunner, Letscher, Zomorodian 2002, Discrete Comput. Geom. 28) within a time window.
It is applied to the emitted light (``safety.physics``) of each lamp and of the house, and, for lamps with a linear
response, to the house's levels as well.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from yulelight.safety.flash import MAX_TRANSITIONS, PLANNING_WINDOW, TRANSITION
from yulelight.safety.physics import GAMMA

Array = npt.NDArray[np.float32]
Light = npt.NDArray[np.float64]
Write = Callable[[slice, Light], None]

SQUEEZED = 0.85 * TRANSITION
"""Size of a reduced swing, in emitted light."""
ROUNDS = 64
"""Maximum number of passes: changing a lamp also changes the house, and the reverse. Music needs a few; noise that
changes with every frame has needed more than 16."""
_LEAST = 1e-6


def limit_swings(levels: Array, rate: float) -> Array:
    """``levels`` (frames, channels) in [0, 1], changed as little as the flash limit requires."""
    shown = levels.astype(np.float64)
    # Channels that may have too many swings: of the others it is known since the house changed last.
    open_channels = set(range(shown.shape[1]))
    for _ in range(ROUNDS):
        open_channels = {channel for channel in sorted(open_channels) if _channel(shown, channel, rate)}
        changed = [_house(shown, power, rate) for power in (GAMMA, 1.0)]
        if any(changed):
            open_channels = set(range(shown.shape[1]))
        elif not open_channels:
            break
    return shown.astype(np.float32)


def _channel(shown: Light, channel: int, rate: float) -> bool:
    def write(some: slice, light: Light) -> None:
        shown[some, channel] = _level(light)

    return _simplified(shown[:, channel] ** GAMMA, rate, write)


def _house(shown: Light, power: float, rate: float) -> bool:
    """Scales all channels by one factor where the mean of their levels to this ``power`` turns too often."""

    def write(some: slice, light: Light) -> None:
        factor = light / np.maximum((shown[some] ** power).mean(1), _LEAST)
        shown[some] = np.minimum(shown[some] * factor[:, None] ** (1 / power), 1.0)

    return _simplified((shown**power).mean(1), rate, write)


@dataclass(slots=True)
class _Turns:
    """The turning points of a light: its extremes, and when it has moved far enough from each to count as a turn."""

    frames: list[int]
    lights: list[float]
    found: list[int]
    """Frame at which the light has moved by TRANSITION from each extreme but the last."""

    @classmethod
    def of(cls, light: Light) -> "_Turns":
        """Counts as ``safety.flash.LuminanceHistory`` does; before the song, the light has just fallen to 0."""
        slope = np.sign(np.diff(light, prepend=0, append=0))
        corners = np.flatnonzero(slope[1:] != slope[:-1])
        turns, rising, each = cls([0], [0.0], []), False, light.tolist()
        for frame, now in zip(corners.tolist(), light[corners].tolist(), strict=True):
            first, extreme = turns.frames[-1], turns.lights[-1]
            if now >= extreme if rising else now <= extreme:
                turns.frames[-1], turns.lights[-1] = frame, now
            elif abs(now - extreme) >= TRANSITION:
                found = first
                while abs(each[found] - extreme) < TRANSITION:
                    found += 1
                turns.found.append(found)
                turns.frames.append(frame)
                turns.lights.append(now)
                rising = not rising
        return turns

    def too_many(self, last: int, rate: float) -> bool:
        """Whether turn number ``last`` comes within PLANNING_WINDOW seconds of the one MAX_TRANSITIONS before it."""
        return (self.found[last] - self.found[last - MAX_TRANSITIONS]) / rate <= PLANNING_WINDOW

    def least(self, last: int) -> int:
        """The smallest of the swings in the window that ends with turn ``last``."""
        some = range(max(1, last - MAX_TRANSITIONS), last + 1)
        return min(some, key=lambda k: abs(self.lights[k + 1] - self.lights[k]))

    def forget(self, swing: int) -> None:
        """Removes both turns of a swing that no longer counts."""
        for one in (self.frames, self.lights, self.found):
            del one[swing : swing + 2]


def _simplified(light: Light, rate: float, write: Write) -> bool:
    """Reduces swings of ``light`` (frames,) in place, passes each change to ``write``; whether there were any."""
    turns = _Turns.of(light)
    changed, last = False, MAX_TRANSITIONS
    while last < len(turns.found):
        choices = _squeezes(light, turns, turns.least(last)) if turns.too_many(last, rate) else []
        if not choices:
            last += 1
            continue
        swing = turns.least(last)
        some, less = min(choices, key=lambda one: _distance(one[1], light[one[0]]))
        write(some, less)
        light[some] = less
        turns.forget(swing)
        changed, last = True, max(MAX_TRANSITIONS, last - 2)
    return changed


def _squeezes(light: Light, turns: _Turns, swing: int) -> list[tuple[slice, Light]]:
    """The ways to reduce a swing between two extremes: towards the first or towards the second."""
    first, second = turns.lights[swing], turns.lights[swing + 1]
    begin, end = turns.frames[swing], turns.frames[swing + 1]
    sign, less = (1 if first > second else -1), SQUEEZED / abs(first - second)
    found = []
    final = swing + 2 == len(turns.frames)
    if final or sign * (turns.lights[swing + 2] - first) >= 0:
        after = light[end : None if final else turns.frames[swing + 2] + 1]
        back = np.flatnonzero(sign * (after - first) >= 0)
        some = slice(begin, end + (int(back[0]) if len(back) else len(after)))
        found.append((some, first + (light[some] - first) * less))
    if sign * (turns.lights[swing - 1] - second) <= 0:
        before = light[turns.frames[swing - 1] : begin + 1]
        back = np.flatnonzero(sign * (before - second) <= 0)
        some = slice(turns.frames[swing - 1] + (int(back[-1]) + 1 if len(back) else 0), end + 1)
        found.append((some, second + (light[some] - second) * less))
    return found


def _distance(one: Light, other: Light) -> float:
    return float(np.square(_level(one) - _level(other)).sum())


def _level(light: Light) -> Light:
    return np.asarray(np.clip(light, 0.0, 1.0) ** (1 / GAMMA), np.float64)
