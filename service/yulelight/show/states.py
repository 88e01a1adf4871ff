"""Which relays are on when, in a song that is known ahead: the states from which most of the music can be told.

At each stretch of the song (``stretches``) there are 2^channels patterns to choose from. The one is taken that costs
least, a sum over what follows, in seconds of the song:

- how far the sound is from what a watcher would read (``readout``) from this pattern and the ones before it. A light
  tells the same in every song;
- how far each channel's share of time on, over ``SLOW`` seconds, is from what its own level asks for. All channels
  together are on for ``lit`` of the time: darkness is the ground, and the louder the music the more light;
- ``reluctance`` for each light that changes; less where the song is loud, so that its climax moves;
- less for a light that has not changed for ``STALE`` seconds.

A pattern that breaks minimum times or the flash limit, of the house or of a channel, is no choice, and where a note
begins, one that brings no new light is a bad one.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from yulelight.safety.flash import MAX_TRANSITIONS, PLANNING_WINDOW, LuminanceHistory
from yulelight.show.look import LIVELY
from yulelight.show.readout import SECONDS, Reading, decay, leaky, mean_share, reading_of
from yulelight.show.stretches import Begin, Stretches

Array = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

SLOW = 0.7
SLOW_WEIGHT = 1.8
FAITHFUL_WEIGHT = 8.0
"""What the share of time on counts for a light that shows something by itself: a voice."""
CLIMB = 0.008
"""How much less a change costs where the song is louder by its own spread, in seconds of the song."""
STALE, STALE_WEIGHT = 5.0, 0.02
"""Seconds after which a light that has not changed should, and what each further second counts."""
_BAD, _NEVER = 1e6, 1e9
_AT_ONCE = 2048
_EARLY = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Wish:
    """What the states should tell. Arrays over n stretches."""

    sound: Array
    """(n, k): with a mean square of about 1, as far as lights can tell it."""
    share: Array
    """(n, channels): share of time that each channel should be on, as a leaky mean at the end of each stretch."""
    weight: Array
    """(channels,): what that share counts."""
    loud: Array
    """(n,): loudness in spreads about the song's median."""
    dark: Bools
    """(n,): nothing is to be lit: it is silent, or the music rests."""


def told(stretches: Stretches, sound: Array, levels: Array, audible: Bools) -> tuple[Array, Reading]:
    """The part of ``sound`` (n, k) that ``levels`` (n, channels) tell, and the song's own reading of it.

    The arrays are the means of each stretch; ``audible`` (n,). For models without a reading for all songs.
    """
    heard, seconds = _heard(audible), stretches.seconds
    even, own = _about_mean(sound, heard, seconds), _about_mean(levels, heard, seconds)
    tells = _told_by(own[heard], even[heard], seconds[heard])
    size = max(float(np.sqrt(np.average(np.square(even[heard]).sum(1), weights=seconds[heard]))), 1e-9)
    mean = np.average(levels[heard], axis=0, weights=seconds[heard])
    return own @ tells.T / size, reading_of(tells / size, mean)


def wish(
    stretches: Stretches,
    sound: Array,
    levels: Array,
    audible: Bools,
    *,
    loudness: Array | None = None,
    rests: Bools | None = None,
    faithful: int | None = None,
    lit: float = LIVELY.lit,
    climb: float = LIVELY.climb,
) -> Wish:
    """The wish of ``sound`` (n, k), which can be told, ``levels`` (n, channels) and ``loudness`` (n,) in dB, the means
    of each stretch.

    ``audible`` (n,): the others are dark; so are ``rests``. ``faithful``: a channel that is on whenever its level is
    up, for whatever share of the song that is. ``lit``, ``climb``: as of Look.
    """
    heard, seconds = _heard(audible), stretches.seconds
    loud = _spreads(loudness, heard) if loudness is not None else np.zeros(len(levels))
    mean = np.average(levels[heard], axis=0, weights=seconds[heard])
    share = leaky(levels, decay(seconds, SLOW)) / np.maximum(mean, 1e-6) * lit * np.exp(climb * loud)[:, None]
    weight = np.full(levels.shape[1], SLOW_WEIGHT)
    if faithful is not None:
        weight[faithful] = FAITHFUL_WEIGHT
        share[:, faithful] = leaky(np.asarray(levels > 0.5, np.float64), decay(seconds, SLOW))[:, faithful]
    return Wish(
        np.asarray(sound, np.float64),
        np.clip(share, 0.0, 0.95),
        weight,
        loud,
        ~audible if rests is None else ~audible | rests,
    )


