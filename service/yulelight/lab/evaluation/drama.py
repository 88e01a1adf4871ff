"""Metrics for a song's large-scale form: darkness, rests, movement, and whether brightness follows loudness.

Lights are (frames, channels) at ``rate`` frames a second. Seconds more than HEARD_DB under the
loudest one are left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from scipy.stats import spearmanr

from yulelight.lab.evaluation.arrays import Array, Bools, pulses

HEARD_DB = 40.0
WINDOW = 2
"""Seconds within which contrast is measured, and in which something should change."""
DARK = 0.2
"""A level below it is dark."""
REST = 0.3
"""Seconds for which all lights are off in a rest."""
LONG = 8.0
"""Seconds for which a light that does not change is frozen."""
SMOOTHED = 7
"""Seconds over which loudness and light are smoothed before they are compared."""
MOMENT, MOMENT_DB, NEAR = 4.0, 5.0, 1.5
"""A loudness change of so many dB between two adjacent periods of so many seconds is a moment, and the maximum
distance in seconds of a section from it."""


@dataclass(frozen=True, slots=True)
class Drama:
    """The figures; NaN where there is nothing to measure."""

    on: float
    """Share of the time for which an on/off light is on."""
    dark: float
    """Share of the time in which a channel's level is under DARK."""
    contrast: float
    """90th less 10th percentile of a level within WINDOW seconds."""
    rests: float
    """Times a minute at which all on/off lights are off for REST seconds or longer."""
    frozen: float
    """Share of the channels' time in on/off states that last LONG seconds or longer."""
    still: float
    """Share of windows of WINDOW seconds in which no on/off light changes."""
    pause: float
    """Longest time without any change, seconds."""
    climax: float
    """Changes per second in the loudest fifth of the seconds, divided by those of the whole song."""
    span: float
    """Mean level of the loudest fifth of the seconds minus that of the quietest two fifths."""
    dynamics: float
    """Rank correlation of loudness and mean level."""


@dataclass(frozen=True, eq=False)
class _Seconds:
    """A show cut into the ``count`` whole seconds that it and its song have in common."""

    rms: Array
    rms_rate: float
    rate: float
    frames: int

    @cached_property
    def count(self) -> int:
        return int(min(self.frames / self.rate, len(self.rms) / self.rms_rate))

    def mean(self, values: Array, rate: float) -> Array:
        """Mean of ``values`` (n,) in each second."""
        return np.array([values[int(k * rate) : int((k + 1) * rate)].mean() for k in range(self.count)])

    @cached_property
    def loudness(self) -> Array:
        return self.mean(20 * np.log10(self.rms + 1e-6), self.rms_rate)

    @cached_property
    def heard(self) -> Bools:
        return np.asarray(self.loudness > self.loudness.max() - HEARD_DB, np.bool_)

    @cached_property
    def volume(self) -> Array:
        """Loudness of the seconds that are heard, smoothed."""
        return self.evened(self.loudness)

    def evened(self, values: Array) -> Array:
        kernel = np.hanning(SMOOTHED + 2)[1:-1]
        return np.asarray(np.convolve(values, kernel / kernel.sum(), "same")[self.heard], np.float64)


