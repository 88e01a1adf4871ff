import asyncio
import contextlib
import itertools
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import partial

import pytest

from tests.mqtt.house import Broker, Ear, House, ear, eventually
from yulelight.core.errors import NetworkError
from yulelight.core.messages import CHANNELS, Packet
from yulelight.mqtt.payloads import NodeHealth
from yulelight.mqtt.topics import is_id
from yulelight.node.config import NodeConfig
from yulelight.node.drivers.simulated import SimulatedDriver
from yulelight.node.node import LightNode, own_id
from yulelight.outputs.timeline import Frame

DARK = bytes(CHANNELS)
FULL = b"\xff" * CHANNELS
PORCH = "yulelight/ab12/node/porch/status"


@dataclass
class Porch:
    """A node and what its lights showed."""

    node: LightNode
    shown: list[bytes] = field(default_factory=lambda: [b"?"])
    frames: list[tuple[float, Frame]] = field(default_factory=list)

    @property
    def lit(self) -> bool:
        return any(self.shown[-1])


@contextlib.asynccontextmanager
async def porch(house: House, service: str | None = "ab12", deadline: float = 1.5) -> AsyncIterator[Porch]:
    shown: list[bytes] = [b"?"]
    frames: list[tuple[float, Frame]] = []
    node = LightNode(
        NodeConfig(id="porch", service=service, deadline=deadline),
        house.address,
        SimulatedDriver(on_show=lambda levels, switched: shown.append(levels), draw=False),
        on_frame=lambda frame: frames.append((time.monotonic() * 1e6, frame)),
    )
    task = asyncio.create_task(node.run())
    try:
        yield Porch(node, shown, frames)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert shown[-1] == DARK


@contextlib.asynccontextmanager
async def show(house: House) -> AsyncIterator[None]:
    """Full light, said again five times a second as the service does, until the context is left."""

    async def play() -> None:
        for sequence in itertools.count():
            at = round(time.monotonic() * 1e6) + 20_000
            house.packets.publish(Packet(7, sequence, at, 11_610, (FULL,), ((True,) * CHANNELS,)))
            await asyncio.sleep(0.2)

    task = asyncio.create_task(play())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def joined(heard: Ear) -> None:
    """Wait until the node is there."""
    await eventually(lambda: any(json.loads(status)["online"] for status in heard.on(PORCH)[-1:]))