def choose(
    stretches: Stretches,
    wanted: Wish,
    reading: Reading,
    *,
    minimum: tuple[float, float],
    reluctance: float,
    lit: float = LIVELY.lit,
) -> Bools:
    """The states (n, channels) of each stretch. ``minimum``: seconds on and off."""
    search = Search(wanted.share.shape[1], minimum=minimum, reluctance=reluctance, lit=lit)
    times = stretches.starts / stretches.rate
    return np.asarray(search.on(times, stretches.begins, stretches.seconds, wanted, reading) > 0.5, np.bool_)


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
    number: npt.NDArray[np.int_]
    """(patterns,): their bits."""

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
            number,
        )


_patterns = cache(_Patterns.of)


class Search:
    """The search as far as it has come: what it will choose next depends on this and on nothing else of the past."""

    def __init__(
        self, channels: int, *, minimum: tuple[float, float], reluctance: float, lit: float = LIVELY.lit
    ) -> None:
        self._patterns, self._reluctance = _patterns(channels), reluctance
        self._leaky, self._share = np.zeros(channels), np.full(channels, lit)
        self._lights, self._history, self._current = _Lights(channels, minimum), LuminanceHistory(), 0

    def on(
        self,
        times: Array,
        begins: npt.NDArray[np.intp],
        seconds: Array,
        wanted: Wish,
        reading: Reading,
    ) -> Array:
        """States (n, channels) of the next n stretches; given is of each when it begins, how, and its length."""
        patterns, channels = self._patterns, wanted.share.shape[1]
        costs = _Costs(seconds, wanted, reading, patterns)
        moving = (self._reluctance - CLIMB * wanted.loud).tolist()
        lights, current = self._lights, self._current
        chosen = np.zeros(len(times), np.intp)
        for k, (now, begin, dark) in enumerate(
            zip(times.tolist(), begins.tolist(), wanted.dark.tolist(), strict=True)
        ):
            new = 0
            if not dark:
                cost = costs.at(k, self._leaky, self._share) + moving[k] * patterns.changed[current]
                if begin == Begin.OFF:
                    cost += _BAD * patterns.comes_on[current]
                elif begin == Begin.ON:
                    cost += _BAD * ~patterns.comes_on[current]
                flips = patterns.number ^ current
                cost -= patterns.on[flips] @ lights.stale(now)
                cost[(flips & lights.held(now, current)) != 0] += _NEVER
                low, high = self._history.bounds(now)
                if low > 0 or high < 1:
                    lit = patterns.count / channels
                    cost[(lit < low - _EARLY) | (lit > high + _EARLY)] += _NEVER
                new = int(cost.argmin())
                if cost[new] >= _NEVER / 2:
                    new = current
            lights.change(new ^ current, now)
            current = new
            on = patterns.on[new]
            self._leaky = on + (self._leaky - on) * costs.leaky_left[k]
            self._share = on + (self._share - on) * costs.share_left[k]
            self._history = self._history.emit(float(patterns.count[new]) / channels, now)
            chosen[k] = new
        self._current = current
        return patterns.on[chosen]


