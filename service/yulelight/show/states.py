"""Which relays are on when, in a song that is known ahead: the states from which most of the music can be told.

At each stretch of the song (``stretches``) there are 2^channels patterns to choose from. The one is taken that costs
least, a sum over what follows, in seconds of the song:

- how far the sound is from what a watcher would read (``afterglow``) from this pattern and the ones before it;
- how far each channel's share of time on, over ``SLOW`` seconds, is from what its own level asks for: so a channel
  keeps its meaning, and quiet parts differ from loud ones;
- how far the pattern is from those that stand where the song sounds alike (``likeness``);
- ``reluctance`` for each light that changes.

A pattern that breaks minimum times or the flash limit is no choice, and where a note begins, one that brings no new
light is a bad one. States and reading are fitted to each other in turns (Lloyd 1982, IEEE Trans. Inf. Theory 28, for
the idea); the first states are channels above their mean.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from yulelight.safety.flash import Field
from yulelight.show.neighbours import alike
from yulelight.show.readout import SECONDS, Reading, decay, fit, leaky, mean_share
from yulelight.show.stretches import Begin, Stretches

Array = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

TURNS = 4
"""Times that states and reading are fitted to each other."""
SLOW = 0.7
SLOW_WEIGHT = 0.3
SWING = 0.6
"""Share of time on that a channel gains when its level is higher by its own spread."""
ALIKE, ALIKE_APART, ALIKE_WEIGHT = 20, 4.0, 0.3
"""Moments that sound alike, seconds between them, and what they count."""
_BAD, _NEVER = 1e6, 1e9
_AT_ONCE = 2048
_EARLY = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Wish:
    """What the states should tell. Arrays over n stretches."""

    sound: Array
    """(n, k): with a mean square of 1."""
    share: Array
    """(n, channels): share of time that each channel should be on, as a leaky mean at the end of each stretch."""
    audible: Bools
    """(n,): a stretch that is not is dark."""
    twins: npt.NDArray[np.intp]
    """(n, count): stretches that sound alike."""


def wish(stretches: Stretches, sound: Array, levels: Array, audible: Bools) -> Wish:
    """The wish of ``sound`` (n, k) and ``levels`` (n, channels), the means of each stretch."""
    slow = leaky(_standard(levels, audible), decay(stretches.seconds, SLOW))
    even = sound - np.average(sound, axis=0, weights=stretches.seconds)
    even /= max(float(np.sqrt(np.square(even).sum(1).mean())), 1e-9)
    times = stretches.starts / stretches.rate
    context = np.concatenate([even, _around(even, stretches.seconds)], axis=1)
    return Wish(
        even, np.clip(0.5 + SWING * slow, 0.05, 0.95), audible, alike(context, times, ALIKE, ALIKE_APART)
    )


def choose(stretches: Stretches, wanted: Wish, *, minimum: tuple[float, float], reluctance: float) -> Bools:
    """The states (n, channels) of each stretch. ``minimum``: seconds on and off."""
    states = np.asarray(wanted.share > 0.5, np.float64)
    bias = np.zeros_like(states)
    for _ in range(TURNS):
        reading = fit(states, wanted.sound, stretches.seconds)
        states = _search(stretches, wanted, reading, bias, minimum=minimum, reluctance=reluctance)
        bias = ALIKE_WEIGHT * (2 * states[wanted.twins].mean(1) - 1) if wanted.twins.size else bias
    return np.asarray(states > 0.5, np.bool_)


@dataclass(frozen=True, slots=True, eq=False)
class _Patterns:
    """All patterns of so many channels: pattern p has channel c on where bit c of p is set."""

    on: Array
    """(patterns, channels) 0 or 1."""
    count: Array
    """(patterns,): channels that are on."""
    changed: Array
    """(patterns, patterns): channels that differ."""
    comes_on: Bools
    """(patterns, patterns): whether the second has a light that the first has not."""
    bits: tuple[tuple[bool, ...], ...]

    @classmethod
    def of(cls, channels: int) -> "_Patterns":
        number = np.arange(1 << channels)
        on = ((number[:, None] >> np.arange(channels)) & 1).astype(np.float64)
        count = on.sum(1)
        return cls(
            on,
            count,
            count[number[:, None] ^ number],
            (~number[:, None] & number) != 0,
            tuple(tuple(row) for row in on.astype(bool).tolist()),
        )


_patterns = cache(_Patterns.of)


def _search(
    stretches: Stretches,
    wanted: Wish,
    reading: Reading,
    bias: Array,
    *,
    minimum: tuple[float, float],
    reluctance: float,
) -> Array:
    """One pass through the song, each stretch as good as can be after those before it: states (n, channels)."""
    channels = wanted.share.shape[1]
    patterns = _patterns(channels)
    costs = _Costs(stretches.seconds, wanted, reading, bias, patterns)
    moving = reluctance * patterns.changed
    tables = {
        Begin.OFF: moving + _BAD * patterns.comes_on,
        Begin.ANY: moving,
        Begin.ON: moving + _BAD * ~patterns.comes_on,
    }
    glow, share = np.zeros(channels), np.full(channels, 0.5)
    since, field, current = [float("-inf")] * channels, Field(), 0
    chosen = np.zeros(len(stretches.starts), np.intp)
    full = float(channels)
    times = (stretches.starts / stretches.rate).tolist()
    for k, (now, begin, heard) in enumerate(
        zip(times, stretches.begins.tolist(), wanted.audible.tolist(), strict=True)
    ):
        new = 0
        if heard:
            cost = costs.at(k, glow, share) + tables[begin][current]
            for c, lit in enumerate(patterns.bits[current]):
                if now - since[c] < minimum[0 if lit else 1] - _EARLY:
                    cost[patterns.on[:, c] != lit] += _NEVER
            low, high = field.bounds(now)
            if low > 0 or high < 1:
                cost[(patterns.count < low * full - _EARLY) | (patterns.count > high * full + _EARLY)] += (
                    _NEVER
                )
            new = int(cost.argmin())
            if cost[new] >= _NEVER / 2:
                new = current
        for c in range(channels):
            if (new ^ current) >> c & 1:
                since[c] = now
        current = new
        on = patterns.on[new]
        glow = on + (glow - on) * costs.glow_left[k]
        share = on + (share - on) * costs.share_left[k]
        field = field.emit(float(patterns.count[new]) / full, now)
        chosen[k] = new
    return patterns.on[chosen]


class _Costs:
    """What each pattern costs in each stretch: |now x + glow s + base - sound|² and the rest, multiplied out.

    All that does not depend on the states before is worked out for many stretches at once.
    """

    def __init__(
        self, seconds: Array, wanted: Wish, reading: Reading, bias: Array, patterns: _Patterns
    ) -> None:
        self._seconds, self._wanted, self._bias, self._patterns = seconds, wanted, bias, patterns
        self._off = wanted.sound - reading.base
        self.glow_left = decay(seconds, SECONDS).tolist()
        self.share_left = decay(seconds, SLOW).tolist()
        old = mean_share(seconds)
        self._fresh, self._new_share = 1 - old, 1 - decay(seconds, SLOW)
        self._now = patterns.on @ reading.now.T
        self._glow = patterns.on @ reading.glow.T
        self._before = np.concatenate(
            [self._now @ reading.glow, self._glow @ reading.glow, patterns.on], axis=1
        )
        slow = 2 * SLOW_WEIGHT * seconds * self._new_share * decay(seconds, SLOW)
        self._factors = np.stack([2 * seconds * old, 2 * seconds * old * self._fresh, slow], axis=1)
        self._from, self._block = 0, np.empty((0, len(patterns.on)))

    def at(self, k: int, glow: Array, share: Array) -> Array:
        """(patterns,) for stretch ``k``, before which the leaky means were ``glow`` and ``share`` (channels,)."""
        if not 0 <= k - self._from < len(self._block):
            self._from, self._block = k, self._fixed(k, k + _AT_ONCE)
        first, second, slow = self._factors[k].tolist()
        past = self._before @ np.concatenate([first * glow, second * glow, slow * share])
        return np.asarray(self._block[k - self._from] + past, np.float64)

    def _fixed(self, begin: int, end: int) -> Array:
        some = slice(begin, end)
        now, glow, on = self._now, self._glow, self._patterns.on
        fresh, new = self._fresh[some, None], self._new_share[some, None]
        off = self._off[some]
        reading = (
            (now * now).sum(1) + 2 * fresh * (now * glow).sum(1) + fresh**2 * (glow * glow).sum(1)
        ) - 2 * (off @ now.T + fresh * (off @ glow.T))
        share = new * (new * self._patterns.count - 2 * self._wanted.share[some] @ on.T)
        return np.asarray(
            self._seconds[some, None] * (reading + SLOW_WEIGHT * share - self._bias[some] @ on.T), np.float64
        )


def _standard(values: Array, audible: Bools) -> Array:
    heard = values[audible] if audible.any() else values
    return np.asarray((values - heard.mean(0)) / (heard.std(0) + 1e-6), np.float64)


def _around(values: Array, seconds: Array) -> Array:
    """What is heard around each stretch: the leaky means of before and after."""
    left = decay(seconds, 0.3)
    return (leaky(values, left) + leaky(values[::-1], left[::-1])[::-1]) / 2
