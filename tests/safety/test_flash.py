"""The promise that matters most: whatever is wanted, no second holds more than three flashes of the house."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.safety.oracle import flashes, luminance
from yulelight.safety.frame import LightFrame
from yulelight.safety.limiter import limit_levels
from yulelight.safety.limits import Light, Limits
from yulelight.safety.state import LimiterState, black_out

RATE = 86.13
EVEN = Limits.even(8)
LOADS = (0.3, 0.2, 0.15, 0.1, 0.1, 0.05, 0.05, 0.05)
UNEVEN = Limits(
    tuple(Light(channel=n, load=load, min_on=0.0, min_off=0.0) for n, load in enumerate(LOADS, 1)), 8
)


def shown(
    wanted: Sequence[tuple[Sequence[float], Sequence[bool]]], limits: Limits, rate: float = RATE
) -> list[LightFrame]:
    """The frames as they really go out."""
    output, frames = LimiterState.dark(8), []
    for k, (levels, on) in enumerate(wanted):
        output = limit_levels(output, levels, on, limits, k / rate)
        frames.append(output.frame())
    return frames


def ways_to_see(frames: Sequence[LightFrame], loads: Sequence[float]) -> dict[str, list[float]]:
    """What lights of unknown kind may emit: all of them, even and by load, and each alone; shares of their full."""
    ways = {
        "dimmed": [[luminance(x) for x in levels] for levels, _ in frames],
        "evenly": [[x / 255 for x in levels] for levels, _ in frames],
        "switched": [[float(x) for x in on] for _, on in frames],
    }
    seen = {}
    for way, rows in ways.items():
        seen[f"{way}, even"] = [sum(row) / len(row) for row in rows]
        seen[f"{way}, by load"] = [
            sum(x * w for x, w in zip(row, loads, strict=True)) / sum(loads) for row in rows
        ]
        if way != "evenly":
            seen |= {f"{way}, channel {c + 1}": [row[c] for row in rows] for c in range(len(rows[0]))}
    return seen


def both(pattern: np.ndarray) -> list[tuple[list[float], list[bool]]]:
    return [(row.tolist(), (row > 0.5).tolist()) for row in pattern]


def assert_safe(
    wanted: Sequence[tuple[Sequence[float], Sequence[bool]]], limits: Limits, rate: float = RATE
) -> None:
    times = [k / rate for k in range(len(wanted))]
    loads = [light.load for light in limits.lights]
    for way, light in ways_to_see(shown(wanted, limits, rate), loads).items():
        assert flashes(times, light) <= 3, way


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
    output, frames = LimiterState.dark(8), []
    times = [k * 0.03 for k in range(len(steps))]
    for now, step in zip(times, steps, strict=True):
        if step == "blackout":
            output = black_out(output, now)
            assert output.frame() == (bytes(8), (False,) * 8)
        else:
            output = limit_levels(output, [levels[step]] * 8, [levels[step] > 0] * 8, EVEN, now)
        frames.append(output.frame())
    for way, light in ways_to_see(frames, [1.0] * 8).items():
        assert flashes(times, light) <= 3, way


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.booleans(), min_size=8, max_size=8), min_size=2, max_size=200))
def test_minimum_times_hold_in_what_is_emitted(pattern: list[list[bool]]) -> None:
    output, since = LimiterState.dark(8), [-10.0] * 8
    for k, on in enumerate(pattern):
        now, before = k * 0.02, output.on
        output = limit_levels(output, [float(x) for x in on], on, EVEN, now)
        for c in range(8):
            if output.on[c] != before[c]:
                assert now - since[c] >= 0.1
                since[c] = now


def test_a_calm_show_passes_unchanged() -> None:
    """One slow swell and fall a second is nobody's danger and must not be touched."""
    times = np.arange(int(5 * RATE)) / RATE
    swell = (0.5 - 0.5 * np.cos(2 * np.pi * times))[:, None] * np.linspace(0.3, 1.0, 8)
    output = LimiterState.dark(8)
    for k, row in enumerate(swell):
        output = limit_levels(output, row.tolist(), (False,) * 8, EVEN, k / RATE)
        assert list(output.levels) == [int(255 * x + 0.5) for x in row.tolist()]


def test_the_limit_keeps_what_channels_show_against_each_other() -> None:
    """Light that may not rise is held back in all channels: none gets brighter than one that should be brighter."""
    output = LimiterState.dark(8)
    shape = np.array([0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35])
    for k in range(400):
        wanted = shape + (0.6 if k % 8 < 4 else 0.0)
        output = limit_levels(output, wanted.tolist(), (False,) * 8, EVEN, k / RATE)
        assert list(output.levels) == sorted(output.levels)


def test_what_was_held_back_comes_when_it_may() -> None:
    output = LimiterState.dark(8)
    for k in range(200):
        on = k < 40 and k % 4 < 2
        output = limit_levels(output, [float(on)] * 8, [on] * 8, EVEN, k / 20)
    assert output.frame() == (bytes(8), (False,) * 8)