class _Lights:
    """When each light changed last, and which may not change yet. Sets of channels are bits, as in ``_Patterns``."""

    def __init__(self, channels: int, minimum: tuple[float, float]) -> None:
        self._minimum = minimum
        self._changes: list[list[float]] = [[] for _ in range(channels)]

    def held(self, now: float, lit: int) -> int:
        """Channels, of which those of ``lit`` are on, that must stay as they are: by minimum time or flash limit."""
        held = 0
        for c, changes in enumerate(self._changes):
            least = self._minimum[0 if lit >> c & 1 else 1]
            young = changes and now - changes[-1] < least - _EARLY
            used_up = len(changes) == MAX_TRANSITIONS and now - changes[0] <= PLANNING_WINDOW
            if young or used_up:
                held |= 1 << c
        return held

    def stale(self, now: float) -> Array:
        """(channels,): what a change of each is worth because it has stood for long."""
        ages = [now - (changes[-1] if changes else 0.0) - STALE for changes in self._changes]
        return STALE_WEIGHT * np.maximum(ages, 0.0)

    def change(self, flips: int, now: float) -> None:
        """The channels of ``flips`` changed."""
        for c, changes in enumerate(self._changes):
            if flips >> c & 1:
                changes.append(now)
                del changes[:-MAX_TRANSITIONS]


class _Costs:
    """What each pattern costs in each stretch: |now x + leaky s + base - sound|² and the rest, multiplied out.

    All that does not depend on the states before is worked out for many stretches at once.
    """

    def __init__(self, seconds: Array, wanted: Wish, reading: Reading, patterns: _Patterns) -> None:
        self._seconds, self._wanted, self._patterns = seconds, wanted, patterns
        self._off = wanted.sound - reading.base
        self.leaky_left = decay(seconds, SECONDS).tolist()
        self.share_left = decay(seconds, SLOW).tolist()
        old = mean_share(seconds)
        self._fresh, self._new_share = 1 - old, 1 - decay(seconds, SLOW)
        self._now = patterns.on @ reading.now.T
        self._leaky = patterns.on @ reading.leaky.T
        self._before = np.concatenate(
            [self._now @ reading.leaky, self._leaky @ reading.leaky, patterns.on], axis=1
        )
        slow = 2 * seconds * self._new_share * decay(seconds, SLOW)
        self._factors = np.stack([2 * seconds * old, 2 * seconds * old * self._fresh, slow], axis=1)
        self._from, self._block = 0, np.empty((0, len(patterns.on)))

    def at(self, k: int, means: Array, share: Array) -> Array:
        """(patterns,) for stretch ``k``, before which the leaky means were ``means`` and ``share`` (channels,)."""
        if not 0 <= k - self._from < len(self._block):
            self._from, self._block = k, self._fixed(k, k + _AT_ONCE)
        first, second, slow = self._factors[k].tolist()
        past = self._before @ np.concatenate(
            [first * means, second * means, slow * self._wanted.weight * share]
        )
        return np.asarray(self._block[k - self._from] + past, np.float64)

    def _fixed(self, begin: int, end: int) -> Array:
        some = slice(begin, end)
        now, leaky, on = self._now, self._leaky, self._patterns.on
        fresh, new = self._fresh[some, None], self._new_share[some, None]
        off = self._off[some]
        reading = (
            (now * now).sum(1) + 2 * fresh * (now * leaky).sum(1) + fresh**2 * (leaky * leaky).sum(1)
        ) - 2 * (off @ now.T + fresh * (off @ leaky.T))
        weight = self._wanted.weight
        share = new * (new * (on @ weight) - 2 * (self._wanted.share[some] * weight) @ on.T)
        return np.asarray(self._seconds[some, None] * (reading + share), np.float64)


def _heard(audible: Bools) -> Bools:
    """The stretches that statistics are made of: the audible ones, or all if none is."""
    return audible if audible.any() else np.ones(len(audible), np.bool_)


def _about_mean(values: Array, heard: Bools, seconds: Array) -> Array:
    return np.asarray(values - np.average(values[heard], axis=0, weights=seconds[heard]), np.float64)


def _told_by(levels: Array, sound: Array, seconds: Array) -> Array:
    """(k, channels): the least squares reading of ``sound`` from ``levels``, both about their means."""
    weighed = (levels * seconds[:, None]).T
    gram = weighed @ levels
    shrink = (0.02 * np.trace(gram) / len(gram) + 1e-9) * np.eye(len(gram))
    return np.asarray(np.linalg.solve(gram + shrink, weighed @ sound).T, np.float64)


def _spreads(loudness: Array, heard: Bools) -> Array:
    known = loudness[heard]
    return np.asarray(np.clip((loudness - np.median(known)) / (known.std() + 1e-6), -2.5, 2.0), np.float64)
