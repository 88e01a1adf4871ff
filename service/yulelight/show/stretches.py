"""Divides a song into stretches; relays may only switch between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

BREATH = 2.0
"""Seconds without an event after which lights may come on anyway, so that a sustained sound is not dark."""


class Begin(IntEnum):
    """What may change at the beginning of a stretch."""

    OFF = 0
    """Lights may go off."""
    ANY = 1
    """Lights may also come on."""
    ON = 2
    """At least one light must come on: an onset."""


@dataclass(frozen=True, slots=True, eq=False)
class Stretches:
    """Stretches of a song of ``frames`` frames, one after another. Arrays (n,)."""

    starts: npt.NDArray[np.intp]
    """First frame of each; the first is 0."""
    begins: npt.NDArray[np.intp]
    """A ``Begin`` for each."""
    frames: int
    rate: float

    @property
    def ends(self) -> npt.NDArray[np.intp]:
        """First frame after each."""
        return np.append(self.starts[1:], self.frames)

    @property
    def seconds(self) -> Array:
        """Length of each."""
        return np.asarray((self.ends - self.starts) / self.rate, np.float64)

    def means(self, values: npt.NDArray[np.floating]) -> Array:
        """Mean of ``values`` (frames, k) in each stretch: (n, k)."""
        sums = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0, dtype=np.float64)])
        lengths = (self.ends - self.starts)[:, None]
        return np.asarray((sums[self.ends] - sums[self.starts]) / lengths, np.float64)

    def spread(self, values: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """(n, k), one row a stretch, as (frames, k)."""
        return np.repeat(values, self.ends - self.starts, axis=0)


def cut(events: Sequence[int], frames: int, rate: float, within: float | None) -> Stretches:
    """Stretches from each of ``events`` (frames, in order) to the next.

    They are cut again so that none is ``within`` seconds twice over; without it lights also go off only at events.
    """
    at = [e for e in events if e < frames]
    begins = [int(Begin.ON)] * len(at)
    if not at or at[0] > 0:
        at, begins = [0, *at], [int(Begin.ANY), *begins]
    starts: list[int] = []
    kinds: list[int] = []
    for start, kind, end in zip(at, begins, [*at[1:], frames], strict=True):
        starts.append(start)
        kinds.append(kind)
        length = (end - start) / rate
        parts = max(1, int(length // (within or BREATH)))
        breath = 1
        for part in range(1, parts):
            starts.append(start + round(part * (end - start) / parts))
            due = part * length / parts >= breath * BREATH
            breath += due
            kinds.append(int(Begin.ANY if due else Begin.OFF))
    return Stretches(np.array(starts, np.intp), np.array(kinds, np.intp), frames, rate)
