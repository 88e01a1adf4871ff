"""Whatever arrives, what the guard lets through keeps minimum times and the flash limit; alone, and beside others."""

import math
import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.safety.oracle import flashes, luminance
from yulelight.node.config import OutputConfig
from yulelight.outputs import guard as guard_module
from yulelight.outputs.guard import Guard
from yulelight.safety.frame import LightFrame
from yulelight.safety.limiter import limit
from yulelight.safety.limits import Kind, Light, Limits
from yulelight.safety.state import LimiterState

RATE = 86.13
KINDS: tuple[Kind, ...] = ("relay", "ssr", "dimmer")
outputs = st.lists(st.sampled_from(KINDS), min_size=1, max_size=6).map(
    lambda kinds: [OutputConfig(channel=n, type=kind, minimum=0.2) for n, kind in enumerate(kinds, 1)]
)


def lights(node: Sequence[OutputConfig]) -> list[Light]:
    return [output.light() for output in node]


def emitted(node: Sequence[OutputConfig], frame: LightFrame) -> list[float]:
    """What each output emits."""
    return [
        luminance(x, o.gamma, o.minimum) if o.dims else float(lit)
        for o, x, lit in zip(node, *frame, strict=True)
    ]


@given(outputs, st.data())
@settings(max_examples=60, deadline=None)
def test_no_light_flickers_whatever_arrives(node: list[OutputConfig], data: st.DataObject) -> None:
    guard, now = Guard(lights(node)), 100.0
    size = len(node)
    frames = data.draw(
        st.lists(
            st.tuples(
                st.sampled_from([0.001, 1 / RATE, 0.05, 0.3]),
                st.binary(min_size=size, max_size=size) | st.just(b"\xff" * size) | st.just(bytes(size)),
                st.lists(st.booleans(), min_size=size, max_size=size),
                st.sampled_from(["packet", "packet", "packet", "idle", "darken"]),
            ),
            max_size=80,
        )
    )
    times, shown, since, before = [], [], [-math.inf] * size, (False,) * size
    rose, last = -math.inf, bytes(size)
    for wait, levels, on, how in frames:
        now += wait
        ways = {"packet": guard.allow, "idle": guard.idle, "darken": guard.darken}
        frame = ways[how](levels, tuple(on), now)
        dark = not any(levels) and not any(on)
        if dark and now - rose > 0.08:  # other nodes may still be on their way up
            assert not any(frame[0]) and not any(frame[1])
        if any(a > b for a, b in zip((*frame[0], *frame[1]), (*last, *before), strict=True)):
            rose = now
        last = frame[0]
        for n, output in enumerate(node):
            if frame[1][n] != before[n]:
                least = {"relay": 0.1, "ssr": 0.04, "dimmer": 0.0}[output.type]
                # To darken, all are free; else a light keeps its time, to the guard's hundredth.
                assert before[n] or now - since[n] >= least * 0.98
                assert not before[n] or how != "packet" or dark or now - since[n] >= least * 0.98
                since[n] = now
        before = frame[1]
        times.append(now)
        shown.append(emitted(node, frame))
    assert flashes(times, [sum(row) / size for row in shown]) <= 3
    for channel in zip(*shown, strict=True):
        assert flashes(times, channel) <= 3


wanted = st.lists(st.tuples(st.binary(min_size=8, max_size=8), st.integers(1, 12)), max_size=40)
LOADS = (100.0, 100.0, 40.0, 40.0, 60.0, 60.0, 20.0, 20.0)


def house(kind: Kind, nodes: int, *, even: bool = True) -> list[Light]:
    """Eight lights, each of ``nodes`` with its share of them."""
    return [
        Light(channel=n, kind=kind, node=f"node-{(n - 1) * nodes // 8}", load=1.0 if even else LOADS[n - 1])
        for n in range(1, 9)
    ]


def guards(lamps: Sequence[Light], nodes: int) -> list[tuple[Guard, list[Light]]]:
    """The guard of each node, with what hangs on it."""
    made = []
    for n in range(nodes):
        own = [light for light in lamps if light.node == f"node-{n}"]
        made.append((Guard(own, lamps), own))
    return made


def from_service(parts: Sequence[tuple[bytes, int]], limits: Limits) -> list[tuple[float, LightFrame]]:
    """A stream of frames that the service's limits let pass."""
    output = LimiterState.dark(8)
    sent: list[tuple[float, LightFrame]] = []
    for levels in (levels for levels, length in parts for _ in range(length)):
        at = 10.0 + len(sent) / RATE
        output = limit(output, levels, [x > 127 for x in levels], limits, at)
        sent.append((at, output.frame()))
    return sent