def drama(rms: Array, rms_rate: float, levels: Array, on: Bools, rate: float) -> Drama:
    """The figures of ``levels`` 0..1 and states ``on`` for a song of this ``rms`` (n,) at ``rms_rate`` a second."""
    seconds = _Seconds(rms, rms_rate, rate, len(levels))
    if seconds.count <= SMOOTHED:
        return Drama(*[float("nan")] * 10)
    heard = seconds.heard
    mask = np.repeat(heard, int(rate))[: len(on)]
    first, last = int(np.argmax(heard) * rate), int((seconds.count - np.argmax(heard[::-1])) * rate)
    part = on[first:last]
    moves = np.flatnonzero(np.diff(part.astype(int), axis=0).any(1)) / rate
    length = len(part) / rate
    top = seconds.volume >= np.quantile(seconds.volume, 0.8)
    low = seconds.volume <= np.quantile(seconds.volume, 0.4)
    mean = seconds.mean(levels.mean(1), rate)
    return Drama(
        on=float(part.mean()),
        dark=float((levels[: len(mask)][mask] < DARK).mean()),
        contrast=_contrast(levels, rate, seconds),
        rests=_rests(part, rate) / (length / 60),
        frozen=_frozen(on, mask, rate),
        still=_still(moves, length),
        pause=float(np.diff(np.concatenate([[0], moves, [length]])).max()),
        climax=_climax(on, rate, seconds, top),
        span=float(mean[heard][top].mean() - mean[heard][low].mean()),
        dynamics=float(spearmanr(seconds.volume, seconds.evened(mean))[0]) if np.ptp(mean) else float("nan"),
    )


def moments(rms: Array, rate: float, sections: Sequence[float]) -> float:
    """Share of the song's sudden loudness changes that are near a section boundary; NaN if there are none."""
    found = sudden(rms, rate)
    if not found:
        return float("nan")
    starts = np.array([start for start in sections if start > 0])
    return float(np.mean([len(starts) > 0 and np.abs(starts - moment).min() <= NEAR for moment in found]))


def sudden(rms: Array, rate: float) -> list[float]:
    """Seconds at which the mean loudness of MOMENT seconds differs most from that of the MOMENT before."""
    decibels = 20 * np.log10(rms + 1e-5)
    decibels = np.maximum(decibels, decibels.max() - 50)
    size = int(MOMENT * rate)
    sums = np.concatenate([[0.0], np.cumsum(decibels)])
    middle = np.arange(size, len(decibels) - size)
    if not len(middle):
        return []
    step = (sums[middle + size] - 2 * sums[middle] + sums[middle - size]) / size
    found: list[int] = []
    for k in np.argsort(-np.abs(step)):
        if abs(step[k]) < MOMENT_DB:
            break
        if all(abs(int(middle[k]) - other) > 2 * MOMENT * rate for other in found):
            found.append(int(middle[k]))
    return [at / rate for at in found if at / rate > 3]


def _contrast(levels: Array, rate: float, seconds: _Seconds) -> float:
    spans = [
        float(
            np.subtract(
                *np.quantile(levels[int(k * rate) : int((k + WINDOW) * rate)], (0.9, 0.1), axis=0)
            ).mean()
        )
        for k in range(seconds.count - WINDOW)
        if seconds.heard[k]
    ]
    return float(np.mean(spans)) if spans else float("nan")


def _rests(on: Bools, rate: float) -> int:
    starts, ends = pulses(np.asarray(~on.any(1), np.bool_))
    return int(((ends - starts) / rate >= REST).sum())


def _frozen(on: Bools, mask: Bools, rate: float) -> float:
    frozen = total = 0
    for channel in on.T:
        edges = np.concatenate([[0], np.flatnonzero(np.diff(channel.astype(int))) + 1, [len(channel)]])
        for begin, end in pairwise(edges.tolist()):
            heard = int(mask[begin:end].sum())
            total += heard
            frozen += heard if (end - begin) / rate >= LONG else 0
    return frozen / max(total, 1)


def _still(moves: Array, length: float) -> float:
    starts = np.arange(0, max(length - WINDOW, 0.5), 0.5)
    following = np.append(moves, np.inf)[np.searchsorted(moves, starts)]
    return float((following >= starts + WINDOW).mean())


def _climax(on: Bools, rate: float, seconds: _Seconds, top: Bools) -> float:
    changes = np.concatenate([[0], np.abs(np.diff(on.astype(int), axis=0)).sum(1)])
    by_second = [changes[int(k * rate) : int((k + 1) * rate)].sum() for k in range(seconds.count)]
    heard = np.array(by_second, np.float64)[seconds.heard]
    return float(heard[top].mean() / max(heard.mean(), 1e-9))
