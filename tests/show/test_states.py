"""Choosing relay states with foresight: what they tell, what they promise, and that the same gets the same."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.safety.oracle import flashes
from yulelight.show.readout import SECONDS, Reading
from yulelight.show.states import CLIMB, SLOW, Search, Wish, choose, told, wish
from yulelight.show.stretches import Begin, cut

RATE = 86.13


def tune(bars: int, seed: int = 0) -> np.ndarray:
    """(frames, 8) levels: four bars of random held notes, over and over, half a second a note."""
    notes = np.random.default_rng(seed).random((32, 8))
    return np.repeat(np.tile(notes, (bars // 4, 1)), 43, axis=0)


def states(levels: np.ndarray, every: int = 43, reluctance: float = 0.001) -> np.ndarray:
    stretches = cut(range(0, len(levels), every), len(levels), RATE, 0.15)
    mean = stretches.means(levels)
    sound, reading = told(stretches, mean, mean, np.ones(len(mean), bool))
    hopes = wish(stretches, sound, mean, np.ones(len(mean), bool))
    return stretches.spread(choose(stretches, hopes, reading, minimum=(0.1, 0.1), reluctance=reluctance))


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
        for reluctance in (0.0, 0.06)
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
    sound, reading = told(stretches, mean, mean, audible)
    hopes = wish(stretches, sound, mean, audible)
    chosen = choose(stretches, hopes, reading, minimum=minimum, reluctance=0.001)
    assert not chosen[~audible].any()
    on = stretches.spread(chosen)
    if audible.all():
        assert flashes(np.arange(len(on)) / RATE, on.mean(1)) <= 3
        for channel in on.T:
            changed = np.flatnonzero(channel[1:] != channel[:-1]) + 1
            for a, b in pairwise(changed):
                assert (b - a) / RATE >= minimum[0 if channel[a] else 1] - 1e-6
            assert flashes(np.arange(len(on)) / RATE, channel.astype(float)) <= 3
    came = np.atleast_1d((chosen[1:] & ~chosen[:-1]).any(1))
    assert not came[stretches.begins[1:] == Begin.OFF].any()


def test_a_light_is_worth_the_same_whatever_else_the_song_does() -> None:
    """Of two songs with a common part, in which one channel is loud in the rest of one and quiet in the other's."""
    part = tune(16)
    loud, quiet = tune(16, seed=1), tune(16, seed=1)
    loud[:, 2], quiet[:, 2] = 0.6, 0.35
    shown = [states(np.concatenate([part, rest]))[: len(part), 2] for rest in (loud, quiet)]
    assert (shown[0] == shown[1]).mean() > 0.75
    for on in shown:
        assert part[on, 2].mean() > part[~on, 2].mean() + 0.2


def test_darkness_is_the_ground() -> None:
    on = states(tune(32))
    assert 0.2 < on.mean() < 0.45
    assert on.mean(0).min() > 0.08 and on.mean(0).max() < 0.6


def test_louder_music_has_more_light_and_more_changes() -> None:
    """Of the same levels; in songs, levels are higher where it is louder, too."""
    light, changes = np.zeros(2), np.zeros(2)
    for seed in range(3):
        levels = tune(32, seed)
        stretches = cut(range(0, len(levels), 22), len(levels), RATE, 0.15)
        mean = stretches.means(levels)
        half = len(mean) // 2
        loud = np.where(np.arange(len(mean)) < half, -30.0, -12.0)
        sound, reading = told(stretches, mean, mean, np.ones(len(mean), bool))
        hopes = wish(stretches, sound, mean, np.ones(len(mean), bool), loudness=loud)
        on = choose(stretches, hopes, reading, minimum=(0.1, 0.1), reluctance=0.001)
        flips = (on[1:] != on[:-1]).sum(1)
        light += on[:half].mean(), on[half:].mean()
        changes += flips[:half].mean(), flips[half:].mean()
    assert light[1] > 1.04 * light[0]
    assert changes[1] > 1.015 * changes[0]


