"""The power budget: never exceeded in what is really put out, and the flash limit holds beside it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.safety.oracle import luminance
from tests.safety.test_flash import RATE, assert_safe, shown
from yulelight.safety.budget import levels_within_budget
from yulelight.safety.limiter import limit_levels
from yulelight.safety.limits import Limits
from yulelight.safety.state import LimiterState

OFF = (False,) * 8
eight = st.lists(st.floats(1, 200), min_size=8, max_size=8)
segments = st.lists(
    st.tuples(
        st.lists(st.floats(0, 1), min_size=8, max_size=8),
        st.lists(st.booleans(), min_size=8, max_size=8),
        st.integers(1, 25),
    ),
    min_size=1,
    max_size=60,
)


@settings(max_examples=120, deadline=None)
@given(segments, eight, st.floats(0.02, 1.2), st.sampled_from([20.0, RATE]))
def test_neither_budget_nor_flash_limit_is_ever_broken(
    parts: list[tuple[list[float], list[bool], int]], loads: list[float], share: float, rate: float
) -> None:
    total = sum(loads)
    limits = Limits.of(loads, share * total)
    wanted = [(levels, on) for levels, on, length in parts for _ in range(length)]
    for levels, on in shown(wanted, limits, rate):
        # Of dimmers nobody described, each takes its level's share at most.
        assert np.dot(loads, np.frombuffer(levels, np.uint8) / 255) <= share * total * (1 + 1e-6)
        assert np.dot(loads, on) <= share * total * (1 + 1e-6)
    assert_safe(wanted, limits, rate)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), eight, st.floats(0.2, 0.9))
def test_minimum_times_hold_under_a_budget(seed: int, loads: list[float], share: float) -> None:
    rng = np.random.default_rng(seed)
    limits = Limits.of(loads, share * sum(loads))
    output, since = LimiterState.dark(8), [-9.0] * 8
    for k in range(200):
        before = output.on
        output = limit_levels(
            output, rng.random(8).tolist(), (rng.random(8) < 0.5).tolist(), limits, k * 0.03
        )
        for c in range(8):
            if output.on[c] != before[c]:
                assert k * 0.03 - since[c] >= 0.1 - 1e-9
                since[c] = k * 0.03


@given(st.binary(min_size=8, max_size=8), eight, st.floats(1, 2000))
def test_levels_are_dimmed_in_proportion_and_only_when_they_must(
    levels: bytes, loads: list[float], budget: float
) -> None:
    limits = Limits.of(loads, budget)
    dimmed = levels_within_budget(levels, OFF, limits)
    wanted = np.frombuffer(levels, np.uint8) / 255
    if np.dot(loads, wanted) <= budget - 0.01 * sum(loads):
        assert dimmed == levels
    shown = np.frombuffer(dimmed, np.uint8) / 255
    assert np.dot(loads, shown) <= budget + 1e-6
    brightest = int(np.argmax(wanted))
    if wanted[brightest] > 0:
        factor = shown[brightest] / wanted[brightest]
        assert np.allclose(shown, factor * wanted, atol=1.01 / 255)


def test_a_dimmer_takes_the_power_of_the_light_it_emits() -> None:
    limits = Limits.of([100.0] * 4, 200, ["dimmer"] * 4)
    half = max(level for level in range(256) if luminance(level) <= 0.5)
    assert levels_within_budget(bytes([half] * 4), OFF[:4], limits) == bytes([half] * 4)
    assert max(levels_within_budget(bytes([half + 20] * 4), OFF[:4], limits)) <= half


def test_the_brightest_that_fit_stay_on() -> None:
    limits = Limits.of([50, 50, 100, 25, 25, 50, 50, 50], 160)
    levels = [0.1, 0.9, 1.0, 0.2, 0.3, 0.5, 0.5, 0.5]
    output = limit_levels(LimiterState.dark(8), levels, [True] * 8, limits, 0.0)
    assert np.flatnonzero(output.on).tolist() == [1, 2]
    few = [True, False, True, True, True, False, False, False]
    output = limit_levels(LimiterState.dark(8), levels, few, limits, 0.0)
    assert np.flatnonzero(output.on).tolist() == [2, 3, 4]


def test_who_may_not_go_off_yet_keeps_its_place_in_the_budget() -> None:
    limits = Limits.of([50] * 8, 60)
    levels = [0.0, 1.0, *[0.5] * 6]
    first = limit_levels(LimiterState.dark(8), levels, [True, *OFF[1:]], limits, 0.0)
    assert limit_levels(first, levels, [True] * 8, limits, 0.05).on == (True, *OFF[1:])


def test_without_a_budget_loads_only_weigh() -> None:
    limits = Limits.of([10, 30])
    assert limit_levels(LimiterState.dark(2), [1.0, 1.0], [True, True], limits, 0.0).frame() == (
        b"\xff\xff",
        (True, True),
    )


@pytest.mark.parametrize("budget", [400, 1000])
def test_a_budget_that_suffices_changes_nothing(budget: float) -> None:
    limits = Limits.of([50] * 8, budget)
    full = limit_levels(LimiterState.dark(8), [1.0] * 8, [True] * 8, limits, 0.0)
    assert full.frame() == (b"\xff" * 8, (True,) * 8)
