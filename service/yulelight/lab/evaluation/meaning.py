"""Metrics of whether the light represents the music: a show with correct timing but random patterns scores 0 here.

All functions take the song and the lights on one clock: tenths of a second (``faith``) or seconds (the others).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.spatial.distance import cdist
from scipy.stats import rankdata, spearmanr

from yulelight.lab.evaluation.arrays import Array, at_times, by_second, smooth, standard

STEP = 0.1
"""Seconds between the moments that ``faith`` compares."""
SMOOTHING = 0.15
"""Seconds."""
MEMORY = 6
"""Steps of light used to predict a moment of sound: the same step and those of the half second before."""
BLOCK, FOLDS = 10.0, 5
"""Seconds; every fifth block is predicted from the other four."""
APART = 8
"""Minimum seconds between two moments that count as a repetition."""
ALIKE = 0.02
"""Share of all pairs of seconds, the most similar in sound, that counts as the same music."""


def steps(seconds: float) -> Array:
    """The moments that ``faith`` compares in a song of ``seconds``."""
    return np.arange(0, seconds - STEP, STEP)


def stepped(values: npt.NDArray[Any], rate: float, times: Array) -> Array:
    """Frames (n, k) at ``rate``, smoothed and read at ``times``."""
    return at_times(smooth(values, int(SMOOTHING * rate)), rate, times)


def faith(sound: Array, light: Array) -> float:
    """Share of the variance of ``sound`` (steps, n) that ridge regression explains from ``light`` (steps, channels).

    Cross-validated over ten-second blocks. 1 is a perfect prediction, 0 that of the song's mean; misleading lights
    score below 0. NaN for less than two blocks.
    """
    block = (np.arange(len(sound)) * STEP // BLOCK).astype(int)
    if len(sound) == 0 or block[-1] == 0:
        return float("nan")
    seen = np.concatenate([np.roll(light, back, axis=0) for back in range(MEMORY)], axis=1)
    wrong = least = 0.0
    for fold in range(FOLDS):
        test = block % FOLDS == fold
        if not test.any():
            continue
        wrong += float(((sound[test] - _ridge(seen[~test], sound[~test], seen[test])) ** 2).sum())
        least += float(((sound[test] - sound[~test].mean(0)) ** 2).sum())
    return 1 - wrong / least if least > 0 else float("nan")


def _ridge(known: Array, answers: Array, asked: Array) -> Array:
    """Ridge regression: predicts the answers for ``asked`` from those for ``known``, with a penalty of a hundredth."""
    centre, mean = known.mean(0), answers.mean(0)
    x = known - centre
    shrink = 0.01 * len(x) * max(float(x.var()), 1e-9)
    weights = np.linalg.solve(x.T @ x + shrink * np.eye(x.shape[1]), x.T @ (answers - mean))
    return np.asarray((asked - centre) @ weights + mean, np.float64)


def told_apart(mel: Array, mel_rate: float, lights: npt.NDArray[Any], rate: float) -> tuple[Array, Array]:
    """What ``cross`` compares of one song: its sound (steps, bands) and its lights (steps, MEMORY x channels).

    ``mel`` (frames, bands) in dB. Each band's mean over the song is removed and the whole is scaled to unit variance;
    the lights' means are removed, too. What is constant throughout a song carries no information.
    """
    times = steps(min(len(lights) / rate, len(mel) / mel_rate))
    sound, light = stepped(mel, mel_rate, times), stepped(np.asarray(lights, np.float64), rate, times)
    if len(times) < 2 or sound.std() == 0:
        return np.empty((0, mel.shape[1])), np.empty((0, MEMORY * lights.shape[1]))
    even = light - light.mean(0)
    seen = np.concatenate([np.roll(even, back, axis=0) for back in range(MEMORY)], axis=1)
    return (sound - sound.mean(0)) / sound.std(), seen


def cross(songs: Sequence[tuple[Array, Array]]) -> list[float]:
    """Share of the variance explained for each song by a regression trained on the other songs.

    ``songs``: ``told_apart`` of each. A show whose channels mean something different in every song, or nothing,
    scores 0 or less, however well it fits its own song. NaN if there is no other song, or the song does not vary.
    """
    told = []
    for k, (sound, seen) in enumerate(songs):
        others = [other for j, other in enumerate(songs) if j != k and len(other[0])]
        if not others or not len(sound):
            told.append(float("nan"))
            continue
        x, y = (np.concatenate(parts) for parts in zip(*((b, a) for a, b in others), strict=True))
        shrink = 0.01 * len(x) * max(float(x.var()), 1e-9)
        weights = np.linalg.solve(x.T @ x + shrink * np.eye(x.shape[1]), x.T @ y)
        told.append(float(1 - ((sound - seen @ weights) ** 2).sum() / (sound**2).sum()))
    return told


def pair_distances(features: Array) -> Array:
    """Distances of all pairs of rows of (seconds, n) that are at least APART seconds apart, as one vector."""
    if len(features) <= APART:
        return np.empty(0)
    return np.asarray(cdist(features, features)[np.triu_indices(len(features), APART)], np.float64)


def light_distances(lights: npt.NDArray[Any], rate: float, seconds: int) -> Array:
    """``pair_distances`` of lights (frames, channels): how much any two seconds differ in light."""
    return pair_distances(standard(by_second(np.asarray(lights, np.float64), rate, seconds)))


def structure(sound: Array, light: Array) -> float:
    """Rank correlation of the distances of ``sound`` and ``light``: whether different music has different light.

    Both from ``pair_distances``. NaN when there are too few pairs or either does not vary.
    """
    if len(sound) < 2 or np.ptp(sound) == 0 or np.ptp(light) == 0:
        return float("nan")
    return float(spearmanr(sound, light)[0])


def repeat(sound: Array, light: Array) -> float:
    """How well the similarity of light identifies the pairs most similar in sound (ALIKE): the AUC.

    1 if the same music always gets the same light, 0.5 by chance. Both from ``pair_distances``.
    """
    if not len(sound):
        return float("nan")
    alike = sound <= np.quantile(sound, ALIKE)
    same, other = int(alike.sum()), int((~alike).sum())
    if not same or not other:
        return float("nan")
    ranks = rankdata(-light)
    return float((ranks[alike].sum() - same * (same + 1) / 2) / (same * other))
