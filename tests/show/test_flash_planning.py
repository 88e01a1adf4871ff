"""Levels are kept within the flash limit ahead of time, and otherwise left unchanged."""

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.safety.oracle import flashes
from yulelight.show.flash_planning import limit_swings

RATE = 86.13
TIMES = np.arange(int(20 * RATE)) / RATE


def wave(hertz: float) -> np.ndarray:
    return (0.5 + 0.5 * np.sin(2 * np.pi * hertz * TIMES)).astype(np.float32)


def test_slow_levels_are_left_alone() -> None:
    slow = np.stack([wave(0.5), wave(1.5)], axis=1)
    assert np.array_equal(limit_swings(slow, RATE), slow)


def test_a_trembling_channel_is_calmed_and_its_neighbour_is_not() -> None:
    house = np.stack([0.6 * wave(8.0), wave(1.0), *np.zeros((6, len(TIMES)))], axis=1).astype(np.float32)
    out = limit_swings(house, RATE)
    assert flashes(TIMES, out[:, 0].astype(float) ** 2.2) <= 3
    assert np.array_equal(out[:, 1], house[:, 1])


def test_the_largest_swings_stay() -> None:
    """Of ten strokes a second every sixth is a loud one, which is seen as before; the small ones hardly are."""
    strokes = np.where(np.arange(204) % 6 == 0, 1.0, 0.5)
    level = np.repeat(np.stack([strokes, 0 * strokes], axis=1).ravel(), 4)[:, None].astype(np.float32)
    out = limit_swings(level, RATE)[:, 0]
    loud = level[:, 0] == 1
    assert out[loud].min() > 0.99
    assert flashes(np.arange(len(out)) / RATE, out.astype(float) ** 2.2) <= 3
    near = np.array([np.ptp(out[k : k + 16]) for k in range(0, len(out) - 16, 48)])
    assert near.min() > 0.6, "between loud strokes it is dark"


def test_only_where_it_trembles() -> None:
    mixed = np.where(TIMES < 10, wave(1.0), wave(7.0))[:, None].astype(np.float32)
    out = limit_swings(mixed, RATE)
    assert np.array_equal(out[: int(8 * RATE)], mixed[: int(8 * RATE)])
    assert flashes(TIMES, out[:, 0].astype(float) ** 2.2) <= 3


@settings(max_examples=25, deadline=None)
@example(252, 1, False)  # more than 4 passes
@example(287, 1, False)  # more than 16
@given(st.integers(0, 2**32 - 1), st.integers(1, 12), st.booleans())
def test_nothing_flashes_too_often(seed: int, held: int, together: bool) -> None:
    """Each lamp and the house, dimmed by the eye's curve or evenly."""
    rng = np.random.default_rng(seed)
    lamps = rng.random((80, 1)) * np.ones(8) if together else rng.random((80, 8))
    out = limit_swings(np.repeat(lamps, held, axis=0).astype(np.float32), RATE).astype(float)
    times = np.arange(len(out)) / RATE
    for light in (*(out**2.2).T, (out**2.2).mean(1), out.mean(1)):
        assert flashes(times, light) <= 3


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 30))
def test_any_levels_stay_levels(seed: int, held: int) -> None:
    rng = np.random.default_rng(seed)
    levels = np.repeat(rng.random((40, 3)), held, axis=0).astype(np.float32)
    out = limit_swings(levels, RATE)
    assert out.shape == levels.shape
    assert out.min() >= -1e-6 and out.max() <= 1 + 1e-6
