"""A linear estimate of the sound from which of the eight lights are on, the same for every song.

The reading is estimate = base + now · x + leaky · s, where x are the states (0 or 1) and s their leaky means,
s' = (x - s) / SECONDS. For a song that is known as a whole, a light that is on says that its channel's level is
about ON times the mean of all levels, one that is off that it is about OFF times that, and the leaky mean is not used.
If it were fitted to each song and channel, a light would mean something different in every song.
A model may bring a reading that was learnt on many songs (``encoder/meaning.py``): then it is used instead.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from yulelight.encoder.meaning import Meaning

Array = npt.NDArray[np.float64]

SECONDS = 0.15
ON, OFF = 2.1, 0.4


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """The coefficients of the readout: ``now`` and ``leaky`` (k, channels), ``base`` (k,)."""

    now: Array
    leaky: Array
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


def learnt(meaning: Meaning, without: int | None = None) -> Reading:
    """The reading that a model brings; ``without`` a channel that shows something else."""
    kept = np.ones(len(meaning.usual))
    if without is not None:
        kept[without] = 0.0
    now, slow = meaning.now * kept, meaning.leaky * kept
    return Reading(now, slow, -(now + slow) @ meaning.usual)


def reading_of(tells: Array, mean: Array) -> Reading:
    """The reading where levels about their ``mean`` (channels,) tell ``tells`` (k, channels) of the sound."""
    house = float(mean.mean())
    return Reading(tells * (ON - OFF) * house, np.zeros_like(tells), tells @ (OFF * house - mean))
