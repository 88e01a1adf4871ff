"""Learns what lights mean (``encoder/meaning.py``): one reading of on/off states and one of levels for all songs.

In turn, states are chosen and levels adjusted for every song by the present reading, and the reading is fitted to them
by ridge regression, until the two agree: a light that is chosen because it is read in a certain way can then be read
in that way.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from yulelight.encoder.meaning import LAGS, Meaning
from yulelight.encoder.sparse import Sparse
from yulelight.show.descent import in_steps
from yulelight.show.look import Look
from yulelight.show.mapping import Music, planned, telling
from yulelight.show.readout import SECONDS, decay, leaky, learnt, mean_share
from yulelight.show.states import Wish, choose
from yulelight.show.stretches import Stretches
from yulelight.show.telling import Told, adjusted, lagged

Array = npt.NDArray[np.float64]

ROUNDS = 5
SHRINK = 0.01
"""Of the mean variance of lights."""
ADJUSTED = 30
"""Rounds for which levels are adjusted before the reading is fitted again."""


@dataclass(frozen=True, slots=True, eq=False)
class _Song:
    stretches: Stretches
    wish: Wish
    heard: npt.NDArray[np.bool_]
    """(n,)."""


def fit(songs: Sequence[Music], look: Look, *, rounds: int = ROUNDS) -> Meaning:
    """The reading for ``songs``, whose models have ``sparse``; ``look`` says how states are chosen. Deterministic."""
    sparse = songs[0].sparse
    assert sparse is not None
    sound = directions(sparse)
    none = np.zeros_like(sound)
    blank = Meaning(sound, none, none, np.full(len(sound), 0.3, np.float32), np.tile(none, (LAGS, 1)), none)
    known, chosen = [], []
    squares = 0.0
    for music in songs:
        stretches, wish, reading = planned(replace(music, meaning=None), look)
        own = planned(replace(music, meaning=blank), look)[1].sound
        heard = ~wish.dark
        squares += float(np.average(np.square(own[heard]).sum(1), weights=stretches.seconds[heard]))
        known.append(_Song(stretches, replace(wish, sound=own), heard))
        chosen.append(choose(stretches, wish, reading, minimum=look.minimum, reluctance=look.reluctance))
    size = np.sqrt(squares / len(songs))
    known = [replace(song, wish=replace(song.wish, sound=song.wish.sound / size)) for song in known]
    meaning = _fitted(known, chosen, replace(blank, sound=sound / np.float32(size)))
    for _ in range(rounds):
        reading = learnt(meaning)
        chosen = [
            choose(song.stretches, song.wish, reading, minimum=look.minimum, reluctance=look.reluctance)
            for song in known
        ]
        meaning = _fitted(known, chosen, meaning)
    lags, at_once = _levels(songs, meaning, look, rounds)
    return replace(meaning, lags=lags.astype(np.float32), at_once=at_once.astype(np.float32))


def _levels(songs: Sequence[Music], meaning: Meaning, look: Look, rounds: int) -> tuple[Array, Array]:
    """The readings of levels: of half a second, and of one moment."""
    told, shown = [], []
    for music in songs:
        levels, song = telling(replace(music, meaning=meaning), look)
        told.append(song)
        shown.append(in_steps(levels))
    lags, at_once = _read(told, shown)
    for _ in range(rounds):
        shown = [
            adjusted(levels, song, lags, at_once, ADJUSTED) for levels, song in zip(shown, told, strict=True)
        ]
        lags, at_once = _read(told, shown)
    return lags, at_once


def _read(told: Sequence[Told], shown: Sequence[Array]) -> tuple[Array, Array]:
    """The regressions of the sound on levels, each song about its own mean and of the same weight."""
    abouts = [(levels - levels.mean(0)) / np.sqrt(len(levels)) for levels in shown]
    sounds = [song.sound / np.sqrt(len(song.sound)) for song in told]
    return _ridge([lagged(about) for about in abouts], sounds), _ridge(abouts, sounds)


def _ridge(seen: Sequence[Array], asked: Sequence[Array]) -> Array:
    gram = np.sum([one.T @ one for one in seen], axis=0)
    cross = np.sum([one.T @ other for one, other in zip(seen, asked, strict=True)], axis=0)
    return np.asarray(np.linalg.solve(gram + SHRINK * np.trace(gram) / len(gram) * np.eye(len(gram)), cross))


def directions(sparse: Sparse) -> npt.NDArray[np.float32]:
    """(channels, channels): codes times it have the inner product of the spectra that they decode to."""
    spread = sparse.spread[:-1, :-1].astype(np.float64)
    values, vectors = np.linalg.eigh((spread + spread.T) / 2)
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)), np.float32)


def _fitted(songs: Sequence[_Song], chosen: Sequence[npt.NDArray[np.bool_]], before: Meaning) -> Meaning:
    """The regression of the sound on states and their leaky means, each song about its own mean."""
    channels = chosen[0].shape[1]
    gram, cross = np.zeros((2 * channels, 2 * channels)), np.zeros((2 * channels, channels))
    usual = np.zeros(channels)
    for song, on in zip(songs, chosen, strict=True):
        seconds = song.stretches.seconds
        seen = _seen(on.astype(np.float64), seconds)[song.heard]
        weight = (seconds / seconds.sum())[song.heard, None]
        mean = np.average(seen, axis=0, weights=weight[:, 0])
        usual += mean[:channels] / len(songs)
        about, told = seen - mean, song.wish.sound[song.heard]
        told = told - np.average(told, axis=0, weights=weight[:, 0])
        gram += about.T @ (weight * about)
        cross += about.T @ (weight * told)
    shrink = SHRINK * np.trace(gram) / len(gram) * np.eye(len(gram))
    both = np.linalg.solve(gram + shrink, cross).T.astype(np.float32)
    return replace(before, now=both[:, :channels], leaky=both[:, channels:], usual=usual.astype(np.float32))


def _seen(on: Array, seconds: Array) -> Array:
    """(n, 2 channels): states, and the mean of their leaky mean in each stretch."""
    before = np.vstack([np.zeros(on.shape[1]), leaky(on, decay(seconds, SECONDS))[:-1]])
    old = mean_share(seconds)[:, None]
    return np.concatenate([on, old * before + (1 - old) * on], axis=1)
