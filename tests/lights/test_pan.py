"""Light that follows the sound across the house."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from yulelight.lights.house import in_house
from yulelight.lights.pan import LEAN, steered
from yulelight.safety.limits import Limits
from yulelight.show.pan import STEPS, in_steps
from yulelight.show.show import Show

ACROSS = [-1.0, -0.7, -0.4, -0.1, 0.1, 0.4, 0.7, 1.0]
levels = st.binary(min_size=8, max_size=8)
sides = st.floats(-1, 1)


@given(levels, sides, st.lists(sides, min_size=8, max_size=8))
def test_what_leans_stays_light(row: bytes, pan: float, places: list[float]) -> None:
    on = tuple(level > 9 for level in row)
    shown, lit = steered((row, on), pan, places)
    assert lit == on
    for before, after, place in zip(row, shown, places, strict=True):
        assert abs(after - min(255, before * (1 + LEAN * pan * place))) <= 0.5
        assert (after > 0) == (before > 0) or before == 1


@given(levels)
def test_no_side_and_no_place_change_nothing(row: bytes) -> None:
    frame = (row, (True,) * 8)
    assert steered(frame, 0.0, ACROSS) == frame
    assert steered(frame, 1.0, [0.0] * 8) == frame


def show(pan: list[float]) -> Show:
    frames = len(pan)
    return Show(
        np.full((frames, 8), 120, np.uint8),
        np.ones((frames, 8), np.bool_),
        86.13,
        (0.0,),
        "mel",
        pan=in_steps(np.array(pan, np.float32)),
    )


def test_the_house_leans_to_the_side_of_the_sound() -> None:
    moved = show(list(np.sin(np.arange(860) / 86)))
    made = in_house(moved, Limits.even(8), ACROSS)
    balance = made.levels[:, 4:].mean(1) - made.levels[:, :4].mean(1)
    assert np.corrcoef(balance[100:], moved.pan[100:])[0, 1] > 0.99
    assert np.ptp(balance) > 80
    np.testing.assert_array_equal(made.switched, in_house(moved, Limits.even(8)).switched)


def test_a_house_without_places_stays_as_it_is() -> None:
    moved = show([0.0, 1.0, -1.0] * 50)
    plain, told = in_house(moved, Limits.even(8)), in_house(moved, Limits.even(8), [0.0] * 8)
    np.testing.assert_array_equal(plain.levels, told.levels)
    assert set(moved.pan.tolist()) == {0, STEPS, -STEPS}
