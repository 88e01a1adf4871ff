"""Learns what on/off states mean (``encoder/meaning.py``): one reading for all songs.

In turn, states are chosen for every song by the present reading, and the reading is fitted to them by ridge regression,
until the two agree: a light that is chosen because it is read in a certain way can then be read in that way.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from yulelight.encoder.meaning import Meaning
from yulelight.encoder.sparse import Sparse
from yulelight.show.look import Look
from yulelight.show.mapping import Music, planned
from yulelight.show.readout import SECONDS, decay, leaky, learnt, mean_share
from yulelight.show.states import Wish, choose
from yulelight.show.stretches import Stretches

Array = npt.NDArray[np.float64]

ROUNDS = 5
SHRINK = 0.01
"""Of the mean variance of states."""


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
    blank = Meaning(sound, np.zeros_like(sound), np.zeros_like(sound), np.full(len(sound), 0.3, np.float32))
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
    meaning = _fitted(known, chosen, sound / np.float32(size))
    for _ in range(rounds):
        reading = learnt(meaning)
        chosen = [
            choose(song.stretches, song.wish, reading, minimum=look.minimum, reluctance=look.reluctance)
            for song in known
        ]
        meaning = _fitted(known, chosen, meaning.sound)
    return meaning


def directions(sparse: Sparse) -> npt.NDArray[np.float32]:
    """(channels, channels): codes times it have the inner product of the spectra that they decode to."""
    spread = sparse.spread[:-1, :-1].astype(np.float64)
    values, vectors = np.linalg.eigh((spread + spread.T) / 2)
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)), np.float32)


def _fitted(
    songs: Sequence[_Song], chosen: Sequence[npt.NDArray[np.bool_]], sound: npt.NDArray[np.float32]
) -> Meaning:
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
    return Meaning(sound, both[:, :channels], both[:, channels:], usual.astype(np.float32))


def _seen(on: Array, seconds: Array) -> Array:
    """(n, 2 channels): states, and the mean of their leaky mean in each stretch."""
    before = np.vstack([np.zeros(on.shape[1]), leaky(on, decay(seconds, SECONDS))[:-1]])
    old = mean_share(seconds)[:, None]
    return np.concatenate([on, old * before + (1 - old) * on], axis=1)
