"""Changes a song's levels so that more of the sound can be read from them, by a reading that is the same for all songs.

The network of the model (``encoder/sparse.py``) makes the levels of each frame by itself. Here the levels of a whole
song are adjusted together, some ten times a second, by gradient descent (``show.descent``) on the error
of the model's reading of half a second of light (``encoder/meaning.py``), with penalties for levels that

- are too seldom dark, vary too little within two seconds, or differ too little between loud and quiet music,
- swing faster than the flash limit permits,
- make two seconds look alike that sound different, or the reverse.

What is known of the sound is what the codes tell, so light that is led by anything else tells nothing.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from yulelight.encoder.meaning import LAGS, Meaning
from yulelight.safety.physics import GAMMA
from yulelight.show.descent import (
    SOFT,
    beyond,
    changed,
    darkness,
    descended,
    distances,
    in_steps,
    places,
)
from yulelight.show.envelope import smooth

Array = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]

ROUNDS = 80
RATE = 0.1
"""Of the descent."""
READ, AT_ONCE = 5.0, 2.5
"""Weights of the error of the reading of half a second of light, and of that of the present light."""
DARK, CONTRAST, SPAN, FAST, USED, LIKENESS = 2.5, 4.0, 5.0, 150.0, 0.12, 2.5
DARK_GOAL, CONTRAST_GOAL, SPAN_GOAL = 0.5, 0.46, 0.22
WINDOW, SECOND, EVEN, SLOW = 21, 11, 75, 3
"""Steps: two seconds, one, seven, and the light on each side with which a swing is compared."""
SHORTEST = 4 * SECOND
"""Steps of a song that is adjusted."""
LAMP, HOUSE = 0.035, 0.03
"""A lamp's and the house's light may differ from its mean over SLOW by so much."""
_LEAST = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """A song in steps of FRAMES frames."""

    sound: Array
    """(n, channels): what the codes tell, about its mean."""
    gate: Array
    """(n, 1): 0 in silence."""
    tilt: Array
    """(n,): weights by which levels sum up to their span between loud and quiet music."""
    unlike: Array
    """(seconds, seconds): how much any two differ in sound; about its mean."""
    free: Array
    """(channels,): 1 for channels that may change, 0 for one that shows something else."""


def told_by(sound: Floats, gate: Floats, loudness: Floats, fixed: int | None = None) -> Told:
    """Of frames: ``sound`` (n, channels) as of ``Meaning.sound_of``, ``gate`` and ``loudness`` (n,)."""
    known, opened = in_steps(sound), in_steps(gate[:, None])
    loud = smooth(in_steps(loudness[:, None]).astype(np.float32), EVEN)[:, 0]
    heard = opened[:, 0] > 0.5
    tilt = np.zeros(len(known))
    if heard.any():
        top, low = np.quantile(loud[heard], (0.8, 0.4))
        for some, sign in ((heard & (loud >= top), 1.0), (heard & (loud <= low), -1.0)):
            tilt[some] = sign / max(some.sum(), 1)
    free = np.ones(known.shape[1])
    if fixed is not None:
        free[fixed] = 0.0
    if len(known) < SHORTEST:
        return Told(known, opened, tilt, np.zeros((0, 0)), free)
    sounds = _seconds(known)[0]
    unlike = distances(sounds, sounds)
    return Told(known - known.mean(0), opened, tilt, unlike - unlike.mean(), free)


def retold(levels: Floats, told: Told, meaning: Meaning, *, rounds: int = ROUNDS) -> Floats:
    """``levels`` (frames, channels) in [0, 1], adjusted. A song of less than SHORTEST steps stays as it is."""
    if len(told.sound) < SHORTEST:
        return levels
    before = in_steps(levels)
    change = adjusted(before, told, meaning.lags.astype(np.float64), meaning.at_once, rounds) - before
    return changed(levels, change)


def adjusted(levels: Array, told: Told, lags: Array, at_once: npt.NDArray[np.floating], rounds: int) -> Array:
    """``levels`` (n, channels) of each step after ``rounds`` of descent."""
    place = descended(
        places(levels),
        lambda light: gradient(light, told, lags, at_once),
        told.gate,
        told.free,
        rounds=rounds,
        rate=RATE,
    )
    made = told.gate / (1 + np.exp(-place))
    return np.where(told.free > 0, made, levels)


def lagged(about: Array) -> Array:
    """(n, LAGS * channels): levels and those of the steps before."""
    return np.concatenate([np.roll(about, back, axis=0) for back in range(LAGS)], axis=1)


def gradient(levels: Array, told: Told, lags: Array, at_once: npt.NDArray[np.floating]) -> Array:
    """Of the whole loss, times n, by ``levels`` (n, channels)."""
    count, channels = levels.shape
    about = (levels - levels.mean(0)) * told.free
    wrong = lagged(about) @ lags - told.sound
    back = (2 * READ * wrong) @ lags.T
    slope = sum(
        (np.roll(back[:, k * channels : (k + 1) * channels], -k, axis=0) for k in range(LAGS)),
        np.zeros_like(levels),
    )
    slope += (2 * AT_ONCE * (about @ at_once - told.sound)) @ at_once.T
    slope = slope - slope.mean(0)
    slope += _dark(levels) + _contrast(levels) + _fast(levels) + _likeness(levels, told)
    if told.tilt @ levels.mean(1) < SPAN_GOAL:
        slope -= SPAN * count / channels * told.tilt[:, None]
    return np.asarray(slope, np.float64)


def _dark(levels: Array) -> Array:
    under = darkness(levels)
    share = under.mean(0)
    push = DARK / levels.shape[1] * (share.mean() < DARK_GOAL) + USED * (share < 0.25) - USED * (share > 0.8)
    return np.asarray(push * under * (1 - under) / SOFT - USED * (levels.mean(0) < 0.12), np.float64)


def _contrast(levels: Array) -> Array:
    """Of the 90th less the 10th percentile of each window."""
    windows = len(levels) // WINDOW
    some = levels[: windows * WINDOW].reshape(windows, WINDOW, -1)
    order = np.argsort(some, axis=1)
    slope = np.zeros_like(levels)
    high, low = order[:, -3:-2], order[:, 2:3]
    spread = np.take_along_axis(some, high, 1) - np.take_along_axis(some, low, 1)
    if spread.mean() < CONTRAST_GOAL:
        part = np.zeros_like(some)
        size = CONTRAST * WINDOW / levels.shape[1]
        np.put_along_axis(part, high, -size, 1)
        np.put_along_axis(part, low, size, 1)
        slope[: windows * WINDOW] = part.reshape(-1, levels.shape[1])
    return slope


def _fast(levels: Array) -> Array:
    light = levels**GAMMA
    growth = GAMMA * light / np.maximum(levels, _LEAST)
    channels = levels.shape[1]
    lamp = beyond(light, LAMP, _slow) / channels
    house = beyond(light.mean(1, keepdims=True), HOUSE, _slow) * 2 / channels
    even = beyond(levels.mean(1, keepdims=True), HOUSE, _slow) * 2 / channels
    return np.asarray(FAST * ((lamp + house) * growth + even), np.float64)


def _slow(light: Array) -> Array:
    return (np.roll(light, 1, axis=0) + 2 * light + np.roll(light, -1, axis=0)) / 4


def _likeness(levels: Array, told: Told) -> Array:
    """Of 1 less the correlation of how much seconds differ in light and in sound."""
    shape, spread, deviations = _seconds(levels)
    apart = distances(shape, shape)
    about = apart - apart.mean()
    size, other = np.linalg.norm(about) + _LEAST, np.linalg.norm(told.unlike) + _LEAST
    same = float((about * told.unlike).sum() / size / other)
    pull = (told.unlike / other - same * about / size) / size
    pull = -(pull - pull.mean()) / np.maximum(apart, 1e-3)
    np.fill_diagonal(pull, 0.0)
    by_shape = 2 * (pull.sum(1)[:, None] * shape - pull @ shape) / spread
    means, roots = np.split(by_shape, 2, axis=1)
    slope = np.zeros_like(levels)
    each = means[:, None] + roots[:, None] * deviations
    slope[: len(each) * SECOND] = each.reshape(-1, levels.shape[1]) / SECOND
    return LIKENESS * len(levels) * slope


def _seconds(values: Array) -> tuple[Array, Array, Array]:
    """Mean and standard deviation of each second, standardized (seconds, 2 k); by what they were divided; and how many
    standard deviations each step is from its second's mean (seconds, SECOND, k).
    """
    count = len(values) // SECOND
    each = values[: count * SECOND].reshape(count, SECOND, -1)
    mean = each.mean(1, keepdims=True)
    root = np.sqrt(each.var(1, keepdims=True) + 1e-5)
    both = np.concatenate([mean[:, 0], root[:, 0]], axis=1)
    spread = both.std(0) + 1e-2
    return (both - both.mean(0)) / spread, spread, (each - mean) / root
