"""A house of dimmers and relays: what really flows keeps the budget and the flash limit, and relays their times."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.safety.test_flash import RATE, flashes
from tests.safety.test_limiter import eight, segments
from yulelight.node.config import MINIMUM_TIMES as NODE_TIMES
from yulelight.safety.limiter import Output, black_out, put_out
from yulelight.safety.limits import MINIMUM_TIMES, Limits

kinds = st.lists(st.sampled_from(["relay", "ssr", "dimmer", None]), min_size=8, max_size=8).filter(any)


def real(output: Output, limits: Limits) -> float:
    levels, on = output.frame()
    return float(np.dot(limits.dimmed, np.frombuffer(levels, np.uint8) / 255) + np.dot(limits.switched, on))


@settings(max_examples=150, deadline=None)
@given(segments, eight, st.floats(0.02, 1.2), kinds, st.sampled_from([20.0, RATE, 200.0]), st.booleans())
def test_whatever_is_wanted_all_limits_hold(parts, loads, share, types, rate, dark_in_between) -> None:
    limits = Limits.of(loads, share * sum(loads), types)
    output, times, shown = Output.dark(8), [], []
    since, k = [-9.0] * 8, 0
    for number, (levels, on, length) in enumerate(parts):
        for _ in range(length):
            now, before = k / rate, output.on
            blackout = dark_in_between and number % 7 == 6
            output = black_out(output, now) if blackout else put_out(output, levels, on, limits, now)
            for c in range(8):
                if output.on[c] != before[c]:
                    assert blackout or now - since[c] >= limits.times[c][not before[c]]
                    since[c] = now
            times.append(now)
            shown.append((real(output, limits), sum(output.levels) / 8, sum(output.on) / 8))
            k += 1
    fields = np.array(shown)
    assert fields[:, 0].max() <= share + 1e-6
    assert flashes(times, fields[:, 0]) <= 3


@settings(max_examples=60, deadline=None)
@given(segments, kinds)
def test_each_way_of_showing_is_safe_by_itself_too(parts, types) -> None:
    limits = Limits.of([1.0] * 8, None, types)
    output, fields = Output.dark(8), []
    wanted = [(levels, on) for levels, on, length in parts for _ in range(length)]
    for k, (levels, on) in enumerate(wanted):
        output = put_out(output, levels, on, limits, k / RATE)
        fields.append((sum(output.levels) / 8, sum(output.on) / 8))
    times = np.arange(len(wanted)) / RATE
    for field in np.array(fields).T:
        assert flashes(times, field) <= 3


def test_dimmers_make_room_for_relays() -> None:
    limits = Limits.of([100, 100, 50, 50], 200, ["relay", "relay", "dimmer", "dimmer"])
    output = Output.dark(4)
    for k in range(300):
        output = put_out(output, [1.0] * 4, [k > 150, k > 250, True, True], limits, k / RATE)
        if k == 150:
            assert output.levels[2:] == (1.0, 1.0)
        if k == 249:
            assert output.on[0]
            assert 0.98 < output.levels[2] <= 1.0
    assert output.on[:2] == (True, True)
    assert output.levels[2:] == (0.0, 0.0)


def test_states_of_dimmers_and_levels_of_relays_take_no_power() -> None:
    limits = Limits.of([100, 100], 100, ["relay", "dimmer"])
    output = put_out(Output.dark(2), [1.0, 0.0], [True, True], limits, 0.0)
    assert output.frame() == (b"\xff\x00", (True, True))


def test_relays_switch_no_faster_than_they_can_and_ssrs_faster() -> None:
    limits = Limits.of([1.0] * 8, None, ["relay", "ssr", *["dimmer"] * 6])
    assert limits.times[:3] == ((0.1, 0.1), (0.04, 0.04), (0.0, 0.0))
    assert {kind: seconds for kind, seconds in MINIMUM_TIMES.items() if kind} == dict(NODE_TIMES)


def test_a_calm_mixed_show_passes_unchanged() -> None:
    limits = Limits.of([40, 60] * 4, None, ["relay", "dimmer"] * 4)
    output = Output.dark(8)
    for k in range(int(6 * RATE)):
        swell = [0.5 - 0.5 * float(np.cos(2 * np.pi * k / RATE / 2))] * 8
        on = [(k // int(RATE) + c) % 4 < 2 for c in range(8)]
        output = put_out(output, swell, on, limits, k / RATE)
        if k > RATE / 2:
            assert output.levels == tuple(swell)
            assert output.on == tuple(on)
