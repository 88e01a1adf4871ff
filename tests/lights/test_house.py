"""A show in a certain house: its limits hold in every frame, and what fits stays as it is."""

import numpy as np

from tests.safety.oracle import flashes, luminance
from yulelight.lights.house import in_house
from yulelight.safety.limits import Kind, Limits
from yulelight.show.show import Show

RATE = 86.13
RELAY: Kind = "relay"
DIMMER: Kind = "dimmer"
KINDS = [RELAY] * 4 + [DIMMER] * 4


def show() -> Show:
    rng = np.random.default_rng(4)
    levels = np.repeat(rng.integers(0, 256, (40, 8)), 20, axis=0).astype(np.uint8)
    return Show(levels, levels > 127, RATE, (0.0,), "test", beats=(0.5, 1.0))


def test_a_budget_holds_in_every_frame() -> None:
    loads = [100, 100, 20, 20, 20, 20, 60, 60]
    limits = Limits.of(loads, 180, KINDS)
    shown = in_house(show(), limits)
    dimmed = np.vectorize(luminance)(shown.levels[:, 4:])
    watts = shown.switched[:, :4] @ loads[:4] + dimmed @ loads[4:]
    assert 100 < watts.max() <= 180.001
    assert flashes((np.arange(len(watts)) / RATE).tolist(), (watts / sum(loads)).tolist()) <= 3
    assert shown.beats == (0.5, 1.0)


def test_a_slow_show_stays_as_it_is() -> None:
    slow = show()
    slow = Show(slow.levels // 20, np.zeros_like(slow.switched), RATE, (0.0,), "test")
    assert np.array_equal(in_house(slow, Limits.of([1.0] * 8)).levels, slow.levels)


def test_an_empty_show_stays_empty() -> None:
    empty = Show(np.zeros((0, 8), np.uint8), np.zeros((0, 8), bool), RATE, (), "test")
    assert in_house(empty, Limits.even(8)).levels.shape == (0, 8)