def test_rests_are_dark_and_what_stands_still_is_moved() -> None:
    levels = np.tile(np.linspace(0.2, 0.9, 8), (int(60 * RATE), 1))
    stretches = cut(range(0, len(levels), 43), len(levels), RATE, 0.15)
    mean, resting = stretches.means(levels), np.zeros(len(stretches.starts), bool)
    resting[40:44] = True
    sound, reading = told(stretches, mean, mean, np.ones(len(mean), bool))
    hopes = wish(stretches, sound, mean, np.ones(len(mean), bool), rests=resting)
    on = choose(stretches, hopes, reading, minimum=(0.1, 0.1), reluctance=0.001)
    assert not on[resting].any()
    shown = stretches.spread(on)
    for channel in shown.T:
        still = np.diff(np.r_[0, np.flatnonzero(channel[1:] != channel[:-1]) + 1, len(channel)])
        assert still.max() / RATE < 20


def test_the_light_of_a_voice_is_on_while_somebody_sings() -> None:
    """For whatever share of the song, where another light would be on for a third of it."""
    levels = tune(32)
    sings = np.repeat(np.random.default_rng(9).random(len(levels) // 258 + 1) < 0.65, 258)[: len(levels)]
    levels[:, 1] = sings
    stretches = cut(range(0, len(levels), 22), len(levels), RATE, 0.15)
    mean = stretches.means(levels)
    sound, reading = told(stretches, mean, mean, np.ones(len(mean), bool))
    hopes = wish(stretches, sound, mean, np.ones(len(mean), bool), faithful=1)
    on = stretches.spread(choose(stretches, hopes, reading, minimum=(0.1, 0.1), reluctance=0.001))
    assert np.corrcoef(on[:, 1], sings)[0, 1] > 0.85
    assert on[:, 1].mean() == pytest.approx(sings.mean(), abs=0.06)
    assert np.delete(on, 1, axis=1).mean() < 0.5


def paid(on: np.ndarray, seconds: np.ndarray, wanted: Wish, reading: Reading, reluctance: float) -> float:
    """What states (n, channels) cost as the module says, without minimum times, staleness and the flash limit."""
    leaky, share, before, total = np.zeros(on.shape[1]), np.full(on.shape[1], 0.3), np.zeros(on.shape[1]), 0.0
    for k, (x, length) in enumerate(zip(on, seconds, strict=True)):
        mean = x + (leaky - x) * SECONDS * (1 - np.exp(-length / SECONDS)) / length
        read = reading.now @ x + reading.leaky @ mean + reading.base
        leaky = x + (leaky - x) * np.exp(-length / SECONDS)
        share = x + (share - x) * np.exp(-length / SLOW)
        off = ((read - wanted.sound[k]) ** 2).sum() + wanted.weight @ (share - wanted.share[k]) ** 2
        total += length * off + (reluctance - CLIMB * wanted.loud[k]) * (x != before).sum()
        before = x
    return float(total)


def test_following_several_ways_finds_better_ones() -> None:
    """Greedy states cost more, by what the docstring of the module says that states cost; all ways are few here."""
    costs = []
    for seed in range(12):
        random = np.random.default_rng(seed)
        seconds = random.uniform(0.3, 0.6, 6)
        wanted = Wish(
            random.normal(0, 0.6, (6, 2)),
            random.random((6, 2)),
            np.full(2, 2.0),
            random.normal(size=6),
            np.zeros(6, bool),
        )
        reading = Reading(random.normal(size=(2, 2)), random.normal(size=(2, 2)), np.full(2, -0.3))
        times = np.cumsum(seconds) - seconds
        found = [
            Search(2, minimum=(0.1, 0.1), reluctance=0.03, lit=0.3, width=width).on(
                times, np.full(6, Begin.ANY), seconds, wanted, reading
            )
            for width in (1, 4)
        ]
        every = ((np.arange(4**6)[:, None] >> np.arange(12)) & 1).reshape(-1, 6, 2).astype(float)
        least = min(paid(one, seconds, wanted, reading, 0.03) for one in every)
        costs.append([least, *(paid(one, seconds, wanted, reading, 0.03) for one in reversed(found))])
    best, several, greedy = np.array(costs).T
    assert (several >= best - 1e-9).all()
    assert (several < best + 1e-9).mean() > 0.5
    assert several.mean() - best.mean() < 0.3 * (greedy.mean() - best.mean())
