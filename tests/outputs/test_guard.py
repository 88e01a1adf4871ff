"""Whatever is wanted, what the guard lets through keeps minimum times and the flash limit."""

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from yulelight.node.config import Kind, OutputConfig
from yulelight.outputs.guard import Guard
from yulelight.safety.limiter import Limits, Output, put_out

RATE = 86.13
KINDS: tuple[Kind, ...] = ("relay", "ssr", "dimmer")
outputs = st.lists(st.sampled_from(KINDS), min_size=1, max_size=6).map(
    lambda kinds: [OutputConfig(channel=n, type=kind) for n, kind in enumerate(kinds, 1)]
)


def light(node: list[OutputConfig], frame: tuple[bytes, tuple[bool, ...]]) -> float:
    """Share of the node's light that shows."""
    levels, on = frame
    return sum(x / 255 if o.dims else lit for o, x, lit in zip(node, levels, on, strict=True)) / len(node)


def flashes(times: list[float], field: list[float]) -> int:
    """Most flashes within one second: pairs of opposing changes of a tenth or more (WCAG 2.3.1)."""
    turns: list[float] = []
    extreme, direction = 0.0, -1
    for time, level in zip(times, field, strict=True):
        if direction * (level - extreme) > 0:
            extreme = level
        elif abs(level - extreme) >= 0.1:
            extreme, direction = level, -direction
            turns.append(time)
    return max((sum(t <= u < t + 1 for u in turns) // 2 for t in turns), default=0)


@given(outputs, st.data())
@settings(max_examples=60, deadline=None)
def test_no_light_flickers_whatever_arrives(node: list[OutputConfig], data: st.DataObject) -> None:
    guard, now = Guard(node), 100.0
    size = len(node)
    frames = data.draw(
        st.lists(
            st.tuples(
                st.sampled_from([0.001, 1 / RATE, 0.05, 0.3]),
                st.binary(min_size=size, max_size=size) | st.just(b"\xff" * size) | st.just(bytes(size)),
                st.lists(st.booleans(), min_size=size, max_size=size),
            ),
            max_size=80,
        )
    )
    times, field, since, before = [], [], [-math.inf] * size, (False,) * size
    for wait, levels, on in frames:
        now += wait
        shown = guard.allow(levels, tuple(on), now)
        dark = not any(levels) and not any(on)
        if dark:
            assert not any(shown[0]) and not any(shown[1])
        for n, output in enumerate(node):
            if shown[1][n] != before[n]:
                least = output.minimum_times[0 if before[n] else 1]
                # Dark comes at once; all else keeps its time, to the guard's hundredth.
                assert dark or now - since[n] >= least * 0.98
                since[n] = now
        before = shown[1]
        times.append(now)
        field.append(light(node, shown))
    assert flashes(times, field) <= 3


@given(st.lists(st.tuples(st.binary(min_size=8, max_size=8), st.floats(-0.0005, 0.0005)), max_size=120))
@settings(max_examples=40, deadline=None)
def test_what_the_service_allows_passes_unchanged(wanted: list[tuple[bytes, float]]) -> None:
    for kind in KINDS:
        guard = Guard([OutputConfig(channel=n, type=kind) for n in range(1, 9)])
        last, limits = Output.dark(8), Limits.even(8)
        for k, (levels, late) in enumerate(wanted):
            at = 10.0 + k / RATE
            last = put_out(last, [x / 255 for x in levels], [x > 127 for x in levels], limits, at)
            shown = guard.allow(*last.frame(), at + late)
            assert shown[0] == last.frame()[0] if kind == "dimmer" else shown[1] == last.frame()[1]


def test_what_is_forced_shows_and_is_remembered() -> None:
    guard = Guard(
        [OutputConfig(channel=1, type="relay", min_off=0.5), OutputConfig(channel=2, type="dimmer")]
    )
    assert guard.force(b"\xff\x80", (True, True), 1.0) == (b"\xff\x80", (True, True))
    assert guard.force(b"\0\x80", (False, True), 1.01) == (b"\0\x80", (False, True))
    assert guard.allow(b"\xff\x80", (True, True), 1.2)[1] == (False, True)
    assert guard.allow(b"\xff\x80", (True, True), 1.6)[1] == (True, True)
