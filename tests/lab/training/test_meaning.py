"""A reading of states that is learnt on some songs is right for songs that it was not learnt from."""

import numpy as np

from yulelight.encoder.meaning import Meaning
from yulelight.encoder.sparse import Sparse
from yulelight.lab.training.meaning import fit
from yulelight.show.look import LIVELY
from yulelight.show.mapping import Music, map_song

RATE = 86.13


def sparse() -> Sparse:
    """Levels that rise with their codes; codes decode to a spectrum in which the first count most."""
    decode = np.zeros((9, 9))
    decode[:8, :8] = np.diag(np.linspace(0.4, 0.1, 8))
    none = np.zeros((8, 8), np.float32)
    return Sparse(
        2 * np.eye(8, dtype=np.float32),
        np.full(8, -1, np.float32),
        none,
        none[0],
        none,
        np.asarray(decode @ decode.T, np.float32),
        np.array([*[0.5] * 8, 0.01], np.float32),
    )


def song(seed: int, meaning: Meaning | None = None) -> Music:
    """Notes of half a second."""
    rng = np.random.default_rng(seed)
    codes = np.repeat(rng.random((80, 8)), 43, axis=0).astype(np.float32)
    onsets = tuple(range(0, len(codes), 43))
    loud = np.full(len(codes), -20.0, np.float32)
    return Music(codes, loud, onsets, (), RATE, np.zeros(8, np.float32), sparse=sparse(), meaning=meaning)


def told(music: Music, reading: tuple[np.ndarray, np.ndarray]) -> float:
    """Share of the weighed codes that a linear reading (slopes, offset) explains from the states."""
    _, on = map_song(music, LIVELY)
    sound = music.codes * np.linspace(0.4, 0.1, 8)
    wrong = sound - (on @ reading[0] + reading[1])
    return float(1 - np.square(wrong).sum() / np.square(sound - sound.mean(0)).sum())


def regression(songs: list[Music]) -> tuple[np.ndarray, np.ndarray]:
    """Of the weighed codes on the states, by numpy."""
    on = np.concatenate([map_song(one, LIVELY)[1] for one in songs])
    sound = np.concatenate([one.codes for one in songs]) * np.linspace(0.4, 0.1, 8)
    found = np.linalg.lstsq(np.c_[on, np.ones(len(on))], sound, rcond=None)[0]
    return found[:8], found[8]


def test_states_can_be_read_in_songs_it_was_not_learnt_from() -> None:
    meaning = fit([song(seed) for seed in range(4)], LIVELY, rounds=3)
    others = [song(seed, meaning) for seed in range(10, 13)]
    alone = [song(seed) for seed in range(10, 13)]
    with_it = np.mean([told(one, regression(others)) for one in others])
    without = np.mean([told(one, regression(alone)) for one in alone])
    assert with_it > 0.45
    assert with_it > without - 0.02
    assert 0.2 < meaning.usual.mean() < 0.45


def test_it_is_the_same_each_time() -> None:
    songs = [song(seed) for seed in range(2)]
    assert fit(songs, LIVELY, rounds=1).to_json() == fit(songs, LIVELY, rounds=1).to_json()
