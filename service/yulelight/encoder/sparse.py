"""From a model's codes to levels that leave most lights dark.

Codes are about half up most of the time; a house lit like that has nothing to say with light. A small network, the
same for all songs, turns them into levels from which as much of the music can be read by one fixed linear reading,
yet of which half are dark (``lab/training/sparse.py`` learns it). Frame by frame, so live light has it, too.

What of a song is the same from its beginning to its end is taken out first: each channel's mean, and one scale for all
channels, so that a quiet song and one of few dynamics are lit like others. Channels are not stretched one by one:
then a light would mean another thing in every song.

A model file carries it as the property ``yulelight.sparse``: a JSON object of the arrays below. Models without it are
shown as they are.
"""

import json
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from yulelight.core.errors import ModelError
from yulelight.core.messages import CHANNELS

Array = npt.NDArray[np.float32]

MOST_UNITS = 256
MAX_WEIGHT = 1000.0
"""Of a number: so nothing overflows."""
LEAST = 1e-4
"""Of a mean square, in (100 dB)²: what does not move is not made to."""
PRIOR, MEMORY, SCALE = 60.0, 300.0, 2.0
"""Seconds of a stream: an average that moves changes what lights mean while a song goes on, which costs more than one
that is not quite the song's. The prior of the mean square is longer by the last."""
LATELY, FAR = 6.0, 0.05
"""Where the mean of these last seconds differs from the average by more than the second, in 100 dB, less counts, by the
sixth power."""
MAX_LENGTH = 200_000
"""Characters of the property."""


@dataclass(frozen=True, slots=True, eq=False)
class Average:
    """What a song, or what was heard of it, is like throughout."""

    mean: Array
    """(channels,) of the codes."""
    square: float
    """Mean square of the spectrum that they decode to, about a fixed mean, in (100 dB)²."""


@dataclass(frozen=True, slots=True, eq=False)
class Sparse:
    """levels = sigmoid(x @ direct + bias + relu(x @ into + offset) @ out), x the codes about their average."""

    direct: Array
    """(channels, channels)."""
    bias: Array
    """(channels,)."""
    into: Array
    """(channels, units)."""
    offset: Array
    """(units,)."""
    out: Array
    """(units, channels)."""
    spread: Array
    """(channels + 1, channels + 1): codes, and a 1 behind them, times it times themselves is the mean square."""
    usual: Array
    """(channels + 1,): the Average of the songs it was learnt from, mean and square."""

    def squares(self, codes: Array) -> Array:
        """(...): the mean square of the spectrum of each of ``codes`` (..., channels), in (100 dB)²."""
        known = np.concatenate([codes, np.ones((*codes.shape[:-1], 1), np.float32)], axis=-1)
        return np.asarray(np.maximum(((known @ self.spread) * known).sum(-1), LEAST), np.float32)

    def average(self, codes: Array) -> Average:
        """Of the ``codes`` (n, channels) of what is heard; of no codes, what is usual."""
        if not len(codes):
            return self.usually()
        return Average(codes.mean(0, dtype=np.float64).astype(np.float32), float(self.squares(codes).mean()))

    def usually(self) -> Average:
        """What a song is like of which nothing is known."""
        return Average(self.usual[:-1], max(float(self.usual[-1]), LEAST))

    def levels(self, codes: Array, average: Average, rest: Array) -> Array:
        """Levels (..., channels) in [0, 1] of ``codes`` (..., channels); those of silence, ``rest``, are dark."""
        silent = self._shown(rest, average)
        shown = self._shown(codes, average)
        return np.asarray(np.clip((shown - silent) / np.maximum(1 - silent, 1e-3), 0, 1), np.float32)

    def _shown(self, codes: Array, average: Average) -> Array:
        x = (codes - average.mean) / np.float32(np.sqrt(average.square))
        hidden = np.maximum(x @ self.into + self.offset, 0)
        return _sigmoid(x @ self.direct + self.bias + hidden @ self.out)

    def to_json(self) -> str:
        """As a model's property."""
        return json.dumps({one.name: np.round(getattr(self, one.name), 6).tolist() for one in fields(self)})


class Hearing:
    """The Average of a stream of ``rate`` frames a second: at first of what is usual, then of what is heard.

    ``prior`` and ``memory`` in seconds: for how many the usual counts, and how many count at most; fewer where the
    sound is ``far`` from the average, as after a change of volume.
    """

    def __init__(
        self,
        sparse: Sparse,
        rate: float,
        *,
        prior: float = PRIOR,
        memory: float = MEMORY,
        far: float = FAR,
    ) -> None:
        self._sparse, self._rate, self._memory, self._far = sparse, rate, memory, far
        self._known, self._scaled = prior * rate, SCALE * prior * rate
        self.average = sparse.usually()
        self._lately = self.average.mean.copy()

    def levels(self, codes: Array, rest: Array, *, heard: bool) -> Array:
        """Levels (channels,) of the next frame, which counts where it is ``heard``; ``rest`` as of Sparse.levels."""
        if heard:
            self.add(codes)
        return self._sparse.levels(codes, self.average, rest)

    def add(self, codes: Array) -> None:
        """One frame (channels,) that is heard."""
        mean, before = self.average.mean, self.average.square
        self._lately += (codes - self._lately) / np.float32(LATELY * self._rate)
        away = self._lately - mean
        far = float(away @ self._sparse.spread[:-1, :-1] @ away) / self._far**2
        most = self._memory / max(1.0, far**3)
        self._known = min(self._known + 1, most * self._rate)
        self._scaled = min(self._scaled + 1, self._memory * self._rate)
        part = 1 / max(self._known, 1.0)
        square = float(self._sparse.squares(codes))
        self.average = Average(
            mean + (codes - mean) * np.float32(part), before + (square - before) / self._scaled
        )


def parse(text: str) -> Sparse:
    """What ``to_json`` wrote. Raises ModelError, without the file's name, for anything else."""
    try:
        if len(text) > MAX_LENGTH:
            raise ValueError
        found = json.loads(text)
        arrays = {one.name: array_of(found[one.name]) for one in fields(Sparse)}
        units = len(arrays["offset"])
        shapes = {
            "direct": (CHANNELS, CHANNELS),
            "bias": (CHANNELS,),
            "into": (CHANNELS, units),
            "offset": (units,),
            "out": (units, CHANNELS),
            "spread": (CHANNELS + 1, CHANNELS + 1),
            "usual": (CHANNELS + 1,),
        }
        if units > MOST_UNITS or any(arrays[name].shape != shape for name, shape in shapes.items()):
            raise ValueError
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError) as error:
        raise ModelError(
            "has a property yulelight.sparse that is not what it must be; export it again"
        ) from error
    return Sparse(**arrays)


def array_of(values: Any) -> Array:
    """An array of finite numbers from JSON; raises ValueError or TypeError for anything else."""
    array = np.array(values, np.float32)
    if not np.isfinite(array).all() or np.abs(array).max(initial=0.0) > MAX_WEIGHT:
        raise ValueError
    return array


def _sigmoid(values: npt.NDArray[np.floating]) -> Array:
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -60, 60))), np.float32)
