"""A show as a certain house shows it: under its loads, its power budget and what hangs on its channels."""

from dataclasses import replace

import numpy as np

from yulelight.show.limits import Limits
from yulelight.show.output import Output, put_out
from yulelight.show.show import Show


def in_house(show: Show, limits: Limits) -> Show:
    """``show`` as it leaves the service for a house of these ``limits``, from a dark house on."""
    output, levels, states = Output.dark(len(limits.weights)), [], []
    for k, (row, on) in enumerate(zip((show.levels / 255).tolist(), show.switched.tolist(), strict=True)):
        output = put_out(output, row, on, limits, k / show.rate)
        shown, lit = output.frame()
        levels.append(shown)
        states.append(lit)
    return replace(
        show,
        levels=np.frombuffer(b"".join(levels), np.uint8).reshape(show.levels.shape),
        switched=np.array(states, np.bool_).reshape(show.switched.shape),
    )
