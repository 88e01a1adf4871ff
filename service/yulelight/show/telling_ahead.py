"""Adjusts the levels of a stream so that more of the sound can be read from them: ``telling`` while it goes on.

What was shown stays; what is known to come is adjusted to it by the same descent, a few rounds at each decision, which
go on from where the last ones ended. What the whole song says there, the past says here: each channel's mean level, how
dark it was and with how much contrast, and the seconds of the last minutes, to which new ones are to be as like in
light as they are in sound.
"""

from collections import deque
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from yulelight.encoder.meaning import LAGS, Meaning
from yulelight.safety.physics import GAMMA
from yulelight.show.descent import (
    FRAMES,
    SOFT,
    beyond,
    changed,
    darkness,
    descended,
    distances,
    in_steps,
    places,
)
from yulelight.show.telling import (
    AT_ONCE,
    CONTRAST,
    DARK,
    FAST,
    HOUSE,
    LAMP,
    LIKENESS,
    READ,
    SECOND,
    USED,
    WINDOW,
)

Array = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]

ROUNDS, RATE = 6, 0.15
"""At each decision."""
DARK_GOAL, CONTRAST_GOAL = 0.46, 0.45
WITHIN = 0.03
"""Each is pursued less and less within this around its goal."""
USUAL = 0.3
"""The mean level at first."""
REMEMBERED = (60, 640)
"""Steps for which it counts, and most steps that count, for mean levels."""
AVERAGED = 300.0
"""Steps over which darkness and contrast are averaged."""
SECONDS = 90
"""Seconds that are compared with new ones."""
FEWEST = 8
"""Of them, from which on they are."""
MOVES, STILL = 0.2, 0.3
"""Mean square of a sound's deviations from which on it moves as music does, and share of that below which its seconds
are not compared: noise has a twentieth of it."""
BEFORE = WINDOW + LAGS
"""Steps before those that are adjusted on which their light depends."""
_LEAST = 1e-9


