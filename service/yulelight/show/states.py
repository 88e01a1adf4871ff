"""Which relays are on when, in a song that is known ahead: the states from which most of the music can be told.

At each stretch of the song (``stretches``) there are 2^channels patterns to choose from. What each costs is a sum over
what follows, in seconds of the song:

- how far the sound is from what a watcher would read (``readout``) from this pattern and the ones before it. A light
  tells the same in every song;
- how far each channel's share of time on, over ``SLOW`` seconds, is from what its own level asks for. All channels
  together are on for ``lit`` of the time: darkness is the ground, and the louder the music the more light;
- ``reluctance`` for each light that changes; less where the song is loud, so that its climax moves;
- less for a light that has not changed for ``STALE`` seconds.

A pattern that breaks minimum times or the flash limit, of the house or of a channel, is no choice, and where a note
begins, one that brings no new light is a bad one.

A pattern that is good now may leave only bad ones for the next notes. So not only the best way through the song is
followed, but the best ones to each of WIDTH patterns (a beam search, as in speech recognition: Ney and Ortmanns 2000,
Proc. IEEE 88).
"""

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from yulelight.safety.flash import MAX_TRANSITIONS, PLANNING_WINDOW, LuminanceHistory
from yulelight.show.look import LIVELY
from yulelight.show.readout import SECONDS, Reading, decay, leaky, mean_share, reading_of
from yulelight.show.stretches import Begin, Stretches

Array = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

SLOW = 0.7
SLOW_WEIGHT = 2.4
FAITHFUL_WEIGHT = 8.0
"""What the share of time on counts for a light that shows something by itself: a voice."""
CLIMB = 0.008
"""How much less a change costs where the song is louder by its own spread, in seconds of the song."""
STALE, STALE_WEIGHT = 5.0, 0.02
"""Seconds after which a light that has not changed should, and what each further second counts."""
WIDTH = 12
"""Ways through a song that are followed at once; with 1, as live, each pattern is chosen by what is best at once."""
_BAD = 1e6
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
    channels = wanted.share.shape[1]
    search = Search(channels, minimum=minimum, reluctance=reluctance, lit=lit, width=WIDTH)
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
        self,
        channels: int,
        *,
        minimum: tuple[float, float],
        reluctance: float,
        lit: float = LIVELY.lit,
        width: int = 1,
    ) -> None:
        self._patterns, self._reluctance, self._width = _patterns(channels), reluctance, width
        self._ways = _Ways.begin(channels, minimum, lit)

    def on(
        self,
        times: Array,
        begins: npt.NDArray[np.intp],
        seconds: Array,
        wanted: Wish,
        reading: Reading,
    ) -> Array:
        """States (n, channels) of the next n stretches; given is of each when it begins, how, and its length."""
        costs = _Costs(seconds, wanted, reading, self._patterns)
        moving = (self._reluctance - CLIMB * wanted.loud).tolist()
        ways, steps = self._ways, []
        for k, (now, dark) in enumerate(zip(times.tolist(), wanted.dark.tolist(), strict=True)):
            if dark:
                step = _Step(np.array([ways.cost.argmin()]), np.zeros(1, np.intp), np.zeros(1))
            else:
                cost = costs.at(k, ways.leaky, ways.share) + moving[k] * self._patterns.changed[ways.current]
                step = self._best(self._possible(ways, cost + self._wrong(ways, int(begins[k])), now))
            steps.append(step)
            ways = ways.gone(step, self._patterns, costs.left(k), now)
        last = int(ways.cost.argmin())
        self._ways = ways.only(last)
        patterns = np.zeros(len(steps), np.intp)
        for k in range(len(steps) - 1, -1, -1):
            patterns[k], last = steps[k].chosen[last], steps[k].before[last]
        return self._patterns.on[patterns]

    def _wrong(self, ways: "_Ways", begin: int) -> Array:
        """(ways, patterns): what it costs to bring a new light where none may come on, or none where a note begins."""
        comes_on = self._patterns.comes_on[ways.current]
        match begin:
            case Begin.OFF:
                return np.where(comes_on, _BAD, 0.0)
            case Begin.ON:
                return np.where(comes_on, 0.0, _BAD)
        return np.zeros(comes_on.shape)

    def _possible(self, ways: "_Ways", cost: Array, now: float) -> Array:
        """(ways, patterns): what it costs in all to go on with each pattern, infinite for those that may not be."""
        patterns = self._patterns
        flips = patterns.number ^ ways.current[:, None]
        cost = cost + ways.cost[:, None]
        stale = ways.stale(now)
        if stale.any():
            cost -= np.take_along_axis(stale @ patterns.on.T, flips, axis=1)
        never = (flips & ways.held(now)[:, None]) != 0
        lit = patterns.count / patterns.on.shape[1]
        for k, history in enumerate(ways.histories):
            low, high = history.bounds(now)
            if low > 0 or high < 1:
                never[k] |= (lit < low - _EARLY) | (lit > high + _EARLY)
        cost[never] = np.inf
        stuck = never.all(1)
        cost[stuck, ways.current[stuck]] = ways.cost[stuck]
        return cost

    def _best(self, cost: Array) -> "_Step":
        """The best of the ways to go on, all of which end in different patterns."""
        before = cost.argmin(0)
        least = cost[before, np.arange(len(before))]
        chosen = np.argsort(least, kind="stable")[: self._width]
        chosen = chosen[least[chosen] <= least[chosen[0]] + _BAD / 2]
        return _Step(before[chosen], chosen, least[chosen] - least[chosen[0]])


