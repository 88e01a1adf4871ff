"""A show that is the music scores high, one at random nothing."""

import numpy as np
import pytest

pytest.importorskip("scipy", reason="the [evaluate] extra is not installed")

from yulelight.lab.evaluation import meaning
from yulelight.lab.evaluation.arrays import by_second, smooth, standard

RATE = 20.0
RANDOM = np.random.default_rng(5)


def song(seconds: int = 120) -> np.ndarray:
    """(frames, 8): four kinds of music in an order that repeats, each its own pattern, with noise."""
    kinds = np.random.default_rng(6).random((4, 8))
    order = [0, 1, 0, 2, 3, 1, 0, 2, 1, 3, 0, 2]
    frames = np.repeat(kinds[order], int(seconds * RATE) // len(order), axis=0)
    return frames + 0.02 * np.random.default_rng(7).standard_normal(frames.shape)


def measured(sound: np.ndarray, light: np.ndarray) -> tuple[float, float, float]:
    times = meaning.steps(len(sound) / RATE)
    seconds = int(times[-1]) - 1
    heard = meaning.pair_distances(standard(by_second(sound, RATE, seconds)))
    seen = meaning.light_distances(light, RATE, seconds)
    return (
        meaning.faith(meaning.stepped(sound, RATE, times), meaning.stepped(light, RATE, times)),
        meaning.structure(heard, seen),
        meaning.repeat(heard, seen),
    )


def test_lights_that_are_the_music() -> None:
    faith, structure, repeat = measured(song(), song())
    assert faith > 0.9
    assert structure == pytest.approx(1)
    assert repeat == pytest.approx(1)


def test_lights_turned_about_mean_as_much() -> None:
    """Which channel shows what, how bright and which way round is taste."""
    faith, structure, repeat = measured(song(), 1 - 0.5 * song()[:, ::-1])
    assert faith > 0.9
    assert structure == pytest.approx(1, abs=1e-6)
    assert repeat == pytest.approx(1, abs=1e-6)


def test_random_lights_mean_nothing() -> None:
    faith, structure, repeat = measured(song(), RANDOM.random(song().shape))
    assert faith < 0.1
    assert abs(structure) < 0.15
    assert repeat == pytest.approx(0.5, abs=0.15)


def test_lights_that_do_not_move() -> None:
    faith, structure, _ = measured(song(), np.ones(song().shape))
    assert faith == pytest.approx(0, abs=1e-3)
    assert np.isnan(structure)


def test_a_song_too_short_to_measure() -> None:
    short = RANDOM.random((60, 8))
    assert all(np.isnan(value) for value in measured(short, short))


def test_smoothing_keeps_the_mean_away_from_the_ends() -> None:
    assert smooth(np.ones((40, 2)), 5)[5:-5] == pytest.approx(1)


def test_seconds_are_mean_and_spread() -> None:
    frames = np.concatenate([np.zeros((20, 1)), np.tile([[0.0], [1.0]], (10, 1))])
    assert by_second(frames, RATE, 2).tolist() == [[0, 0], [0.5, 0.5]]
    assert by_second(frames, RATE, 3)[2].tolist() == [0, 0]


def told(lights: list[np.ndarray], sounds: list[np.ndarray]) -> list[float]:
    return meaning.cross([meaning.told_apart(a, RATE, b, RATE) for a, b in zip(sounds, lights, strict=True)])


def three(seconds: int = 60) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Lights of three songs, and sounds that are the same mixture of them in each."""
    random = np.random.default_rng(8)
    mixture = random.normal(size=(8, 12))
    lights = [np.repeat(random.random((seconds * 2, 8)), int(RATE / 2), axis=0) for _ in range(3)]
    return lights, [light @ mixture for light in lights]


def test_lights_that_mean_the_same_in_every_song_can_be_read() -> None:
    assert min(told(*three())) > 0.9


def test_lights_that_mean_something_else_in_every_song_cannot() -> None:
    lights, sounds = three()
    turned = [light[:, np.random.default_rng(k).permutation(8)] for k, light in enumerate(lights)]
    assert max(told(turned, sounds)) < 0.5


def test_noise_cannot_be_read_however_the_song_goes() -> None:
    _, sounds = three()
    assert max(told([RANDOM.random((len(sound), 8)) for sound in sounds], sounds)) < 0.05


def test_a_song_alone_has_nobody_to_learn_from() -> None:
    lights, sounds = three()
    assert np.isnan(told(lights[:1], sounds[:1])).all()