async def test_it_finds_the_service_and_shows_its_frames_in_time(house: House) -> None:
    async with house.bridged(), porch(house, service=None, deadline=10.0) as lights:
        await eventually(lights.node.pinger.synced.is_set)
        await asyncio.sleep(0.1)
        # Of now: what it learns later does not make better what it shows first.
        rtt = lights.node.sync.rtt
        start = round(time.monotonic() * 1e6) + 1_000_000
        levels = tuple(bytes([n]) * CHANNELS for n in range(1, 31))
        for part in range(3):
            ten = levels[part * 10 : part * 10 + 10]
            on = ((True,) * CHANNELS,) * 10
            house.packets.publish(Packet(7, part, start + part * 200_000, 20_000, ten, on))
        await eventually(lambda: lights.frames and lights.frames[-1][1].levels == levels[-1])
        moments = [frame.at for _, frame in lights.frames]
        assert moments == sorted(moments)
        for when, frame in lights.frames:
            assert frame.levels == levels[(frame.at - start) // 20_000]
            # One machine, one clock: never early by more than what a ping cannot know.
            assert when >= frame.at - rtt - 2_000
        health = lights.node.health()
        assert abs(health.offset_us) <= health.rtt_us + 2_000
        assert health.shown == len(lights.frames)


async def test_it_is_known_while_it_is_there(house: House) -> None:
    async with house.bridged(), ear(house.address) as heard:
        async with porch(house):
            await joined(heard)
            await eventually(lambda: house.nodes.all["porch"].status.online)
            assert house.nodes.all["porch"].status.driver == "simulated"
        await eventually(lambda: not house.nodes.all["porch"].status.online)
        await eventually(lambda: not json.loads(heard.on(PORCH)[-1])["online"])


async def test_it_is_dark_without_its_broker_and_comes_back(house: House, broker: Broker) -> None:
    async with house.bridged(), porch(house) as lights, show(house):
        await eventually(lambda: lights.lit)
        await broker.stop()
        await eventually(lambda: not lights.lit)
        await broker.start()
        await eventually(lambda: lights.lit)


async def test_it_is_dark_when_the_service_goes_and_comes_back_with_it(house: House) -> None:
    async with porch(house, deadline=60.0) as lights:
        for _ in range(2):
            async with house.bridged(), show(house):
                await eventually(lambda: lights.lit)
            # Long before the deadline: the service said goodbye.
            await eventually(lambda: not lights.lit)


async def test_it_is_dark_when_the_service_is_there_but_silent(house: House) -> None:
    async with house.bridged(), porch(house) as lights:
        for _ in range(2):
            async with show(house):
                await eventually(lambda: lights.lit)
            await eventually(lambda: not lights.lit)


async def test_a_flood_of_nonsense_is_counted_and_survived(house: House) -> None:
    async with house.bridged(), porch(house) as lights, ear(house.address) as outside:
        await eventually(lights.node.pinger.synced.is_set)
        async with show(house):
            await eventually(lambda: lights.lit)
            for n in range(300):
                await outside.client.publish("yulelight/ab12/frames", b"YL" + bytes([n % 256]) * (n % 90))
                await outside.client.publish("yulelight/ab12/clock/porch/pong", b'{"t0":1,"t1":2,"t2":3}')
            await eventually(lambda: lights.node.bad > 0)
            lights.shown.clear()
            lights.shown.append(DARK)
            await eventually(lambda: lights.lit)
        assert lights.node.sync.resets == 0


async def test_a_step_of_the_wall_clock_does_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    # Half as patient as the clock steps, and more than a machine that stands still needs.
    async with house.bridged(), porch(house, deadline=30.0) as lights, show(house):
        await eventually(lambda: lights.frames)
        now = time.time

        def more_frames_than(count: int) -> bool:
            return len(lights.frames) > count

        def stepped(step: float) -> float:
            return now() + step

        for step in (60.0, -60.0):
            monkeypatch.setattr(time, "time", partial(stepped, step))
            lights.shown.clear()
            seen = len(lights.frames)
            await eventually(partial(more_frames_than, seen + 5))
            assert DARK not in lights.shown
        assert lights.node.sync.resets == 0


async def test_of_several_services_one_has_to_be_named(house: House) -> None:
    async with house.bridged("north"), house.bridged("south"):
        node = LightNode(NodeConfig(id="porch"), house.address, SimulatedDriver(draw=False))
        with pytest.raises(NetworkError, match=r"north, south; say which one with --service"):
            await asyncio.wait_for(node.run(), 20)
        async with porch(house, service="south") as lights, show(house):
            await eventually(lambda: lights.lit)


async def test_it_waits_for_a_service_and_says_so_once(
    house: House, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yulelight.mqtt.online._SETTLE", 0.1)
    async with porch(house, service=None) as lights:
        await eventually(lambda: "waiting for one" in caplog.text)
        async with house.bridged(), show(house):
            await eventually(lambda: lights.lit)
    assert caplog.text.count("waiting for one") == 1


async def test_it_reports_how_it_does(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yulelight.node.node._HEALTH_INTERVAL", 0.2)
    async with house.bridged(), ear(house.address) as heard, porch(house), show(house):
        await eventually(
            lambda: (
                (reports := heard.on("yulelight/ab12/node/porch/health"))
                and NodeHealth.parse(reports[-1]).shown > 0
            )
        )


def test_this_machines_name_is_an_id() -> None:
    assert is_id(own_id())


def test_a_node_needs_nothing_of_what_only_others_need() -> None:
    """Neither what a small board lacks, nor what would take more memory than the node itself."""
    absent = (
        "numpy",
        "onnxruntime",
        "aiohttp",
        "amqtt",
        "av",
        "soundfile",
        "pydantic",
        "typer",
        "rich",
        "zeroconf",
    )
    code = f"import sys, yulelight.node.__main__; print(*(set({absent}) & set(sys.modules)))"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert result.stdout.split() == []