class _Step(NamedTuple):
    """How the ways go on. Arrays (m,)."""

    before: npt.NDArray[np.intp]
    """Which way each goes on from."""
    chosen: npt.NDArray[np.intp]
    """With which pattern."""
    cost: Array
    """More than that of the best."""


@dataclass(frozen=True, slots=True, eq=False)
class _Ways:
    """The best ways through the song so far. Arrays over m ways, no two of which have now the same pattern."""

    minimum: tuple[float, float]
    current: npt.NDArray[np.intp]
    """(m,): the pattern."""
    cost: Array
    """(m,): of the past, more than that of the best way."""
    leaky: Array
    """(m, channels): leaky means of the states, as of Reading."""
    share: Array
    """(m, channels): the same over SLOW."""
    changes: Array
    """(m, channels, MAX_TRANSITIONS): when each light changed, oldest first."""
    histories: tuple[LuminanceHistory, ...]
    """Of the house."""

    @classmethod
    def begin(cls, channels: int, minimum: tuple[float, float], lit: float) -> "_Ways":
        return cls(
            minimum,
            np.zeros(1, np.intp),
            np.zeros(1),
            np.zeros((1, channels)),
            np.full((1, channels), lit),
            np.full((1, channels, MAX_TRANSITIONS), -np.inf),
            (LuminanceHistory(),),
        )

    def held(self, now: float) -> npt.NDArray[np.int_]:
        """(m,): as bits, channels that must stay as they are: by minimum time or flash limit."""
        bits = 1 << np.arange(self.share.shape[1])
        lit = (self.current[:, None] & bits) > 0
        young = now - self.changes[:, :, -1] < np.where(lit, *self.minimum) - _EARLY
        used_up = now - self.changes[:, :, 0] <= PLANNING_WINDOW
        return np.asarray((young | used_up) @ bits, np.int_)

    def stale(self, now: float) -> Array:
        """(m, channels): what a change of each is worth because it has stood for long."""
        ages = now - np.maximum(self.changes[:, :, -1], 0.0) - STALE
        return np.asarray(STALE_WEIGHT * np.maximum(ages, 0.0), np.float64)

    def gone(self, step: _Step, patterns: _Patterns, left: tuple[float, float], now: float) -> "_Ways":
        """After ``step``; of the leaky means, and of those over SLOW, so much is ``left``."""
        on, before = patterns.on[step.chosen], step.before
        changes, changed = self.changes[before], on != patterns.on[self.current[before]]
        later = np.concatenate([changes[:, :, 1:], np.full((*on.shape, 1), now)], axis=2)
        lit = (patterns.count[step.chosen] / on.shape[1]).tolist()
        return _Ways(
            self.minimum,
            step.chosen,
            step.cost,
            on + (self.leaky[before] - on) * left[0],
            on + (self.share[before] - on) * left[1],
            np.where(changed[:, :, None], later, changes),
            tuple(self.histories[k].emit(light, now) for k, light in zip(before.tolist(), lit, strict=True)),
        )

    def only(self, one: int) -> "_Ways":
        """That one alone."""
        some = slice(one, one + 1)
        return _Ways(
            self.minimum,
            self.current[some],
            np.zeros(1),
            self.leaky[some],
            self.share[some],
            self.changes[some],
            self.histories[some],
        )


class _Costs:
    """What each pattern costs in each stretch: |now x + leaky s + base - sound|² and the rest, multiplied out.

    All that does not depend on the states before is worked out for many stretches at once.
    """

    def __init__(self, seconds: Array, wanted: Wish, reading: Reading, patterns: _Patterns) -> None:
        self._seconds, self._wanted, self._patterns = seconds, wanted, patterns
        self._off, self._slowly = wanted.sound - reading.base, reading.leaky
        self._leaky_left, self._share_left = decay(seconds, SECONDS), decay(seconds, SLOW)
        self._old = old = mean_share(seconds)
        self._fresh, self._new_share = 1 - old, 1 - self._share_left
        self._now = patterns.on @ reading.now.T
        self._leaky = patterns.on @ reading.leaky.T
        self._before = np.concatenate(
            [self._now @ reading.leaky, self._leaky @ reading.leaky, patterns.on], axis=1
        )
        slow = 2 * seconds * self._new_share * self._share_left
        self._factors = np.stack([2 * seconds * old, 2 * seconds * old * self._fresh, slow], axis=1)
        self._from, self._block = 0, np.empty((0, len(patterns.on)))

    def left(self, k: int) -> tuple[float, float]:
        """Share of the leaky means, and of those over SLOW, that is left after stretch ``k``."""
        return float(self._leaky_left[k]), float(self._share_left[k])

    def at(self, k: int, means: Array, share: Array) -> Array:
        """(m, patterns) for stretch ``k``, before which the leaky means were ``means`` and ``share`` (m, channels)."""
        if not 0 <= k - self._from < len(self._block):
            self._from, self._block = k, self._fixed(k, k + _AT_ONCE)
        first, second, slow = self._factors[k].tolist()
        weight, asked = self._wanted.weight, self._wanted.share[k]
        past = np.concatenate([first * means, second * means, slow * weight * share], axis=1)
        told, kept = self._old[k] * (means @ self._slowly.T), self._share_left[k] * share
        alone = (told * (told - 2 * self._off[k])).sum(1) + (kept * (kept - 2 * asked)) @ weight
        return np.asarray(
            self._block[k - self._from] + past @ self._before.T + self._seconds[k] * alone[:, None],
            np.float64,
        )

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