@pytest.mark.parametrize("nodes", [1, 2, 4, 8])
@pytest.mark.parametrize("kind", ["relay", "dimmer"])
@settings(max_examples=20, deadline=None)
@given(wanted, st.booleans(), st.floats(0, 0.06))
def test_what_kept_the_limit_of_the_house_passes_every_node_unchanged(
    kind: Kind, nodes: int, parts: list[tuple[bytes, int]], even: bool, late: float
) -> None:
    lamps = house(kind, nodes, even=even)
    sent = from_service(parts, Limits(tuple(lamps), 8))
    for guard, own in guards(lamps, nodes):
        for at, (levels, on) in sent:
            shown = guard.allow(levels, on, at + late)
            for n, light in enumerate(own):
                c = light.channel - 1
                assert shown[1][n] == on[c] if kind == "relay" else shown[0][n] == levels[c]


def house_light(
    lamps: Sequence[Light], streams: dict[int, list[tuple[float, float]]]
) -> tuple[list[float], list[list[float]]]:
    """When anything changed, and what every lamp emitted then; ``streams`` by channel: what it emits from when on."""
    events = sorted(
        (at, light.channel, value) for light in lamps for at, value in streams.get(light.channel, [])
    )
    now = {light.channel: 0.0 for light in lamps}
    times: list[float] = []
    rows: list[list[float]] = []
    for at, channel, value in events:
        now[channel] = value
        if times and at == times[-1]:
            rows[-1] = list(now.values())
        else:
            times.append(at)
            rows.append(list(now.values()))
    return times, rows


def assert_safe(lamps: Sequence[Light], streams: dict[int, list[tuple[float, float]]]) -> None:
    times, rows = house_light(lamps, streams)
    loads = [light.load for light in lamps]
    assert flashes(times, [sum(row) / len(row) for row in rows]) <= 3
    by_load = [sum(a * b for a, b in zip(loads, row, strict=True)) / sum(loads) for row in rows]
    assert flashes(times, by_load) <= 3
    for light in zip(*rows, strict=True):
        assert flashes(times, light) <= 3


def play(
    guard: Guard, own: Sequence[Light], heard: Sequence[tuple[float, LightFrame]], late: float
) -> dict[int, list[tuple[float, float]]]:
    """What ``own`` emit, by channel, on a node that is ``late`` by so much."""
    streams: dict[int, list[tuple[float, float]]] = {light.channel: [] for light in own}
    for at, (levels, on) in heard:
        shown = guard.allow(levels, on, at)
        for n, light in enumerate(own):
            value = float(shown[1][n]) if light.kind == "relay" else luminance(shown[0][n])
            streams[light.channel].append((at + late, value))
    return streams


@pytest.mark.parametrize("nodes", [2, 4, 8])
@pytest.mark.parametrize("kind", ["relay", "dimmer"])
@settings(max_examples=30, deadline=None)
@given(wanted, st.lists(st.floats(0, 0.06), min_size=8, max_size=8), st.booleans())
def test_nodes_sixty_milliseconds_apart_stay_within_it_together(
    kind: Kind, nodes: int, parts: list[tuple[bytes, int]], late: list[float], even: bool
) -> None:
    lamps = house(kind, nodes, even=even)
    sent = from_service(parts, Limits(tuple(lamps), 8))
    streams: dict[int, list[tuple[float, float]]] = {}
    for (guard, own), behind in zip(guards(lamps, nodes), late, strict=False):
        streams |= play(guard, own, sent, behind)
    assert_safe(lamps, streams)


@pytest.mark.parametrize("nodes", [2, 4, 8])
@pytest.mark.parametrize("kind", ["relay", "dimmer"])
@settings(max_examples=30, deadline=None)
@given(wanted, st.lists(st.floats(0, 0.06), min_size=8, max_size=8))
def test_forged_packets_that_all_nodes_hear_do_no_harm(
    kind: Kind, nodes: int, parts: list[tuple[bytes, int]], late: list[float]
) -> None:
    lamps = house(kind, nodes)
    if kind == "dimmer":  # of darkness that dimmers are told in between, see docs/safety.md
        parts = [(levels if any(levels) else b"\1" + bytes(7), length) for levels, length in parts]
    forged = [(levels, tuple(x > 127 for x in levels)) for levels, length in parts for _ in range(length)]
    heard = [(10.0 + k / RATE, frame) for k, frame in enumerate(forged)]
    streams: dict[int, list[tuple[float, float]]] = {}
    for (guard, own), behind in zip(guards(lamps, nodes), late, strict=False):
        streams |= play(guard, own, heard, behind)
    assert_safe(lamps, streams)


