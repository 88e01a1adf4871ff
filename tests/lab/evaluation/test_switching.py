"""Known answers of the figures that need no song."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from yulelight.lab.evaluation import switching

RATE = 100.0


def lights(*channels: list[int]) -> np.ndarray:
    return np.array(channels, bool).T


def test_dead_and_stuck_channels() -> None:
    on = np.zeros((1000, 4), bool)
    on[:, 1] = True
    on[:500, 2] = True
    on[:30, 3] = True
    assert switching.dead(on) == 1
    assert switching.stuck(on) == 1
    assert switching.on_share(on).tolist() == pytest.approx([0, 1, 0.5, 0.03])


def test_toggles_are_changes_a_second_and_channel() -> None:
    on = np.zeros((200, 2), bool)
    on[50:100, 0] = on[120:130, 0] = True
    assert switching.toggles(on, RATE) == pytest.approx(4 / 2 / 2)


def test_pulses_shorter_than_a_tenth_of_a_second() -> None:
    on = np.zeros((200, 2), bool)
    on[10:19, 0] = on[50:60, 0] = on[100:150, 1] = on[195:, 1] = True
    assert switching.short_pulses(on, RATE) == pytest.approx(2 / 4)
    assert switching.short_pulses(np.zeros((10, 2), bool), RATE) == 0


def test_channels_that_are_one_and_channels_that_are_not() -> None:
    noise = np.random.default_rng(1).random((5000, 8))
    same = np.repeat(noise[:, :1], 8, axis=1)
    assert switching.correlation(same) == pytest.approx(1)
    assert switching.used_channels(same) == pytest.approx(1)
    assert switching.correlation(noise) < 0.03
    assert switching.used_channels(noise) > 7.8


def test_opposites_tell_the_same_story() -> None:
    wave = np.random.default_rng(2).random(100)
    assert switching.correlation(np.stack([wave, 1 - wave], axis=1)) == pytest.approx(1)


def test_nothing_moves() -> None:
    still = np.full((50, 8), 0.4)
    assert np.isnan(switching.correlation(still))
    assert switching.used_channels(still) == 0


@given(arrays.arrays(bool, st.tuples(st.integers(2, 60), st.integers(1, 8))))
def test_a_show_and_its_negative_toggle_alike(on: np.ndarray) -> None:
    assert switching.toggles(on, RATE) == switching.toggles(~on, RATE)
    assert switching.dead(on) == switching.stuck(~on)


@given(arrays.arrays(float, (30, 8), elements=st.floats(0, 1)))
def test_use_of_channels_is_between_none_and_all(levels: np.ndarray) -> None:
    assert 0 <= switching.used_channels(levels) <= 8 + 1e-6
