"""Levels made so ahead that no lamp flashes more than it may, and otherwise left alone."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.safety.oracle import flashes
from yulelight.show.unhurried import unhurried

RATE = 86.13
TIMES = np.arange(int(20 * RATE)) / RATE


def wave(hertz: float) -> np.ndarray:
    return (0.5 + 0.5 * np.sin(2 * np.pi * hertz * TIMES)).astype(np.float32)


def test_slow_levels_are_left_alone() -> None:
    slow = np.stack([wave(0.5), wave(1.5)], axis=1)
    assert np.array_equal(unhurried(slow, RATE), slow)


def test_a_trembling_channel_is_calmed_and_its_neighbour_is_not() -> None:
    both = np.stack([wave(8.0), wave(1.0)], axis=1)
    out = unhurried(both, RATE)
    assert flashes(TIMES, out[:, 0].astype(float) ** 2.2) <= 3
    assert np.array_equal(out[:, 1], both[:, 1])


def test_only_where_it_trembles() -> None:
    mixed = np.where(TIMES < 10, wave(1.0), wave(7.0))[:, None].astype(np.float32)
    out = unhurried(mixed, RATE)
    assert np.array_equal(out[: int(8 * RATE)], mixed[: int(8 * RATE)])
    assert flashes(TIMES, out[:, 0].astype(float) ** 2.2) <= 3


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 30))
def test_any_levels_stay_levels(seed: int, held: int) -> None:
    rng = np.random.default_rng(seed)
    levels = np.repeat(rng.random((40, 3)), held, axis=0).astype(np.float32)
    out = unhurried(levels, RATE)
    assert out.shape == levels.shape
    assert out.min() >= -1e-6 and out.max() <= 1 + 1e-6
