"""Where somebody sings in a song, from the levels of its voice. Pure."""

import numpy as np

from yulelight.dsp.samples import Floats

LEAST = 0.5
"""The level (0 to 1) from which a voice leads."""
BREATH = 0.5
"""Seconds of silence that end a stretch; less is a breath within it."""
SHORTEST = 0.2
"""Seconds of a stretch; what is shorter is an error of the separator."""


def stretches(levels: Floats | None, rate: float) -> tuple[float, ...]:
    """Start and end in seconds of each stretch, one after the other; ``levels`` has one value for each frame."""
    if levels is None:
        return ()
    heard = np.flatnonzero(levels >= LEAST)
    if not len(heard):
        return ()
    breaks = np.flatnonzero(np.diff(heard) > BREATH * rate)
    begins = heard[np.concatenate([[0], breaks + 1])] / rate
    ends = (heard[np.concatenate([breaks, [len(heard) - 1]])] + 1) / rate
    kept = [(begin, end) for begin, end in zip(begins, ends, strict=True) if end - begin >= SHORTEST]
    return tuple(round(float(moment), 3) for stretch in kept for moment in stretch)
