"""What is steady, or almost, in levels and not in light: each of these once passed the limit."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.safety.oracle import flashes, luminance
from yulelight.encoder.catalogue import find
from yulelight.encoder.model import load
from yulelight.lights.house import in_house
from yulelight.outputs.guard import Guard
from yulelight.safety.frame import LightFrame
from yulelight.safety.limiter import limit
from yulelight.safety.limits import Light, Limits
from yulelight.safety.state import LimiterState, black_out
from yulelight.show.render import render

OFF = (False,) * 8
DIMMERS = Limits(tuple(Light(channel=n, kind="dimmer") for n in range(1, 9)), 8)


def emitted(frames: list[bytes], limits: Limits, rate: float, least: float = 0.0) -> list[float]:
    """The light of the house when these levels are wanted."""
    output, light = LimiterState.dark(8), []
    for k, levels in enumerate(frames):
        output = limit(output, levels, OFF, limits, k / rate)
        light.append(sum(luminance(x, least=least) for x in output.levels) / 8)
    return light


def safe(light: list[float], rate: float) -> bool:
    return flashes([k / rate for k in range(len(light))], light) <= 3


def test_brightness_that_goes_to_and_fro() -> None:
    """0.95 and 0.88 of full differ by 0.07 in level and by 0.13 in light."""
    frames = [bytes([round(255 * (0.95 if k % 2 else 0.88))] * 8) for k in range(100)]
    assert not safe([sum(map(luminance, levels)) / 8 for levels in frames], 20)
    assert safe(emitted(frames, DIMMERS, 20), 20)


def test_all_channels_at_half_and_half_of_the_channels_at_full() -> None:
    """Both are half of all levels, and the second is more than twice the light."""
    frames = [bytes([128] * 8 if k % 2 else [255, 0] * 4) for k in range(100)]
    assert not safe([sum(map(luminance, levels)) / 8 for levels in frames], 20)
    assert safe(emitted(frames, DIMMERS, 20), 20)


def test_lamps_that_begin_at_a_minimum() -> None:
    """With ``minimum = 0.3`` the lowest level is almost a third of the light."""
    limits = Limits(tuple(Light(channel=n, kind="dimmer", minimum=0.3) for n in range(1, 9)), 8)
    frames = [bytes([k % 2] * 8) for k in range(100)]
    assert not safe([sum(luminance(x, least=0.3) for x in levels) / 8 for levels in frames], 20)
    assert safe(emitted(frames, limits, 20, least=0.3), 20)


@pytest.mark.parametrize("gamma", [1.0, 4.0])
def test_lamps_of_another_curve(gamma: float) -> None:
    limits = Limits(tuple(Light(channel=n, kind="dimmer", gamma=gamma) for n in range(1, 9)), 8)
    output, light = LimiterState.dark(8), []
    for k in range(200):
        output = limit(output, bytes([255 if k % 2 else 225] * 8), OFF, limits, k / 20)
        light.append(sum(luminance(x, gamma) for x in output.levels) / 8)
    assert safe(light, 20)


def test_blackout_and_all_on_ten_times_a_second() -> None:
    output, light = LimiterState.dark(8), []
    for k in range(200):
        lit = limit(output, b"\xff" * 8, (True,) * 8, DIMMERS, k / 20)
        output = black_out(output, k / 20) if k % 2 else lit
        light.append(sum(map(luminance, output.levels)) / 8)
    assert max(light) == 1.0
    assert safe(light, 20)


@pytest.mark.real_audio
@pytest.mark.parametrize(("song", "nodes"), [("electro_energetic_rat", 2), ("ambient_echo", 8)])
def test_songs_whose_balance_nodes_once_broke(song: str, nodes: int, real_audio: Path) -> None:
    found = list(real_audio.glob(f"{song}*"))
    if not found:
        pytest.skip(f"{real_audio} has no {song}")
    lamps = [Light(channel=n, kind="relay", node=f"node-{(n - 1) * nodes // 8}") for n in range(1, 9)]
    show = in_house(render(found[0], load(find("wide", ()))), Limits(tuple(lamps), 8))
    frames: list[LightFrame] = [
        (levels.tobytes(), tuple(on)) for levels, on in zip(show.levels, show.switched.tolist(), strict=True)
    ]
    lit = [[0.0] * 8 for _ in frames]
    for node in {lamp.node for lamp in lamps}:
        own = [lamp for lamp in lamps if lamp.node == node]
        guard = Guard(own, lamps)
        for k, (levels, on) in enumerate(frames):
            _, shown = guard.allow(levels, on, k / show.rate)
            for lamp, state in zip(own, shown, strict=True):
                assert state == on[lamp.channel - 1]
                lit[k][lamp.channel - 1] = float(state)
    times = [k / show.rate for k in range(len(lit))]
    assert flashes(times, [sum(row) / 8 for row in lit]) <= 3
    for light in zip(*lit, strict=True):
        assert flashes(times, light) <= 3


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.05, 2))
def test_a_house_that_is_described_anew_keeps_its_past(seed: int, after: float) -> None:
    """Nodes come and go, and dimmers turn out to be relays: what flashed before still counts."""
    chance = random.Random(seed)
    houses = [
        Limits(tuple(Light(channel=n, kind="relay", node=f"{n * nodes // 9}") for n in range(1, 9)), 8)
        for nodes in (1, 2, 8)
    ]
    houses.append(Limits.even(8))
    output, times, rows, told = LimiterState.dark(8), [], [], houses[0]
    for k in range(600):
        now = k / 50
        if chance.random() < 1 / (50 * after):
            told = chance.choice(houses)
        on = tuple(chance.random() < 0.5 for _ in range(8)) if chance.random() < 0.3 else output.on
        output = limit(output, bytes(8), on, told, now)
        times.append(now)
        rows.append([float(lit) for lit in output.on])
    assert flashes(times, [sum(row) / 8 for row in rows]) <= 3
    for alone in zip(*rows, strict=True):
        assert flashes(times, alone) <= 3
