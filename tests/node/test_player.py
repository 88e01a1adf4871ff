"""The player on a clock of the test's own, with the event loop's real timers."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import pairwise

from tests.mqtt.house import eventually
from yulelight.core.messages import CHANNELS, Packet
from yulelight.mqtt.clock import ClockFilter
from yulelight.node.config import NodeConfig, OutputConfig
from yulelight.node.drivers.simulated import SimulatedDriver
from yulelight.node.node import timed
from yulelight.outputs.timeline import Frame

AHEAD = 300_000_000
FULL = b"\xff" * CHANNELS
ON = (True,) * CHANNELS
PATIENT = 60.0
"""Seconds without a word after which it fades: longer than any machine stands still."""
RELAYS = NodeConfig(
    outputs=tuple(OutputConfig(channel=n, type="relay") for n in range(1, 9)), deadline=PATIENT
)


def synced() -> ClockFilter:
    """A service whose clock is AHEAD µs ahead of ours."""
    sync = ClockFilter()
    now = round(time.monotonic() * 1e6)
    for n in range(8):
        sync.add(now + n, now + n + AHEAD, now + n + AHEAD, now + n)
    return sync


class Stage:
    """A player and what its driver was told: (seconds, levels, states)."""

    def __init__(self, config: NodeConfig) -> None:
        self.shown: list[tuple[float, bytes, tuple[bool, ...]]] = []
        self.frames: list[tuple[float, Frame]] = []
        driver = SimulatedDriver(on_show=self._shown, draw=False, outputs=len(config.outputs))
        self.player = timed(driver, synced(), config, on_frame=self._framed)
        self._sequence = 0

    def _shown(self, levels: bytes, switched: tuple[bool, ...]) -> None:
        self.shown.append((time.monotonic(), levels, switched))

    def _framed(self, frame: Frame) -> None:
        self.frames.append((time.monotonic() * 1e6, frame))

    @property
    def last(self) -> tuple[bytes, tuple[bool, ...]]:
        return self.shown[-1][1:]

    def send(self, levels: bytes, switched: tuple[bool, ...] | None = None) -> None:
        """A frame that starts now."""
        self._sequence += 1
        states = switched or tuple(level >= 128 for level in levels)
        at = self.player.local_us() + AHEAD
        self.player.feed(Packet(1, self._sequence, at, 5_000, (levels,), (states,)))


@asynccontextmanager
async def playing(config: NodeConfig | None = None) -> AsyncIterator[Stage]:
    stage = Stage(config or NodeConfig(deadline=1.5))
    task = asyncio.create_task(stage.player.run())
    try:
        yield stage
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_frames_are_shown_in_order_and_hardly_before_their_moment() -> None:
    async with playing() as stage:
        at = stage.player.local_us() + AHEAD + 50_000
        levels = tuple(bytes([n]) * CHANNELS for n in range(1, 11))
        stage.player.feed(Packet(1, 1, at, 5_000, levels, (ON,) * 10))
        await eventually(lambda: stage.frames and stage.frames[-1][1].levels == levels[-1])
        moments = [frame.at for _, frame in stage.frames]
        assert moments == sorted(moments)
        for when, frame in stage.frames:
            assert when >= frame.at - AHEAD - 1_000
            assert frame.levels == levels[(frame.at - at) // 5_000]
        assert stage.player.shown + stage.player.timeline.dropped == 10


async def test_it_fades_when_nobody_leads_any_more_and_comes_back() -> None:
    async with playing() as stage:
        for _ in range(2):
            stage.send(FULL)
            assert stage.player.led
            await eventually(lambda: stage.shown and stage.last[0] == FULL)
            await eventually(lambda: not stage.player.led and not any(stage.last[0]))
            fade = [levels[0] for _, levels, _ in stage.shown]
            assert fade == sorted(fade, reverse=True)
            stage.shown.clear()


async def test_a_fade_ends_at_the_idle_scene_and_relays_switch_once() -> None:
    outputs = (
        OutputConfig(channel=1, type="relay", idle=255),
        OutputConfig(channel=2, type="relay"),
        OutputConfig(channel=3, type="dimmer", idle=90),
    )
    async with playing(NodeConfig(outputs=outputs, deadline=PATIENT)) as stage:
        idle = (bytes([255, 0, 90]), (True, False, False))
        await eventually(lambda: stage.shown and stage.last == idle)
        stage.send(bytes([0, 255, 0]))
        await eventually(lambda: stage.last == (bytes([0, 255, 0]), (False, True, False)))
        stage.player.leave()
        await eventually(lambda: stage.last == idle)
        for n in range(2):
            changes = [on[n] for _, _, on in stage.shown]
            assert sum(a != b for a, b in pairwise(changes)) <= 2


async def test_a_relay_keeps_its_minimum_time_and_still_gets_there() -> None:
    async with playing(RELAYS) as stage:
        stage.send(FULL)
        await eventually(lambda: stage.shown and stage.last[1] == ON)
        stage.send(b"\xff" * 7 + b"\0")
        await eventually(lambda: stage.last[1] == (*ON[:7], False))
        on, off = (next(when for when, _, states in stage.shown if states[7] is lit) for lit in (True, False))
        off = next(when for when, _, states in stage.shown if not states[7] and when > on)
        assert off - on > 0.09
        assert stage.player.limited == 1


async def test_channels_that_a_packet_does_not_have_are_dark_and_others_are_not_ours() -> None:
    outputs = tuple(OutputConfig(channel=n, type="dimmer") for n in (12, 2))
    async with playing(NodeConfig(outputs=outputs, deadline=PATIENT)) as stage:
        stage.send(bytes(range(1, 65)))
        await eventually(lambda: stage.shown and stage.last[0] == bytes([12, 2]))
        stage.send(b"\x07\x08")
        await eventually(lambda: stage.last[0] == bytes([0, 8]))
        stage.send(b"\x09")
        await eventually(lambda: stage.last[0] == bytes([0, 0]))


async def test_after_a_rescue_it_goes_on() -> None:
    async with playing(NodeConfig(deadline=PATIENT)) as stage:
        stage.send(FULL)
        await eventually(lambda: stage.shown and stage.last[0] == FULL)
        stage.player.rescue()
        assert not any(stage.last[0])
        stage.player.recovered()
        await eventually(lambda: stage.last[0] == FULL)


async def test_packets_of_the_past_do_not_lead() -> None:
    stage = Stage(NodeConfig())
    stage.player.feed(Packet(1, 1, stage.player.local_us(), 5_000, (FULL,), (ON,)))
    assert not stage.player.led
    assert stage.player.timeline.late == 1


class Clock:
    """Stands still while the machine does, so that nothing is late by it."""

    def __init__(self) -> None:
        self.now = time.monotonic()

    def __call__(self) -> float:
        return self.now

    async def until(self, condition: Callable[[], object]) -> None:
        """Runs, never faster than the real one, until ``condition`` holds."""
        async with asyncio.timeout(PATIENT):
            while not condition():
                await asyncio.sleep(0.001)
                self.now += 0.001


class Ahead(SimulatedDriver):
    """Gets frames ahead of time; does not wait, but notes when each was to be shown."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(draw=False)
        self._clock = clock
        self.moments: list[tuple[int, float, float]] = []

    def show_in(
        self, levels: bytes, switched: tuple[bool, ...], wait: float, shown: Callable[[int], None]
    ) -> None:
        self.moments.append((levels[0], self._clock() + wait, wait))
        shown(0)


async def test_a_driver_with_a_clock_gets_frames_ahead_and_each_once() -> None:
    clock = Clock()
    driver = Ahead(clock)
    player = timed(driver, synced(), NodeConfig(), clock=clock)
    task = asyncio.create_task(player.run())
    at = player.local_us() + AHEAD + 50_000
    levels = tuple(bytes([n]) * CHANNELS for n in (1, 2, 2, 3, 4))
    player.feed(Packet(1, 1, at, 10_000, levels, (ON,) * 5))
    await clock.until(lambda: driver.moments and driver.moments[-1][0] == 4)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert [level for level, _, _ in driver.moments] == sorted({level for level, _, _ in driver.moments})
    for level, moment, wait in driver.moments:
        place = {1: 0, 2: 1, 3: 3, 4: 4}[level]
        assert moment > (at - AHEAD + place * 10_000) / 1e6 - 0.001
        assert wait <= 0.016
    assert driver.moments[1][1] - driver.moments[1][2] < driver.moments[0][1], "two go at once"
    assert (player.shown, player.timeline.dropped) == (5, 0)
