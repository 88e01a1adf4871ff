"""Rests: gaps between notes in which all lights may be dark for a moment.

People who sequence by hand do it four to ten times a minute, for half a second or so; what comes after it is seen
better.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from yulelight.show.envelope import smooth
from yulelight.show.stretches import Stretches

SHORTEST = 0.34
"""Seconds of a rest."""
HELD = 0.12
"""Minimum seconds for which the previous note keeps its light."""
APART = 5.0
"""Minimum seconds between two rests."""
PER_MINUTE = 4.0
"""At most."""
AROUND = 4.0
"""Seconds around a gap with which its loudness is compared."""


def rests(
    stretches: Stretches, events: Sequence[int], loudness: npt.NDArray[np.float32]
) -> npt.NDArray[np.bool_]:
    """(n,): whether each of ``stretches`` is part of a rest.

    ``events``: frames at which lights come on. ``loudness`` (frames,) in dB. A rest ends with an event; of the gaps
    that are long enough those are taken that are quietest against what is around them.
    """
    starts, rate = stretches.starts, stretches.rate
    found = np.zeros(len(starts), np.bool_)
    level = loudness[:, None]
    below = (smooth(level, 0.1 * rate) - smooth(level, AROUND * rate))[:, 0]
    gaps: list[tuple[float, int, int]] = []
    for before, after in pairwise(events):
        last = int(np.searchsorted(starts, after))
        first = int(np.searchsorted(starts, after - SHORTEST * rate, "right")) - 1
        if 0 <= first < last and starts[first] >= before + HELD * rate:
            gaps.append((float(below[starts[first] : after].mean()), first, last))
    most = PER_MINUTE * len(loudness) / rate / 60
    taken: list[int] = []
    for _, first, last in sorted(gaps):
        if len(taken) >= most:
            break
        if all(abs(int(starts[first]) - other) >= APART * rate for other in taken):
            taken.append(int(starts[first]))
            found[first:last] = True
    return found
