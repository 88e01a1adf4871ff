"""What ``telling`` and ``telling_ahead`` share: levels in steps, their descent, and the gradients of its penalties.

Levels in (0, 1) have a place: their logit, so that none leaves that range. The descent is Adam (Kingma and Ba 2015,
ICLR), whose rate falls in the second half.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]

FRAMES = 8
"""Frames in each step."""
UNDER, SOFT = 0.2, 0.04
"""A level below the first is dark; softened by the second."""
_MEMORY = (0.8, 0.98)
"""Of Adam's means of slopes and of their squares."""


def in_steps(values: npt.NDArray[np.floating]) -> Array:
    """Means of FRAMES frames: (frames, k) as (n, k)."""
    count = len(values) // FRAMES
    each = values[: count * FRAMES].reshape(count, FRAMES, values.shape[1])
    return np.asarray(each.mean(1), np.float64)


def changed(levels: Floats, changes: Array, *, first: int = 0, step: int = 0) -> Floats:
    """``levels`` (frames, channels) from frame ``first`` on, changed by those of the steps from ``step`` on.

    ``changes`` (n, channels) go evenly from each step to the next.
    """
    at = (np.arange(first, first + len(levels)) - (FRAMES - 1) / 2) / FRAMES
    steps = step + np.arange(len(changes))
    spread = np.stack([np.interp(at, steps, column) for column in changes.T], axis=1)
    return np.asarray(np.clip(levels + spread, 0, 1), np.float32)


def places(levels: Array) -> Array:
    """The places of levels."""
    start = np.clip(levels, 0.02, 0.98)
    return np.asarray(np.log(start / (1 - start)), np.float64)


def descended(
    place: Array,
    gradient: Callable[[Array], Array],
    gate: Array,
    free: Array,
    *,
    rounds: int,
    rate: float,
) -> Array:
    """The places (n, channels) after ``rounds``; ``gradient`` is by the levels as seen through ``gate`` (n, 1)."""
    mean, square = np.zeros_like(place), np.zeros_like(place)
    keep, keep_square = _MEMORY
    for k in range(rounds):
        light = 1 / (1 + np.exp(-place))
        slope = gradient(light * gate) * gate
        slope *= light * (1 - light) * free
        mean = keep * mean + (1 - keep) * slope
        square = keep_square * square + (1 - keep_square) * slope**2
        step = (mean / (1 - keep ** (k + 1))) / (np.sqrt(square / (1 - keep_square ** (k + 1))) + 1e-12)
        place = place - rate * min(1.0, 2 * (1 - k / rounds) + 0.05) * step
    return place


def darkness(levels: Array) -> Array:
    """How dark each level is, in [0, 1]."""
    return np.asarray(1 / (1 + np.exp(np.clip((levels - UNDER) / SOFT, -60, 60))), np.float64)


def beyond(light: Array, most: float, slow: Callable[[Array], Array]) -> Array:
    """Gradient of the square of how far ``light`` is farther than ``most`` from ``slow`` of it, a symmetric mean."""
    swing = light - slow(light)
    over = 2 * np.sign(swing) * np.maximum(np.abs(swing) - most, 0)
    return over - slow(over)


def distances(rows: Array, others: Array) -> Array:
    """(n, m): of each of ``rows`` (n, k) from each of ``others`` (m, k)."""
    square = np.square(rows).sum(1)[:, None] + np.square(others).sum(1)
    return np.asarray(np.sqrt(np.maximum(square - 2 * rows @ others.T, 0) + 1e-6), np.float64)
