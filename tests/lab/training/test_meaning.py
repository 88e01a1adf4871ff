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


def half_a_second(music: Music) -> np.ndarray:
    """The states of each frame and of the tenths of a second before, and a 1."""
    on = map_song(music, LIVELY)[1].astype(float)
    return np.concatenate([*(np.roll(on, 9 * back, 0) for back in range(6)), np.ones((len(on), 1))], axis=1)


def told(songs: list[Music]) -> float:
    """Share of the weighed codes of ``songs`` that one linear reading of half a second explains from the states."""
    seen = [half_a_second(one) for one in songs]
    sounds = [one.codes * np.linspace(0.4, 0.1, 8) for one in songs]
    reading = np.linalg.lstsq(np.concatenate(seen), np.concatenate(sounds), rcond=None)[0]
    wrong = [np.square(sound - x @ reading).sum() for x, sound in zip(seen, sounds, strict=True)]
    least = [np.square(sound - sound.mean(0)).sum() for sound in sounds]
    return float(1 - np.mean(np.array(wrong) / np.array(least)))


def test_states_can_be_read_in_songs_it_was_not_learnt_from() -> None:
    meaning = fit([song(seed) for seed in range(4)], LIVELY, rounds=3)
    others = [song(seed, meaning) for seed in range(10, 13)]
    alone = [song(seed) for seed in range(10, 13)]
    with_it, without = told(others), told(alone)
    assert with_it > 0.6
    assert with_it > without
    assert 0.2 < meaning.usual.mean() < 0.45


def test_it_is_the_same_each_time() -> None:
    songs = [song(seed) for seed in range(2)]
    assert fit(songs, LIVELY, rounds=1).to_json() == fit(songs, LIVELY, rounds=1).to_json()
