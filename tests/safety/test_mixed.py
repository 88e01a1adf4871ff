"""A house of dimmers and relays: what really flows keeps the budget and the flash limit, and relays their times."""

from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.safety.oracle import flashes, luminance
from tests.safety.test_flash import RATE
from tests.safety.test_limiter import eight, segments
from yulelight.safety.limiter import limit_levels
from yulelight.safety.limits import Kind, Limits
from yulelight.safety.state import LimiterState, black_out

kinds = st.lists(st.sampled_from(["relay", "ssr", "dimmer", None]), min_size=8, max_size=8).filter(any)


def emitted(output: LimiterState, types: Sequence[str | None]) -> list[float]:
    """What each channel emits; one that nobody named beside others dims."""
    levels, on = output.frame()
    return [
        float(lit) if kind in ("relay", "ssr") else luminance(level)
        for kind, level, lit in zip(types, levels, on, strict=True)
    ]


@settings(max_examples=150, deadline=None)
@given(segments, eight, st.floats(0.02, 1.2), kinds, st.sampled_from([20.0, RATE, 200.0]), st.booleans())
def test_whatever_is_wanted_all_limits_hold(
    parts: list[tuple[bytes, list[bool], int]],
    loads: list[float],
    share: float,
    types: list[Kind | None],
    rate: float,
    dark_in_between: bool,
) -> None:
    limits = Limits.of(loads, share * sum(loads), types)
    output, times, shown = LimiterState.dark(8), [], []
    since, k = [-9.0] * 8, 0
    for number, (levels, on, length) in enumerate(parts):
        for _ in range(length):
            now, before = k / rate, output.on
            blackout = dark_in_between and number % 7 == 6
            output = black_out(output, now) if blackout else limit_levels(output, levels, on, limits, now)
            for c in range(8):
                if output.on[c] != before[c]:
                    assert blackout or now - since[c] >= limits.times[c][not before[c]]
                    since[c] = now
            times.append(now)
            shown.append(emitted(output, types))
            k += 1
    lights, weights = np.array(shown), np.array(loads) / sum(loads)
    assert (lights @ weights).max() <= share + 1e-6
    assert flashes(times, (lights @ weights).tolist()) <= 3
    assert flashes(times, lights.mean(1).tolist()) <= 3
    for channel in lights.T:
        assert flashes(times, channel.tolist()) <= 3


def test_dimmers_make_room_for_relays() -> None:
    limits = Limits.of([100, 100, 50, 50], 200, ["relay", "relay", "dimmer", "dimmer"])
    output = LimiterState.dark(4)
    for k in range(300):
        output = limit_levels(output, [1.0] * 4, [k > 150, k > 250, True, True], limits, k / RATE)
        if k == 150:
            assert output.levels[2:] == b"\xff\xff"
        if k == 249:
            assert output.on[0]
            assert output.levels[2] >= 250
    assert output.on[:2] == (True, True)
    assert output.levels[2:] == b"\0\0"


def test_states_of_dimmers_and_levels_of_relays_take_no_power() -> None:
    limits = Limits.of([100, 100], 100, ["relay", "dimmer"])
    output = limit_levels(LimiterState.dark(2), [1.0, 0.0], [True, True], limits, 0.0)
    assert output.frame() == (b"\xff\x00", (True, True))


def test_relays_switch_no_faster_than_they_can_and_ssrs_faster() -> None:
    limits = Limits.of([1.0] * 3, None, ["relay", "ssr", "dimmer"])
    assert limits.times == ((0.1, 0.1), (0.04, 0.04), (0.0, 0.0))


def test_a_calm_mixed_show_passes_unchanged() -> None:
    limits = Limits.of([40, 60] * 4, None, ["relay", "dimmer"] * 4)
    output = LimiterState.dark(8)
    for k in range(int(6 * RATE)):
        swell = [0.5 - 0.5 * float(np.cos(2 * np.pi * k / RATE / 2))] * 8
        on = [(k // int(RATE) + c) % 4 < 2 for c in range(8)]
        output = limit_levels(output, swell, on, limits, k / RATE)
        if k > RATE / 2:
            assert list(output.levels) == [int(255 * x + 0.5) for x in swell]
            assert output.on == tuple(on)