@pytest.mark.parametrize("kind", ["relay", "dimmer"])
@settings(max_examples=30, deadline=None)
@given(wanted, st.integers(0, 1))
def test_with_one_of_two_nodes_missing_the_other_is_safe(
    kind: Kind, parts: list[tuple[bytes, int]], missing: int
) -> None:
    lamps = house(kind, 2)
    sent = from_service(parts, Limits(tuple(lamps), 8))
    guard, own = guards(lamps, 2)[1 - missing]
    assert_safe(own, play(guard, own, sent, 0.0))


@pytest.mark.parametrize("kind", ["relay", "dimmer"])
@settings(max_examples=30, deadline=None)
@given(wanted, st.integers(0, 400))
def test_a_node_that_joins_in_the_middle_of_a_song_does_no_harm(
    kind: Kind, parts: list[tuple[bytes, int]], joins: int
) -> None:
    lamps = house(kind, 2)
    sent = from_service(parts, Limits(tuple(lamps), 8))
    (first, at_first), (second, at_second) = guards(lamps, 2)
    streams = play(first, at_first, sent, 0.0)
    streams |= play(second, at_second, sent[joins % (len(sent) + 1) :], 0.0)
    assert_safe(lamps, streams)


def test_an_idle_scene_that_is_lit_passes_no_limit() -> None:
    """Somebody says offline and dark in turns, ten times a second."""
    guard = Guard([Light(channel=1, kind="dimmer"), Light(channel=2, kind="relay")])
    times, shown = [], []
    for k in range(60):
        frame = (
            guard.idle(b"\xff\xff", (True, True), 5 + k / 20)
            if k % 2
            else guard.allow(bytes(8), (False,) * 8, 5 + k / 20)
        )
        times.append(5 + k / 20)
        shown.append((luminance(frame[0][0]) + frame[1][1]) / 2)
    assert max(shown) > 0.9
    assert flashes(times, shown) <= 3


def test_it_may_always_get_darker() -> None:
    guard = Guard([Light(channel=1, kind="relay", min_on=5.0), Light(channel=2, kind="dimmer")])
    assert guard.allow(b"\xff\x80", (True, True), 1.0) == (b"\xff\x80", (True, True))
    assert guard.darken(b"\xff\x10", (False, True), 1.01) == (b"\xff\x10", (False, True))
    assert guard.darken(b"\xff\xff", (True, True), 1.02) == (b"\xff\x10", (False, True))
    assert guard.allow(bytes(8), (False,) * 8, 1.03) == (b"\0\0", (False, False))