class TellingAhead:
    """Steps of FRAMES frames of a stream of which frame ``start`` is the first."""

    def __init__(self, channels: int, meaning: Meaning, start: int = 0) -> None:
        self._lags, self._at_once = meaning.lags.astype(np.float64), meaning.at_once.astype(np.float64)
        self._mean, self._known = np.full(channels, USUAL), REMEMBERED[0]
        self._dark, self._contrast = np.full(channels, DARK_GOAL), CONTRAST_GOAL
        self._done = -(-start // FRAMES)
        """Number of steps that are shown: they no longer change."""
        self._light, self._sound = np.full((BEFORE, channels), USUAL), np.zeros((BEFORE, channels))
        """Of the last of them."""
        self._place = np.zeros((0, channels))
        """Of the next, as far as they were adjusted: their levels before the sigmoid."""
        self._seconds: deque[tuple[Array, Array]] = deque(maxlen=SECONDS)
        """Sound and light of each."""
        self._changes, self._first = np.zeros((0, channels)), self._done
        """By how much steps from the ``_first`` on are changed."""

    def forget(self) -> None:
        """What is not shown yet does not come after all."""
        self._place = self._place[:0]
        self._changes = self._changes[: self._done - self._first]

    def told(
        self,
        levels: Floats,
        sounds: tuple[Floats, Floats],
        gate: Floats,
        *,
        first: int,
        until: int,
        free: Array,
    ) -> Floats:
        """``levels`` (n, channels) of the frames from ``first`` on, adjusted; those before frame ``until`` are shown.

        ``sounds`` (n, channels): as of ``Meaning.sound_of``, about the stream's average and about one that stays.
        ``gate`` (n,) is 0 in silence, which is dark. ``free`` (channels,) as of Told.
        """
        levels = levels * gate[:, None]
        begin = max(0, self._done * FRAMES - first)
        opened = in_steps(gate[begin:, None])
        own = in_steps(levels[begin:])
        due = min(len(own), (until - 1 + FRAMES // 2) // FRAMES + 1 - self._done)
        if due > 0:
            about, fixed = (in_steps(sound[begin:]) for sound in sounds)
            made = self._adjusted(own, about, fixed, opened, free)
            self._changes = np.concatenate([self._changes[: self._done - self._first], made - own])
            self._show(made[:due], fixed[:due], opened[:due, 0] > 0.5)
        if not len(self._changes):
            return levels
        told = changed(levels, self._changes, first=first, step=self._first)
        old = min(max(0, first // FRAMES - 1 - self._first), self._done - self._first)
        self._changes, self._first = self._changes[old:], self._first + old
        return told

    def _adjusted(self, levels: Array, sound: Array, fixed: Array, gate: Array, free: Array) -> Array:
        place = places(levels)
        known = self._place[: len(place)]
        place[: len(known)] = known
        moves = min(1.0, float(np.square(fixed - fixed.mean(0)).sum(1).mean()) / MOVES)
        alike = self._alike(fixed) if moves > STILL else None
        self._place = place = descended(
            place,
            lambda light: self._gradient(light, sound, free, alike, moves),
            gate,
            free,
            rounds=ROUNDS,
            rate=RATE,
        )
        return np.asarray(levels + moves * free * (gate / (1 + np.exp(-place)) - levels), np.float64)

    def _show(self, light: Array, sound: Array, audible: npt.NDArray[np.bool_]) -> None:
        self._place = self._place[len(light) :]
        lights, sounds = np.concatenate([self._light, light]), np.concatenate([self._sound, sound])
        for k, row in enumerate(light):
            self._done += 1
            if not audible[k]:
                continue
            self._known = min(self._known + 1, REMEMBERED[1])
            self._mean += (row - self._mean) / self._known
            self._dark += (darkness(row) - self._dark) / AVERAGED
            if self._done % SECOND == 0:
                end = BEFORE + k + 1
                second = slice(end - SECOND, end)
                self._seconds.append((_summary(sounds[second]), _summary(lights[second])))
                order = np.sort(lights[end - WINDOW : end], axis=0)
                spread = float((order[-3] - order[2]).mean())
                self._contrast += (spread - self._contrast) * SECOND / AVERAGED
        self._light, self._sound = lights[-BEFORE:], sounds[-BEFORE:]

    def _alike(self, sound: Array) -> "_Likeness | None":
        if len(self._seconds) < FEWEST:
            return None
        rows: list[slice] = []
        end = BEFORE + len(sound)
        while end > BEFORE and end >= SECOND:
            rows.append(slice(end - SECOND, end))
            end -= SECOND
        return _Likeness(self._seconds, np.concatenate([self._sound, sound]), rows)

    def _gradient(
        self, levels: Array, sound: Array, free: Array, alike: "_Likeness | None", moves: float
    ) -> Array:
        """Of the whole loss by ``levels`` (n, channels)."""
        count, channels = levels.shape
        full = np.concatenate([self._light, levels])
        about = (full - self._mean) * free
        seen = np.concatenate([about[BEFORE - k : BEFORE - k + count] for k in range(LAGS)], axis=1)
        back = (2 * READ * (seen @ self._lags - sound)) @ self._lags.T
        slope = (2 * AT_ONCE * (about[BEFORE:] @ self._at_once - sound)) @ self._at_once.T
        for k in range(min(LAGS, count)):
            slope[: count - k] += back[k:, k * channels : (k + 1) * channels]
        slope += self._by_dark(levels) + self._by_contrast(full, moves) + _by_speed(full)
        if alike is not None:
            slope += alike.gradient(full)[BEFORE:]
        return np.asarray(slope, np.float64)

    def _by_dark(self, levels: Array) -> Array:
        under = darkness(levels)
        push = DARK / levels.shape[1] * _short(self._dark.mean(), DARK_GOAL)
        push = push + USED * (self._dark < 0.25) - USED * (self._dark > 0.8)
        return np.asarray(push * under * (1 - under) / SOFT - USED * (self._mean < 0.12), np.float64)

    def _by_contrast(self, full: Array, moves: float) -> Array:
        """Of the 90th less the 10th percentile of windows, which overlap by half; less where the sound hardly moves."""
        slope = np.zeros_like(full)
        size = CONTRAST * WINDOW / full.shape[1] / 2 * _short(self._contrast, CONTRAST_GOAL) * moves
        for end in range(len(full), BEFORE, -(WINDOW // 2)) if size > 0 else ():
            some = slope[end - WINDOW : end]
            order = np.argsort(full[end - WINDOW : end], axis=0)
            for rows, push in ((order[-3:-2], -size), (order[2:3], size)):
                np.put_along_axis(some, rows, np.take_along_axis(some, rows, 0) + push, 0)
        return slope[BEFORE:]


class _Likeness:
    """1 less the correlation of how much seconds differ in light and in sound, of past ``seconds`` and ``rows``."""

    def __init__(self, seconds: Sequence[tuple[Array, Array]], sound: Array, rows: Sequence[slice]) -> None:
        heard = np.array([*(sound for sound, _ in seconds), *(_summary(sound[row]) for row in rows)])
        heard = (heard - heard.mean(0)) / (heard.std(0) + 1e-2)
        unlike = distances(heard, heard)
        self._unlike = unlike - unlike.mean()
        self._norm = float(np.linalg.norm(self._unlike)) + _LEAST
        seen = np.array([light for _, light in seconds])
        self._spread = seen.std(0) + 1e-2
        self._seen, self._rows = seen / self._spread, rows
        apart, old = distances(self._seen, self._seen), len(seen)
        self._sums = np.array([apart.sum(), (apart**2).sum(), (apart * self._unlike[:old, :old]).sum()])

    def gradient(self, full: Array) -> Array:
        """By ``full`` (steps, channels), times the number of steps of all seconds."""
        parts = np.array([full[row] for row in self._rows])
        means = parts.mean(1)
        roots = np.sqrt(parts.var(1) + 1e-5)
        new = np.concatenate([means, roots], axis=1) / self._spread
        old, count = len(self._seen), len(self._seen) + len(new)
        rows = np.concatenate([self._seen, new])
        apart, unlike = distances(new, rows), self._unlike[old:]
        twice = np.where(np.arange(count) < old, 2.0, 1.0)
        total, squares, both = self._sums + [
            float((twice * part).sum()) for part in (apart, apart**2, apart * unlike)
        ]
        mean = total / count**2
        size = float(np.sqrt(max(squares - total * mean, _LEAST)))
        same = both / size / self._norm
        pull = -2 * (unlike / self._norm - same * (apart - mean) / size) / size / np.maximum(apart, 1e-3)
        pull[np.arange(len(new)), old + np.arange(len(new))] = 0.0
        by_mean, by_root = np.split((pull.sum(1)[:, None] * new - pull @ rows) / self._spread, 2, axis=1)
        each = by_mean[:, None] + (by_root / roots)[:, None] * (parts - means[:, None])
        slope = np.zeros_like(full)
        for row, part in zip(self._rows, each, strict=True):
            slope[row] = part
        return LIKENESS * count * slope


def _short(of: float, goal: float) -> float:
    """From 1, well short of the goal, to 0, well beyond it."""
    return float(np.clip((goal - of) / WITHIN + 0.5, 0, 1))


def _by_speed(full: Array) -> Array:
    """As ``telling._fast``; before the first and after the last step, light stays."""
    some = full[BEFORE - 3 :]
    light, growth, channels = some**GAMMA, GAMMA * some ** (GAMMA - 1), some.shape[1]
    lamp = beyond(light, LAMP, _slow)
    house = 2 * beyond(light.mean(1, keepdims=True), HOUSE, _slow)
    even = 2 * beyond(some.mean(1, keepdims=True), HOUSE, _slow)
    return np.asarray(FAST / channels * ((lamp + house) * growth + even), np.float64)[3:]


def _slow(light: Array) -> Array:
    held = np.concatenate([light[:1], light, light[-1:]])
    return np.asarray((held[:-2] + 2 * light + held[2:]) / 4, np.float64)


def _summary(steps: Array) -> Array:
    """Mean and standard deviation."""
    return np.concatenate([steps.mean(0), np.sqrt(steps.var(0) + 1e-5)])
