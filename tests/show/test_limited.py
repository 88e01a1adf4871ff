"""Many frames at once are limited as one after the other."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from yulelight.safety.limiter import limit
from yulelight.safety.limits import Light, Limits
from yulelight.safety.state import LimiterState
from yulelight.show.limited import FEW, in_bytes, limited

RATE = 86.13
EVEN = Limits.even(8, (0.1, 0.2))
LOADS = (0.3, 0.2, 0.15, 0.1, 0.1, 0.05, 0.05, 0.05)
BY_LOAD = Limits(tuple(Light(channel=n, load=load) for n, load in enumerate(LOADS, 1)), 8)
RED = Limits(tuple(Light(channel=n, kind="dimmer", red=0.5) for n in range(1, 9)), 8)
OF_POWER = Limits.of(LOADS, 0.6)
NODES = Limits(tuple(Light(channel=n, node="left" if n < 5 else "right") for n in range(1, 9)), 8)


def music(seed: int, held: int, depth: float) -> tuple[np.ndarray, np.ndarray]:
    """Levels that swing by ``depth``, and states that change, every ``held`` frames; with a calm part."""
    rng = np.random.default_rng(seed)
    steps = -(-3 * FEW // held)
    levels = in_bytes(np.repeat(0.5 + depth * (rng.random((steps, 8)) - 0.5), held, axis=0))
    on = np.repeat(rng.random((steps, 8)) < 0.5, held, axis=0)
    levels[FEW : FEW + 60], on[FEW : FEW + 60] = levels[FEW], on[FEW]
    return levels, on


@settings(max_examples=12, deadline=None)
@example(0, 1, 1.0, 0)
@example(1, 30, 0.2, 100)
@given(st.integers(0, 2**32 - 1), st.integers(1, 60), st.floats(0, 1), st.integers(0, 3 * FEW))
@pytest.mark.parametrize("limits", [EVEN, BY_LOAD, RED, OF_POWER, NODES])
def test_as_one_after_the_other(limits: Limits, seed: int, held: int, depth: float, cut: int) -> None:
    levels, on = music(seed, held, depth)
    times = [3.0 + k / RATE for k in range(len(levels))]
    last, expected = LimiterState.dark(8), []
    for row, states, at in zip(levels, on.tolist(), times, strict=True):
        last = limit(last, row.tobytes(), states, limits, at)
        expected.append(last.frame())
    first, state = limited(LimiterState.dark(8), levels[:cut], on[:cut], limits, times[:cut])
    second, state = limited(state, levels[cut:], on[cut:], limits, times[cut:])
    assert first + second == expected
    assert state == last


def test_levels_are_rounded_as_by_the_limiter() -> None:
    levels = np.array([-0.2, 0.0, 0.49 / 255, 0.5 / 255, 0.5, 1.0, 1.5], np.float32)
    assert in_bytes(levels).tolist() == [0, 0, 0, 1, 128, 255, 255]