@pytest.mark.parametrize("nodes", [2, 4, 8])
@pytest.mark.parametrize("kinds", ["relay", "mixed", "dimmer"])
@settings(max_examples=4, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_ten_seconds_of_anything_from_nodes_apart(kinds: str, nodes: int, seed: int) -> None:
    """Lights that change at random, often two nodes' within the 60 ms by which they differ."""
    chance = random.Random(seed)
    types: list[Kind] = ["relay", "dimmer"] * 4 if kinds == "mixed" else [cast("Kind", kinds)] * 8
    lamps = [replace(light, kind=kind) for light, kind in zip(house("relay", nodes), types, strict=True)]
    wanted, on = bytearray(8), [False] * 8
    output, limits, sent = LimiterState.dark(8), Limits(tuple(lamps), 8), []
    for k in range(860):
        for c in range(8):
            if chance.random() < 0.06:
                on[c] = not on[c]
            if chance.random() < 0.06:
                wanted[c] = chance.choice([0, 60, 128, 180, 255])
        output = limit(output, bytes(wanted), on, limits, 10 + k / RATE)
        sent.append((10 + k / RATE, output.frame()))
    streams: dict[int, list[tuple[float, float]]] = {}
    for guard, own in guards(lamps, nodes):
        streams |= play(guard, own, sent, chance.uniform(0, 0.06))
    assert_safe(lamps, streams)


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_whatever_is_said_of_the_others_own_lights_are_safe(seed: int) -> None:
    """The house is described anew again and again: forged loads, lights that are not there, others on our channels."""
    chance = random.Random(seed)
    own = [Light(channel=n, kind="relay" if n % 2 else "dimmer", node="porch") for n in range(1, 5)]
    guard, times, rows = Guard(own), [], []
    for k in range(500):
        now = 10 + k / 50
        if chance.random() < 0.05:
            others = [
                Light(
                    channel=chance.randint(1, 64),
                    kind=chance.choice(["relay", "ssr", "dimmer", None]),
                    load=chance.choice([0.001, 1.0, 1e5]),
                    node=chance.choice(["porch", "shed", ""]),
                )
                for _ in range(chance.randint(0, 12))
            ]
            guard.learn([*own, *others] if chance.random() < 0.5 else others, now)
        levels = bytes(chance.choice([0, 100, 255]) for _ in range(8))
        shown = guard.allow(levels, [chance.random() < 0.5 for _ in range(8)], now)
        times.append(now)
        rows.append(
            [lit if n % 2 == 0 else luminance(x) for n, (x, lit) in enumerate(zip(*shown, strict=True))]
        )
    assert flashes(times, [sum(row) / 4 for row in rows]) <= 3
    for alone in zip(*rows, strict=True):
        assert flashes(times, alone) <= 3


def test_lights_of_a_node_without_a_name_keep_the_limit_among_themselves() -> None:
    """One after the other comes on and goes off, each seldom, and elsewhere another goes off and comes on."""
    guard, times, light = Guard([Light(channel=n, kind="relay") for n in (1, 2, 3)]), [], []
    for k in range(60):
        pulses = [k % 6 == 2 * n for n in range(3)]
        times.append(10 + k / 9)
        _, on = guard.allow(bytes([1] * 8), [*pulses, *(not lit for lit in pulses), False, False], times[-1])
        light.append(sum(on) / 3)
    assert flashes(times, light) <= 3


@settings(deadline=None)
@given(wanted, st.sampled_from(KINDS), st.integers(0, 39))
def test_guards_that_share_their_work_show_what_each_would_alone(
    parts: list[tuple[bytes, int]], kind: Kind, away: int
) -> None:
    """Three of the same lights: two hear all, one misses a frame; and each again, with nobody to share with."""
    own = house(kind, 1)

    def shown(together: bool) -> list[list[LightFrame]]:
        guards = [Guard(own, own) for _ in range(3)]
        found: list[list[LightFrame]] = [[], [], []]
        now = 0.0
        for number, (levels, frames) in enumerate(parts):
            now += frames / RATE
            states = tuple(level > 127 for level in levels)
            for index, guard in enumerate(guards):
                if not together:
                    guard_module._shared.clear()
                if index == 2 and number == away:
                    continue
                if index == 1 and number == away + 2:
                    found[index].append(guard.idle(bytes(8), (False,) * 8, now))
                found[index].append(guard.allow(levels, states, now))
        return found

    assert shown(True) == shown(False)


def test_many_guards_judge_once(monkeypatch: pytest.MonkeyPatch) -> None:
    judged = []

    def counted(*given: Any, **named: Any) -> LimiterState:
        judged.append(given)
        return limit(*given, **named)

    monkeypatch.setattr(guard_module, "limit", counted)
    own = house("dimmer", 1)
    many = [Guard(own) for _ in range(100)]
    for guard in many:
        guard.learn(own)
    for n, guard in enumerate(many):  # each at a moment of its own, as a heartbeat is
        guard.allow(bytes(8), (False,) * 8, -1 + n / 1000)
    judged.clear()
    for k in range(20):
        levels = bytes([0 if k in (5, 9) else 12 * k + 1] * 8)
        assert len({guard.allow(levels, (True,) * 8, k / 40) for guard in many}) == 1
    assert len(judged) == 20


def test_a_guard_that_missed_something_shares_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    own = house("dimmer", 1)
    guards = [Guard(own, own) for _ in range(2)]
    guards[1].allow(bytes([200] * 8), (False,) * 8, 0.0)  # alone
    for k in range(200):
        levels = bytes([255 if k // 20 % 2 else 0] * 8)
        for guard in guards:
            guard.allow(levels, (False,) * 8, 1 + k / 20)
    assert guards[0]._last is guards[1]._last


@pytest.mark.parametrize(("early", "shown"), [(0.0004, False), (0.004, True)])
def test_what_kept_the_minimum_times_passes_though_it_arrives_half_a_millisecond_early(
    early: float, shown: bool
) -> None:
    """The service counts from moment to moment; on the way to a node each of them is late by another bit."""
    guard = Guard([Light(channel=n, kind="relay", min_on=0.1, min_off=0.1) for n in (1, 2)])
    assert guard.allow(b"\xff\xff", (True, True), 10.0)[1] == (True, True)
    assert guard.allow(b"\0\xff", (False, True), 10.1 - early)[1] == (shown, True)
