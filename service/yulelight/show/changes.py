"""When relays switch in a song that is known ahead: lights come on where notes begin, and nowhere else.

At every event (an onset, or a beat between onsets) the channels are judged by how much they will give until the next
event and by how much they rise; those above their usual level come on, and at least one does, so that the light moves
with the music. A channel may go off at any time when its level has fallen. Where the flash limit leaves no room for
more light, a channel that comes on is paid for by the dimmest that goes off: light is handed on, and the house stays
as bright as it is.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from yulelight.show.flash import Field
from yulelight.show.look import Look

Array = npt.NDArray[np.float32]

HEAD = 0.2
"""Seconds after an event over which its rise is measured."""


def events(first: Sequence[int], second: Sequence[int], near: float, apart: float) -> list[int]:
    """Frames at which lights may come on: the ``first``, and the ``second`` that have none ``near``, in order.

    Onsets and beats, say, or sections and bars. Those closer than ``apart`` frames to the last are left out.
    """
    alone = [b for b in second if not _any_within(first, b, near)]
    found: list[int] = []
    for frame in sorted([*first, *alone]):
        if not found or frame - found[-1] >= apart:
            found.append(frame)
    return found


def _any_within(ordered: Sequence[int], frame: int, reach: float) -> bool:
    place = bisect_left(ordered, frame - reach)
    return place < len(ordered) and ordered[place] <= frame + reach


def fair(levels: Array, audible: npt.NDArray[np.bool_]) -> Array:
    """Levels (frames, channels) on one footing for all channels: half as they are, half as their rank in the song."""
    heard = np.sort(levels[audible], axis=0)
    if len(heard) == 0:
        return levels
    ranks = [np.searchsorted(heard[:, c], levels[:, c]) / len(heard) for c in range(levels.shape[1])]
    loud = np.maximum(heard[int(0.9 * (len(heard) - 1))], 1e-6)
    return np.asarray(0.5 * np.stack(ranks, 1) + 0.425 * levels / loud, np.float32)


def scores(footing: Array, at: Sequence[int], rate: float, reach: float) -> Array:
    """How much each channel deserves to be on from each event on: (events, channels) of ``footing`` from ``fair``.

    An event looks ahead to the next one, at most ``reach`` seconds.
    """
    sums = np.concatenate([np.zeros((1, footing.shape[1])), np.cumsum(footing, axis=0, dtype=np.float64)])
    frames = len(footing)
    begin = np.asarray(at, np.int64)
    until = np.append(begin[1:], frames)
    end = np.minimum(until, begin + round(reach * rate))
    head = np.minimum(end, begin + round(HEAD * rate))
    back = np.maximum(0, begin - round(0.07 * rate))

    def mean(first: npt.NDArray[np.int64], last: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        return np.asarray((sums[last] - sums[first]) / np.maximum(last - first, 1)[:, None])

    rise = np.maximum(mean(begin, head) - mean(back, begin), 0)
    return np.asarray(mean(begin, end) + 0.5 * rise, np.float32)


@dataclass(slots=True)
class Relays:
    """The channels as they go through the song, frame by frame. Equal channels; times in seconds."""

    look: Look
    on: list[bool]
    since: list[float]
    field: Field

    @classmethod
    def dark(cls, look: Look, channels: int) -> "Relays":
        """All off."""
        return cls(look, [False] * channels, [float("-inf")] * channels, Field())

    def step(self, now: float, level: Sequence[float], score: Sequence[float] | None, audible: bool) -> None:
        """One frame: its ``level`` (fair), and the ``score`` of the event if there is one."""
        free = [
            now - since >= self.look.minimum[0 if on else 1]
            for on, since in zip(self.on, self.since, strict=True)
        ]
        wanted = (
            self._wanted(level, score, free)
            if audible
            else [on and not f for on, f in zip(self.on, free, strict=True)]
        )
        if wanted != self.on:
            self._afford(wanted, level, free, now, handing=score is not None)
        for channel, (before, after) in enumerate(zip(self.on, wanted, strict=True)):
            if before != after:
                self.since[channel] = now
        self.on = wanted
        self.field = self.field.emit(sum(wanted) / len(wanted), now)

    def _wanted(
        self, level: Sequence[float], score: Sequence[float] | None, free: Sequence[bool]
    ) -> list[bool]:
        low, high = self.look.switch
        if score is None:
            if self.look.events != "onsets":
                return list(self.on)
            return [on and not (f and x < low) for on, f, x in zip(self.on, free, level, strict=True)]
        wanted = [s > high if f else on for on, f, s in zip(self.on, free, score, strict=True)]
        if not any(after and not before for before, after in zip(self.on, wanted, strict=True)):
            ready = [c for c, (on, f) in enumerate(zip(self.on, free, strict=True)) if f and not on]
            if ready:
                wanted[max(ready, key=score.__getitem__)] = True
        return wanted

    def _afford(
        self, wanted: list[bool], level: Sequence[float], free: Sequence[bool], now: float, *, handing: bool
    ) -> None:
        """Changes ``wanted`` until the flash limit allows it."""
        share = 1 / len(wanted)
        low, high = self.field.bounds(now)
        total = sum(wanted) * share
        channels = sorted(range(len(wanted)), key=level.__getitem__)
        for channel in reversed(channels):
            if total < low and self.on[channel] and not wanted[channel]:
                wanted[channel], total = True, total + share
        for give_up_new in (False, True) if handing else (True,):
            for channel in channels:
                lit_before = self.on[channel]
                if (
                    total > high
                    and wanted[channel]
                    and (not lit_before if give_up_new else lit_before and free[channel])
                ):
                    wanted[channel], total = False, total - share
