"""Nodes show the same frame one after the other, in any order: what is seen in between counts, too."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.safety.oracle import flashes, luminance
from yulelight.safety.limiter import limit, limit_levels
from yulelight.safety.limits import Kind, Light, Limits
from yulelight.safety.state import LimiterState

NODES = 3
frames = st.lists(
    st.tuples(
        st.lists(st.sampled_from([0.0, 0.3, 0.6, 0.8, 1.0]), min_size=NODES, max_size=NODES),
        st.integers(1, 12),
    ),
    min_size=1,
    max_size=40,
)


@pytest.mark.parametrize("kind", ["relay", "dimmer"])
@settings(max_examples=80, deadline=None)
@given(frames, st.integers(0, 2**32 - 1))
def test_in_whatever_order_nodes_change_the_house_keeps_the_limit(
    kind: Kind, wanted: list[tuple[list[float], int]], seed: int
) -> None:
    lights = tuple(
        Light(channel=n, kind=kind, node=f"node {n}", min_on=0.0, min_off=0.0) for n in range(1, NODES + 1)
    )
    limits, output, order = Limits(lights, NODES), LimiterState.dark(NODES), random.Random(seed)
    now, lit, times, light = 0.0, [0.0] * NODES, [0.0], [0.0]
    for levels, length in wanted:
        for _ in range(length):
            now += 0.03
            output = limit_levels(output, levels, [level > 0.5 for level in levels], limits, now)
            for place, n in enumerate(order.sample(range(NODES), NODES)):
                lit[n] = luminance(output.levels[n]) if kind == "dimmer" else float(output.on[n])
                times.append(now + place * 0.005)
                light.append(sum(lit) / NODES)
    assert flashes(times, light) <= 3


def test_a_slow_change_of_all_nodes_passes_unchanged() -> None:
    lights = tuple(Light(channel=n, kind="dimmer", node=f"node {n}") for n in range(1, NODES + 1))
    limits, output = Limits(lights, NODES), LimiterState.dark(NODES)
    for k in range(200):
        level = abs(100 - k) / 100
        output = limit_levels(output, [level] * NODES, [False] * NODES, limits, k * 0.03)
        assert output.levels == bytes([round(level * 255 + 1e-9)] * NODES)


@pytest.mark.parametrize("darker_first", [True, False])
@pytest.mark.parametrize("kind", ["relay", "dimmer"])
def test_two_nodes_that_swap_their_light_do_not_flash_together(kind: Kind, *, darker_first: bool) -> None:
    """Five swaps a second: either light alone flashes less than three times, and their sum never changes in a frame."""
    lights = tuple(Light(channel=n, kind=kind, node=f"node {n}", min_on=0.0, min_off=0.0) for n in (1, 2))
    limits, output = Limits(lights, 2), LimiterState.dark(2)
    lit, times, light = [0.0, 0.0], [0.0], [0.0]
    for k in range(20):
        now, levels = 1.0 + k * 0.2, [float(k % 2 == 0), float(k % 2 == 1)]
        output = limit_levels(output, levels, [level > 0 for level in levels], limits, now)
        shown = [luminance(x) for x in output.levels] if kind == "dimmer" else [float(x) for x in output.on]
        rising = sorted((0, 1), key=lambda n: shown[n] - lit[n], reverse=not darker_first)
        for place, n in enumerate(rising):
            lit[n] = shown[n]
            times.append(now + place * 0.03)
            light.append(sum(lit) / 2)
    assert flashes(times, light) <= 3
    assert max(light) >= 0.5


@pytest.mark.parametrize("seed", range(12))
def test_what_is_held_back_is_shown_in_the_end(seed: int) -> None:
    """Channels of several nodes, of different loads, go one after the other, within the grain of what is remembered."""
    chance = random.Random(seed)
    loads = [chance.choice([10.0, 21.0, 23.0]) for _ in range(4)]
    lights = tuple(
        Light(channel=n, kind="dimmer", load=load * (1 + n % 3), node=f"node {k}")
        for k, load in enumerate(loads)
        for n in range(1, 9)
    )
    limits, state, now = Limits(lights, 8), LimiterState.dark(8), 0.0
    wanted = bytearray(8)
    for round_ in range(24):
        for channel in range(8):
            wanted[channel] = 0 if round_ % 2 else 255
            now += chance.choice([0.0005, 0.002, 0.01, 0.03])
            state = limit(state, bytes(wanted), (False,) * 8, limits, now)
        for _ in range(chance.randrange(60)):
            now += 0.02
            state = limit(state, bytes(wanted), (False,) * 8, limits, now)
    for _ in range(250):
        now += 0.02
        state = limit(state, bytes(wanted), (False,) * 8, limits, now)
    assert state.levels == bytes(wanted)
