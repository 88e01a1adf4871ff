"""Choosing relay states with foresight: what they tell, what they promise, and that the same gets the same."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.safety.oracle import flashes
from yulelight.show.neighbours import MAX_MOMENTS, alike
from yulelight.show.readout import fit, leaky, mean_share
from yulelight.show.states import choose, wish
from yulelight.show.stretches import Begin, cut

RATE = 86.13


def tune(bars: int, seed: int = 0) -> np.ndarray:
    """(frames, 8) levels: four bars of random held notes, over and over, half a second a note."""
    notes = np.random.default_rng(seed).random((32, 8))
    return np.repeat(np.tile(notes, (bars // 4, 1)), 43, axis=0)


def states(levels: np.ndarray, every: int = 43, reluctance: float = 0.001, minimum=(0.1, 0.1)) -> np.ndarray:
    stretches = cut(range(0, len(levels), every), len(levels), RATE, 0.15)
    mean = stretches.means(levels)
    hopes = wish(stretches, mean, mean, np.ones(len(mean), bool))
    return stretches.spread(choose(stretches, hopes, minimum=minimum, reluctance=reluctance))


def test_the_sound_can_be_told_from_the_states() -> None:
    levels = tune(16)
    on = states(levels)
    x = np.c_[on, np.ones(len(on))]
    told = x @ np.linalg.lstsq(x, levels, rcond=None)[0]
    assert ((levels - told) ** 2).sum() < 0.6 * ((levels - levels.mean(0)) ** 2).sum()
    for channel in range(8):
        assert np.corrcoef(on[:, channel], levels[:, channel])[0, 1] > 0.2


def test_the_same_music_gets_the_same_light() -> None:
    on = states(tune(32))
    bar = len(on) // 8
    again = [on[k * bar : (k + 1) * bar] for k in range(2, 8)]
    assert np.mean([(a == again[0]).mean() for a in again[1:]]) > 0.9


def test_reluctance_makes_lights_steadier() -> None:
    levels = np.random.default_rng(1).random((4000, 8)).cumsum(0)
    levels = (levels - levels.min(0)) / np.ptp(levels, axis=0) + 0.3 * np.repeat(
        np.random.default_rng(2).random((200, 8)), 20, axis=0
    )
    changes = [
        int((np.diff(states(levels, 20, reluctance).astype(int), axis=0) != 0).sum())
        for reluctance in (0.0, 0.03)
    ]
    assert changes[1] < 0.8 * changes[0]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(9, 60), st.sampled_from([(0.1, 0.1), (0.3, 0.2), (1.0, 1.0)]))
def test_states_keep_their_promises_on_noise(seed: int, every: int, minimum: tuple[float, float]) -> None:
    rng = np.random.default_rng(seed)
    levels = np.repeat(rng.random((60, 8)), every, axis=0)[: rng.integers(1, 1200)]
    stretches = cut(range(0, len(levels), every), len(levels), RATE, 0.15)
    mean = stretches.means(levels)
    audible = rng.random(len(mean)) < 0.9
    chosen = choose(stretches, wish(stretches, mean, mean, audible), minimum=minimum, reluctance=0.001)
    assert not chosen[~audible].any()
    on = stretches.spread(chosen)
    if audible.all():
        assert flashes(np.arange(len(on)) / RATE, on.mean(1)) <= 3
        for channel in on.T:
            changed = np.flatnonzero(channel[1:] != channel[:-1]) + 1
            for a, b in pairwise(changed):
                assert (b - a) / RATE >= minimum[0 if channel[a] else 1] - 1e-6
    came = (chosen[1:] & ~chosen[:-1]).any(1)
    assert not came[stretches.begins[1:] == Begin.OFF].any()


def test_a_reading_recovers_what_made_the_sound() -> None:
    rng = np.random.default_rng(5)
    seconds = rng.uniform(0.1, 0.4, 400)
    on = (rng.random((400, 8)) < 0.5).astype(float)
    left = np.exp(-seconds / 0.15)
    before = np.concatenate([np.zeros((1, 8)), leaky(on, left)[:-1]])
    glow = on + (before - on) * mean_share(seconds)[:, None]
    now, then = rng.normal(size=(3, 8)), rng.normal(size=(3, 8))
    sound = on @ now.T + glow @ then.T + 2.0
    reading = fit(on, sound, seconds)
    told = on @ reading.now.T + glow @ reading.glow.T + reading.base
    assert ((told - sound) ** 2).sum() < 0.01 * ((sound - sound.mean(0)) ** 2).sum()


@given(st.integers(1, 200), st.integers(1, 30))
def test_alike_finds_the_nearest_far_enough_away(n: int, count: int) -> None:
    features = np.random.default_rng(n).random((n, 3))
    times = np.arange(n) * 0.5
    found = alike(features, times, count, 4.0)
    assert found.shape == (n, min(n, count))
    if n > 16 + count:
        assert (np.abs(times[found] - times[:, None]) >= 4.0).all()
        distance = ((features[0] - features) ** 2).sum(1)
        distance[np.abs(times - times[0]) < 4.0] = np.inf
        assert set(found[0].tolist()) == set(np.argsort(distance)[:count].tolist())


def test_a_song_of_hours_is_compared_with_so_many_moments() -> None:
    features = np.random.default_rng(0).random((3 * MAX_MOMENTS, 2))
    found = alike(features, np.arange(3 * MAX_MOMENTS) * 1.0, 5, 4.0)
    assert len(np.unique(found)) <= MAX_MOMENTS
