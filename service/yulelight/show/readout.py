"""What a watcher can tell of the sound from eight lights: a linear reading of which are on and of how long they were.

The reading is estimate = base + now · x + glow · s, where x are the states (0 or 1) and s their afterglow: a
leaky mean, s' = (x - s) / SECONDS. It is fitted to a song and its states by least squares with a small ridge.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

SECONDS = 0.15
_RIDGE = 0.001


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """How states are read: ``now`` and ``glow`` (k, channels), ``base`` (k,)."""

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
    """Share of the afterglow at its beginning in its mean over a stretch of ``seconds``; the rest is the state's."""
    return SECONDS * (1 - decay(seconds, SECONDS)) / seconds


def fit(states: Array, sound: Array, seconds: Array) -> Reading:
    """The reading that tells most of ``sound`` (n, k) from ``states`` (n, channels) over stretches of ``seconds``."""
    channels = states.shape[1]
    ends = leaky(states, decay(seconds, SECONDS))
    before = np.concatenate([np.zeros((1, channels)), ends[:-1]])
    glow = states + (before - states) * mean_share(seconds)[:, None]
    seen = np.concatenate([states, glow, np.ones((len(states), 1))], axis=1)
    weighed = (seen * seconds[:, None]).T
    shrink = np.diag([_RIDGE * seconds.sum()] * (2 * channels) + [1e-9])
    weights = np.linalg.solve(weighed @ seen + shrink, weighed @ sound)
    return Reading(weights[:channels].T, weights[channels:-1].T, weights[-1])
