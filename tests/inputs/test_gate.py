"""When an input sounds: properties of the gate and of the rule which input is lit."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yulelight.inputs.gate import Gate, level
from yulelight.inputs.rule import Bid, winner

TENTH = 4410


def sound(decibels: float) -> np.ndarray:
    """A tenth of a second of a square wave."""
    wave = np.full(TENTH, 10 ** (decibels / 20), np.float32)
    wave[::2] *= -1
    return np.stack([wave, wave], axis=1)


@pytest.mark.parametrize("decibels", [0, -6, -20, -60, -90])
def test_the_level_of_a_square_wave(decibels: float) -> None:
    assert level(sound(decibels)) == pytest.approx(decibels, abs=0.01)


def test_a_sine_is_three_decibels_below_a_square() -> None:
    sine = np.sin(np.arange(44_100) * 2 * np.pi * 1000 / 44_100).astype(np.float32)
    assert level(np.stack([sine, sine], axis=1)) == pytest.approx(-3.01, abs=0.01)


@pytest.mark.parametrize("odd", [0.0, math.nan, math.inf, -math.inf])
def test_odd_samples_are_silence(odd: float) -> None:
    assert level(np.full((100, 2), odd, np.float32)) == -120


def test_a_click_does_not_open_it_and_a_pause_does_not_close_it() -> None:
    gate = Gate(-50, 2.0)
    assert not any(gate.push(sound(-10 if k % 10 < 2 else -80)) for k in range(100))
    assert [gate.push(sound(-40)) for _ in range(5)] == [False, False, True, True, True]
    assert all(gate.push(sound(-80)) for _ in range(19))
    assert gate.push(sound(-40))
    assert [gate.push(sound(-80)) for _ in range(21)].index(False) in (19, 20)


@given(st.lists(st.floats(-55.9, -50.1), max_size=100), st.booleans())
def test_between_the_levels_nothing_changes(levels: list[float], begun: bool) -> None:
    gate = Gate(-50, 1.0)
    for _ in range(5 if begun else 0):
        gate.push(sound(-20))
    assert all(gate.push(sound(each)) is begun for each in levels)


def test_a_source_that_is_gone_is_silent() -> None:
    gate = Gate(-50, 20.0)
    for _ in range(4):
        gate.push(sound(-20))
    assert gate.nothing(19.0) and not gate.nothing(1.5)


BIDS = st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(-2, 2)), unique_by=lambda bid: bid[0])


@given(BIDS, st.sampled_from("abcdef") | st.none())
def test_nobody_of_higher_priority_is_dark(pairs: list[tuple[str, int]], lit: str | None) -> None:
    chosen = winner([Bid(*pair) for pair in pairs], lit)
    ranks = dict(pairs)
    if not pairs:
        assert chosen is None
        return
    assert chosen is not None and ranks[chosen] == max(ranks.values())
    if lit in ranks and ranks[lit] == max(ranks.values()):
        assert chosen == lit
    else:
        assert chosen == next(name for name, rank in pairs if rank == max(ranks.values()))
