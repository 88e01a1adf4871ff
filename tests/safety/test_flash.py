"""The promise that matters most: whatever is wanted, no second holds more than three flashes of the house."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yulelight.safety.limiter import Output, black_out, put_out
from yulelight.safety.limits import Limits

RATE = 86.13
EVEN = Limits.even(8)
UNEVEN = Limits((0.3, 0.2, 0.15, 0.1, 0.1, 0.05, 0.05, 0.05), ((0.0, 0.0),) * 8, (None,) * 8)


def flashes(times: Sequence[float], field: Sequence[float], change: float = 0.1) -> int:
    """Most flashes in any second, counted afresh for each window: pairs of opposing moves of ``change``."""
    times, field = np.asarray(times), np.asarray(field)
    worst = 0
    for k, start in enumerate(times):
        window = field[k : np.searchsorted(times, start + 1.0)]
        low = high = window[0]
        direction, moves = 0, 0
        for value in window[1:]:
            low, high = min(low, value), max(high, value)
            if direction <= 0 and value - low >= change - 1e-9:
                direction, high, moves = 1, value, moves + 1
            elif direction >= 0 and high - value >= change - 1e-9:
                direction, low, moves = -1, value, moves + 1
            if direction == 1:
                low = high = max(high, value)
            elif direction == -1:
                low = high = min(low, value)
        worst = max(worst, moves // 2)
    return worst


def shown(
    wanted: Sequence[tuple[Sequence[float], Sequence[bool]]], limits: Limits, rate: float = RATE
) -> tuple[np.ndarray, np.ndarray]:
    """The fields (frames,) that dimmers and relays show, from the frames as they really go out."""
    output = Output.dark(8)
    dimmed, switched = [], []
    for k, (levels, on) in enumerate(wanted):
        output = put_out(output, levels, on, limits, k / rate)
        emitted, states = output.frame()
        dimmed.append(np.dot(limits.weights, np.frombuffer(emitted, np.uint8) / 255))
        switched.append(np.dot(limits.weights, states))
    return np.array(dimmed), np.array(switched)


def both(pattern: np.ndarray) -> list[tuple[list[float], list[bool]]]:
    return [(row.tolist(), (row > 0.5).tolist()) for row in pattern]


def assert_safe(
    wanted: Sequence[tuple[Sequence[float], Sequence[bool]]], limits: Limits, rate: float = RATE
) -> None:
    times = np.arange(len(wanted)) / rate
    for field in shown(wanted, limits, rate):
        assert flashes(times, field) <= 3


@pytest.mark.parametrize("limits", [EVEN, UNEVEN])
@pytest.mark.parametrize("hertz", [1, 2, 3, 4, 5, 7, 11, 15, 21.5, 30])
def test_square_waves_are_tamed(hertz: float, limits: Limits) -> None:
    times = np.arange(int(4 * RATE)) / RATE
    wave = (np.floor(times * 2 * hertz) % 2)[:, None] * np.ones(8)
    assert_safe(both(wave), limits)


def test_noise_is_tamed() -> None:
    noise = np.random.default_rng(7).random((800, 8)).round()
    assert_safe(both(noise), EVEN)
    assert_safe(both(noise), UNEVEN)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_pattern_gets_through(data: st.DataObject) -> None:
    """Patterns made of held frames, which reach deeper than independent noise does."""
    segments = data.draw(
        st.lists(
            st.tuples(
                st.lists(st.floats(0, 1), min_size=8, max_size=8),
                st.lists(st.booleans(), min_size=8, max_size=8),
                st.integers(1, 25),
            ),
            min_size=1,
            max_size=60,
        )
    )
    frames = [(levels, on) for levels, on, length in segments for _ in range(length)]
    assert_safe(
        frames, data.draw(st.sampled_from([EVEN, UNEVEN])), data.draw(st.sampled_from([20.0, RATE, 200.0]))
    )


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(["full", "half", "dark", "blackout"]), min_size=1, max_size=150))
def test_blackout_in_between_is_safe_too(steps: list[str]) -> None:
    levels = {"full": 1.0, "half": 0.5, "dark": 0.0}
    output, dimmed, switched = Output.dark(8), [], []
    times = np.arange(len(steps)) * 0.03
    for now, step in zip(times, steps, strict=True):
        if step == "blackout":
            output = black_out(output, now)
            assert output.frame() == (bytes(8), (False,) * 8)
        else:
            output = put_out(output, [levels[step]] * 8, [levels[step] > 0] * 8, EVEN, now)
        dimmed.append(sum(output.levels) / 8)
        switched.append(sum(output.on) / 8)
    assert flashes(times, dimmed) <= 3
    assert flashes(times, switched) <= 3


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.booleans(), min_size=8, max_size=8), min_size=2, max_size=200))
def test_minimum_times_hold_in_what_is_emitted(pattern: list[list[bool]]) -> None:
    output, since = Output.dark(8), [-10.0] * 8
    for k, on in enumerate(pattern):
        now, before = k * 0.02, output.on
        output = put_out(output, [float(x) for x in on], on, EVEN, now)
        for c in range(8):
            if output.on[c] != before[c]:
                assert now - since[c] >= 0.1
                since[c] = now


def test_a_calm_show_passes_unchanged() -> None:
    """One slow swell and fall a second is nobody's danger and must not be touched."""
    times = np.arange(int(5 * RATE)) / RATE
    swell = (0.5 - 0.5 * np.cos(2 * np.pi * times))[:, None] * np.linspace(0.3, 1.0, 8)
    output = Output.dark(8)
    for k, row in enumerate(swell):
        output = put_out(output, row.tolist(), (False,) * 8, EVEN, k / RATE)
        assert output.levels == tuple(row.tolist())


def test_the_limit_keeps_what_channels_show_against_each_other() -> None:
    """A field that may not rise is darkened as a whole: the order and the distances of the channels stay."""
    output = Output.dark(8)
    shape = np.array([0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35])
    for k in range(400):
        wanted = shape + (0.6 if k % 8 < 4 else 0.0)
        output = put_out(output, wanted.tolist(), (False,) * 8, EVEN, k / RATE)
        assert np.allclose(np.diff(output.levels), np.diff(shape), atol=1e-9) or min(output.levels) == 0


def test_what_was_held_back_comes_when_it_may() -> None:
    output = Output.dark(8)
    for k in range(200):
        on = k < 40 and k % 4 < 2
        output = put_out(output, [float(on)] * 8, [on] * 8, EVEN, k / 20)
    assert output.frame() == (bytes(8), (False,) * 8)
