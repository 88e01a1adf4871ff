"""What a watcher can tell of the sound from eight lights: a linear reading of which are on and of how long they were.

The reading is estimate = base + now · x + glow · s, where x are the states (0 or 1) and s their afterglow: a
leaky mean, s' = (x - s) / SECONDS. It is fitted to a song and its states by least squares with a small ridge.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

SECONDS = 0.15
_RIDGE = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """The coefficients of the readout: ``now`` and ``glow`` (k, channels), ``base`` (k,)."""

    now: Array
    glow: Array
    base: Array


def decay(seconds: Array, constant: float) -> Array:
    """Share of a leaky mean's memory that is left after ``seconds``."""
    return np.asarray(np.exp(-seconds / constant), np.float64)


def leaky(values: Array, left: Array) -> Array:
    """The leaky mean of ``values`` (n, k) at the end of each stretch, of which ``left`` (n,) of the old remains."""
    out, last = np.empty_like(values), np.zeros(values.shape[1])
    for k, (value, keep) in enumerate(zip(values, left.tolist(), strict=True)):
        out[k] = last = value + (last - value) * keep
    return out


def mean_share(seconds: Array) -> Array:
    """Weight of the initial leaky mean in its average over a stretch of ``seconds``; the rest is that of the
    state.
    """
    return SECONDS * (1 - decay(seconds, SECONDS)) / seconds


def fit(states: Array, levels: Array, tells: Array, seconds: Array) -> Reading:
    """The reading that tells most of the ``levels`` (n, channels), about their mean, each from its own light.

    ``states`` (n, channels) over stretches of ``seconds``. ``tells`` (k, channels) is what the
    levels then say of the sound. A light never tells that its channel is darker: then it would be no light.
    """
    ends = leaky(states, decay(seconds, SECONDS))
    before = np.concatenate([np.zeros((1, states.shape[1])), ends[:-1]])
    glows = states + (before - states) * mean_share(seconds)[:, None]
    found = np.zeros((3, states.shape[1]))
    for c, (state, glow, level) in enumerate(zip(states.T, glows.T, levels.T, strict=True)):
        seen = np.stack([state, glow, np.ones(len(state))], axis=1)
        weighed = (seen * seconds[:, None]).T
        shrink = seconds.sum() * np.diag([_RIDGE, _RIDGE, 1e-9])
        found[:, c] = np.linalg.solve(weighed @ seen + shrink, weighed @ level)
    now, glow = np.maximum(found[:2], 0.0)
    return Reading(tells * now, tells * glow, tells @ found[2])
