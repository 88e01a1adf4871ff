"""Applies the limits of a house to a show: loads, power budget and kinds of lights."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from yulelight.lights.pan import steered
from yulelight.safety.limiter import limit
from yulelight.safety.limits import Limits
from yulelight.safety.state import LimiterState
from yulelight.show.pan import STEPS
from yulelight.show.show import Show


def in_house(show: Show, limits: Limits, places: Sequence[float] = ()) -> Show:
    """``show`` as emitted for a house with these ``limits``, starting dark.

    ``places``: position of each channel, from -1 (left) to 1 (right); without them the light does not follow the
    sound.
    """
    show = _steered(show, places)
    output, levels, states = LimiterState.dark(limits.channels), [], []
    for k, (row, on) in enumerate(zip(show.levels, show.switched.tolist(), strict=True)):
        output = limit(output, row.tobytes(), on, limits, k / show.rate)
        shown, lit = output.frame()
        levels.append(shown)
        states.append(lit)
    return replace(
        show,
        levels=np.frombuffer(b"".join(levels), np.uint8).reshape(show.levels.shape),
        switched=np.array(states, np.bool_).reshape(show.switched.shape),
    )


def _steered(show: Show, places: Sequence[float]) -> Show:
    if not any(places) or not len(show.pan):
        return show
    rows = [
        steered((row.tobytes(), ()), pan / STEPS, places)[0]
        for row, pan in zip(show.levels, show.pan.tolist(), strict=True)
    ]
    return replace(show, levels=np.frombuffer(b"".join(rows), np.uint8).reshape(show.levels.shape))
