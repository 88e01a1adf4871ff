"""Metrics of switching and of the independence of channels; they need no song."""

from typing import Any

import numpy as np
import numpy.typing as npt

from yulelight.lab.evaluation.arrays import Bools, pulses

DEAD, STUCK = 0.02, 0.98
"""A channel that is on for a smaller or larger share of the song carries no information."""
SHORT = 0.1
"""Seconds; a relay does not follow pulses shorter than this."""
STILL = 1e-6
"""Spread below which a channel does not move at all."""


def on_share(on: Bools) -> npt.NDArray[np.float64]:
    """Share of the frames in which each channel of ``on`` (frames, channels) is lit."""
    return np.asarray(on.mean(0), np.float64)


def dead(on: Bools) -> int:
    """Channels that are hardly ever on."""
    return int((on_share(on) < DEAD).sum())


def stuck(on: Bools) -> int:
    """Channels that are hardly ever off."""
    return int((on_share(on) > STUCK).sum())


def toggles(on: Bools, rate: float) -> float:
    """Changes of state a second, mean over channels."""
    changes = np.abs(np.diff(on.astype(np.int8), axis=0)).sum()
    return float(changes * rate / on.size)


def short_pulses(on: Bools, rate: float) -> float:
    """Share of all pulses, of all channels, that last less than SHORT; 0 when there are none."""
    lengths = [(ends - starts) / rate for starts, ends in map(pulses, on.T)]
    every = np.concatenate(lengths)
    return float((every < SHORT - 1e-6).mean()) if len(every) else 0.0


def correlation(levels: npt.NDArray[Any]) -> float:
    """Mean absolute correlation of all pairs of channels that move; NaN when fewer than two do."""
    moving = levels[:, levels.std(0) > STILL]
    if moving.shape[1] < 2:
        return float("nan")
    pairs = np.corrcoef(moving.T)[np.triu_indices(moving.shape[1], 1)]
    return float(np.abs(pairs).mean())


def used_channels(levels: npt.NDArray[Any]) -> float:
    """Effective number of independent channels: the participation ratio of the levels' covariance.

    (sum of eigenvalues)² / sum of their squares: 1 if all channels move together, their number if all move
    independently and equally, 0 if none moves.
    """
    eigenvalues = np.linalg.eigvalsh(np.atleast_2d(np.cov(levels.T)))
    squares = float((eigenvalues**2).sum())
    return float(eigenvalues.sum()) ** 2 / squares if squares > STILL**4 else 0.0
