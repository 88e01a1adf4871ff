"""Flashes are counted as people would count them."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yulelight.lab.evaluation.flashes import flashes, turns, worst_channel

RATE = 100.0


def square(hertz: float, seconds: float = 4.0, depth: float = 1.0) -> np.ndarray:
    times = np.arange(int(seconds * RATE)) / RATE
    return depth * (np.floor(2 * hertz * times + 1e-9) % 2)


@pytest.mark.parametrize("hertz", [1, 2, 4, 5, 10, 25])
def test_a_square_wave_flashes_as_often_as_its_frequency(hertz: int) -> None:
    assert flashes(square(hertz), RATE) == hertz


def test_a_change_of_less_than_a_tenth_is_none() -> None:
    assert flashes(square(5, depth=0.09), RATE) == 0
    assert flashes(square(5, depth=0.11), RATE) == 5


def test_going_on_once_and_off_once_is_no_flash_more_than_one() -> None:
    field = np.zeros(300)
    field[100:150] = 1
    assert turns(field) == [150]
    assert flashes(field, RATE) == 0


def test_small_steps_add_up_to_a_move() -> None:
    triangle = np.abs((np.arange(400) / RATE * 4) % 2 - 1)
    assert flashes(triangle, RATE) == 2


def test_of_channels_the_worst_counts() -> None:
    lights = np.stack([square(2), square(7), square(1)], axis=1)
    assert worst_channel(lights, RATE) == 7


def test_nothing_has_none() -> None:
    assert flashes(np.empty(0), RATE) == 0
    assert flashes(np.full(50, 0.7), RATE) == 0


fields = st.lists(st.floats(0, 1), min_size=2, max_size=200).map(np.array)


@given(fields, st.integers(1, 5))
def test_holding_each_frame_longer_changes_no_turn(field: np.ndarray, times: int) -> None:
    assert len(turns(np.repeat(field, times))) == len(turns(field))


@given(fields)
def test_light_and_its_negative_flash_alike(field: np.ndarray) -> None:
    eighths = np.round(field * 64) / 64
    assert turns(eighths) == turns(1 - eighths)


@given(fields)
def test_turns_are_real_reversals(field: np.ndarray) -> None:
    found = turns(field)
    assert found == sorted(set(found))
    for first, second in pairwise(found):
        part = field[first : second + 1]
        assert part.max() - part.min() >= 0.1
