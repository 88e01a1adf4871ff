"""Flashes as WCAG 2.3.1 counts them: pairs of opposing changes of a tenth or more of full light."""

from typing import Any

import numpy as np
import numpy.typing as npt

CHANGE = 0.1
"""Share of full light."""
WINDOW = 1.0
"""Seconds."""


def turns(field: npt.NDArray[Any], change: float = CHANGE) -> list[int]:
    """Frames at which ``field`` (frames,) has moved back by ``change`` from its last extreme.

    The first change only sets the direction; every later reversal is a turn.
    """
    values = np.asarray(field, np.float64).tolist()
    found: list[int] = []
    if not values:
        return found
    direction, extreme, start = 0, values[0], values[0]
    for frame, value in enumerate(values):
        if direction == 0:
            if abs(value - start) >= change:
                direction, extreme = (1 if value > start else -1), value
        elif direction * (value - extreme) > 0:
            extreme = value
        elif direction * (extreme - value) >= change:
            found.append(frame)
            direction, extreme = -direction, value
    return found


def flashes(field: npt.NDArray[Any], rate: float, change: float = CHANGE) -> int:
    """Most flashes in any second of ``field`` (frames,), 0..1 at ``rate`` frames a second; two turns make a
    flash.
    """
    times = np.array(turns(field, change)) / rate
    if len(times) < 2:
        return 0
    in_window = np.searchsorted(times, times + WINDOW) - np.arange(len(times))
    return int(in_window.max() // 2)


def worst_channel(lights: npt.NDArray[Any], rate: float) -> int:
    """Maximum flashes in any second of any one channel of ``lights`` (frames, channels)."""
    return max((flashes(channel, rate) for channel in lights.T), default=0)
