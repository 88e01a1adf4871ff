"""Tasmota, Shelly and Zigbee2MQTT at a real broker: shown, left alone, and dark after every end."""

import asyncio
import contextlib
import json
import signal
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import aiomqtt
import psutil
import pytest
from pydantic import TypeAdapter

from tests.brokers import Mosquitto
from tests.mqtt.devices.yard import Yard
from tests.mqtt.house import eventually
from yulelight.app.output_settings import DirectOutput
from yulelight.core.messages import Packet
from yulelight.outputs.base import Output


class Show:
    """Packets for an output, one after the other, until it ends."""

    def __init__(self, output: Output) -> None:
        self.output = output
        self.levels = bytes(8)
        self._number = 0

    async def run(self) -> None:
        while True:
            self._number += 1
            at = round(time.monotonic() * 1e6)
            on = tuple(level > 0 for level in self.levels)
            self.output.send(Packet(1, self._number, at, 500_000, (self.levels,), (on,)))
            await asyncio.sleep(0.05)


def lights(*channels: int, level: int = 255) -> bytes:
    return bytes(level if channel in channels else 0 for channel in range(1, 9))


ALL = lights(*range(1, 9))


@asynccontextmanager
async def shown(
    yard: Yard, folder: Path = Path("/dev/null/nowhere"), **settings: object
) -> AsyncIterator[Show]:
    """An output on the yard, with what it gets; it can keep nothing without a ``folder``."""
    made = TypeAdapter[DirectOutput](DirectOutput).validate_python(yard.settings(rate=4, delay=0, **settings))
    output = made.made(folder)
    show = Show(output)
    tasks = [asyncio.create_task(output.run()), asyncio.create_task(show.run())]
    try:
        yield show
        assert not any(task.done() for task in tasks)
    finally:
        for task in tasks:
            while not task.done():
                task.cancel()
                await asyncio.wait([task], timeout=5)


async def test_every_kind_shows_its_channels() -> None:
    async with Mosquitto() as broker, Yard(broker) as yard, shown(yard) as show:
        show.levels = ALL
        await eventually(lambda: yard.bright)
        # What is not named in the settings stays as it is.
        assert (
            not yard.tasmota.lit["POWER2"]
            and not yard.first.lit["relay/0"]
            and not yard.shelly.lit["switch:1"]
        )
        show.levels = lights(2, 4, 6, level=128)
        await eventually(lambda: not yard.tasmota.lit["POWER1"] and not yard.zigbee.lit["hedge plug"])
        dimmed = [yard.tasmota.lit["POWER3"], yard.dimmer.lit["light/0"], yard.zigbee.lit["porch/lamp"]]
        await eventually(lambda: all(0.4 < lit < 0.6 for lit in dimmed))
        assert not yard.first.lit["relay/1"] and not yard.shelly.lit["switch:0"]
        show.levels = bytes(8)
        await eventually(lambda: yard.dark)
        assert show.output.health().works, show.output.health()
    assert not any(peer.retained for peer in yard.peers)


async def test_nothing_stays_on_the_broker() -> None:
    async with Mosquitto() as broker, Yard(broker) as yard:
        async with shown(yard) as show:
            show.levels = ALL
            await eventually(lambda: yard.bright)
        async with aiomqtt.Client(broker.host, broker.port) as client:
            await client.subscribe("#")
            await client.publish("done")
            kept = []
            async for message in client.messages:
                if message.topic.value == "done":
                    break
                kept.append(message.topic.value)
    # Only what the devices told of themselves, as their makers say.
    assert kept and not [
        topic
        for topic in kept
        if topic.rsplit("/", 1)[1] not in ("config", "LWT", "online", "devices", "state")
    ]


async def test_who_is_gone_stops_nobody_and_comes_back_as_the_others() -> None:
    async with Mosquitto() as broker, Yard(broker) as yard, shown(yard) as show:
        show.levels = ALL
        await eventually(lambda: yard.bright)
        await yard.first.leave()
        await eventually(
            lambda: "shellyswitch25-1F2A3B/relay/1: is not there" in show.output.health().problem
        )
        assert not show.output.health().works
        yard.first.lit["relay/1"] = 0.0  # what it shows after a power failure
        show.levels = lights(3, 4)
        await eventually(lambda: yard.dimmer.lit["light/0"] and not yard.zigbee.lit["hedge plug"])
        await yard.first.join(broker)
        await eventually(lambda: yard.first.lit["relay/1"] and show.output.health().works)


async def test_a_light_that_nobody_announces_is_told() -> None:
    async with Mosquitto() as broker:
        yard = Yard(broker)
        async with shown(yard) as show:
            await eventually(lambda: "has not announced itself" in show.output.health().problem)
            # Seven lights on six devices, three of which are named.
            assert show.output.health().problem.endswith("; 3 more")


async def test_lights_belong_to_others_before_and_after_a_show() -> None:
    async with Mosquitto() as broker, Yard(broker) as yard, shown(yard, release=0.3) as show:
        await eventually(lambda: show.output.health().works and bool(yard.shelly.received))
        await yard.shelly.by_hand("switch:0", 1.0)
        received = len(yard.shelly.received)
        await asyncio.sleep(1.5)
        assert len(yard.shelly.received) == received and yard.shelly.lit["switch:0"]
        show.levels = lights(7)
        await eventually(lambda: yard.zigbee.lit["hedge plug"] and not yard.shelly.lit["switch:0"])
        show.levels = bytes(8)
        await eventually(lambda: not yard.zigbee.lit["hedge plug"])
        await asyncio.sleep(1)
        await yard.zigbee.by_hand("hedge plug", 1.0)
        await asyncio.sleep(1.5)
        assert yard.zigbee.lit["hedge plug"]


EVENING: dict[str, dict[str, float]] = {
    "tasmota": {"POWER1": 1.0, "POWER2": 1.0, "POWER3": 0.3},
    "first": {"relay/0": 0.0, "relay/1": 1.0},
    "dimmer": {"light/0": 0.6},
    "shelly": {"switch:0": 1.0, "switch:1": 0.0},
    "zigbee": {"porch/lamp": 127 / 254, "hedge plug": 1.0},
}
"""How a family lights its yard."""


async def set_out(yard: Yard) -> None:
    for name, dials in EVENING.items():
        for light, brightness in dials.items():
            await getattr(yard, name).by_hand(light, brightness)


def as_set_out(yard: Yard) -> bool:
    return all(getattr(yard, name).lit == pytest.approx(dials, abs=0.01) for name, dials in EVENING.items())


def own_dark(yard: Yard) -> bool:
    """Whether all lights that the settings name are off."""
    own = [yard.tasmota.lit["POWER1"], yard.tasmota.lit["POWER3"], yard.first.lit["relay/1"]]
    return not any([*own, *yard.dimmer.lit.values(), yard.shelly.lit["switch:0"], *yard.zigbee.lit.values()])


async def test_lights_show_again_after_a_show_what_they_did_before(tmp_path: Path) -> None:
    async with Mosquitto() as broker, Yard(broker) as yard:
        await set_out(yard)
        async with shown(yard, tmp_path, release=0.5) as show:
            await eventually(lambda: show.output.health().works)
            await asyncio.sleep(1)
            for _ in range(2):  # the second time they are remembered from what they told of the first
                show.levels = lights(3)
                await eventually(lambda: yard.first.lit["relay/1"] and not yard.zigbee.lit["porch/lamp"])
                show.levels = bytes(8)
                await eventually(lambda: own_dark(yard))
                await eventually(lambda: as_set_out(yard))
                await eventually(lambda: not list(tmp_path.iterdir()))
            await asyncio.sleep(3)  # longer than Shelly's own end of a show
            assert as_set_out(yard)
        assert as_set_out(yard)
    assert not any(peer.retained for peer in yard.peers)


async def test_lights_are_given_back_when_the_service_ends_in_a_show(tmp_path: Path) -> None:
    async with Mosquitto() as broker, Yard(broker) as yard:
        await set_out(yard)
        async with shown(yard, tmp_path) as show:
            await eventually(lambda: show.output.health().works)
            await asyncio.sleep(1)
            show.levels = lights(6)
            await eventually(lambda: not yard.tasmota.lit["POWER1"] and not yard.shelly.lit["switch:0"])
        await eventually(lambda: as_set_out(yard))
        darkened = [each for each in yard.zigbee.history if not any(each[1].values())]
        assert darkened, "first they are dark"


async def test_lights_are_given_back_after_a_crash(tmp_path: Path) -> None:
    async with Mosquitto() as broker, Yard(broker) as yard:
        await set_out(yard)
        async with separately(yard, tmp_path) as process:
            guards = children(process)
            process.kill()
            await eventually(lambda: own_dark(yard) and not any(map(lives, guards)))
        assert list(tmp_path.iterdir())
        await yard.dimmer.by_hand("light/0", 0.2)  # somebody uses it meanwhile
        async with shown(yard, tmp_path) as show:
            await eventually(lambda: bool(yard.zigbee.lit["porch/lamp"]) and show.output.health().works)
            await eventually(lambda: yard.shelly.lit["switch:0"] == yard.tasmota.lit["POWER1"] == 1.0)
            assert yard.dimmer.lit["light/0"] == 0.2
        assert not list(tmp_path.iterdir())


async def test_what_a_device_never_told_stays_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def silent(*_: object) -> None:
        pass

    async with Mosquitto() as broker, Yard(broker) as yard:
        monkeypatch.setattr(yard.shelly, "tell", silent)
        monkeypatch.setattr(yard.shelly, "_status", lambda _: {"id": 0})
        await set_out(yard)
        async with shown(yard, tmp_path, release=0.1) as show:
            await eventually(lambda: show.output.health().works)
            await asyncio.sleep(1.5)
            show.levels = lights(5)
            await eventually(lambda: not yard.zigbee.lit["porch/lamp"])
            show.levels = bytes(8)
            await eventually(lambda: bool(yard.zigbee.lit["porch/lamp"]))
            await asyncio.sleep(1)
            assert not yard.shelly.lit["switch:0"]


async def test_gen2_goes_dark_by_itself_when_the_broker_is_gone() -> None:
    async with Mosquitto() as broker, Yard(broker) as yard, shown(yard) as show:
        show.levels = lights(5)
        await eventually(lambda: yard.shelly.lit["switch:0"])
        await asyncio.sleep(4)  # it stays on for as long as it is told so
        assert yard.shelly.lit["switch:0"]
        broker.kill()
        await eventually(lambda: not yard.shelly.lit["switch:0"])
        await eventually(lambda: "not reachable" in show.output.health().problem)
        broker.start()
        await eventually(lambda: yard.shelly.lit["switch:0"] and show.output.health().works)


@asynccontextmanager
async def separately(yard: Yard, folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """The same in a process of its own, with all lights on."""
    command = ["-m", "tests.outputs.killed_show", str(folder), json.dumps(yard.settings(rate=4))]
    process = await asyncio.create_subprocess_exec(sys.executable, *command)
    guards: Sequence[psutil.Process] = []
    try:
        await eventually(lambda: yard.bright)
        await eventually(lambda: children(process))
        await asyncio.sleep(2)  # the dead man's switch takes a moment to be ready
        guards = children(process)
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        for guard in guards:  # each tries for half a minute to reach a broker that is gone
            with contextlib.suppress(psutil.NoSuchProcess):
                guard.kill()


def lives(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.status() != psutil.STATUS_ZOMBIE
    return False


def children(process: asyncio.subprocess.Process) -> Sequence[psutil.Process]:
    return psutil.Process(process.pid).children()


@pytest.mark.parametrize(
    "how", [signal.SIGKILL, signal.SIGSTOP, signal.SIGINT], ids=["killed", "stopped", "ended"]
)
async def test_all_are_dark_when_the_service_is_gone(tmp_path: Path, how: signal.Signals) -> None:
    async with Mosquitto() as broker, Yard(broker) as yard, separately(yard, tmp_path) as process:
        process.send_signal(how)
        await eventually(lambda: yard.dark)
    assert not any(peer.retained for peer in yard.peers)


async def test_the_last_will_needs_nobody_of_ours(tmp_path: Path) -> None:
    async with Mosquitto() as broker, Yard(broker) as yard, separately(yard, tmp_path) as process:
        ours = [psutil.Process(process.pid), *children(process)]
        for one in ours:
            one.suspend()  # so that none of them can act before it is killed
        for one in reversed(ours):
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
        await eventually(lambda: yard.dark)
    assert not any(peer.retained for peer in yard.peers)


async def test_a_service_killed_between_shows_switches_nothing_off(tmp_path: Path) -> None:
    async with Mosquitto() as broker, Yard(broker) as yard:
        async with shown(yard, release=0.1) as show:
            await eventually(lambda: show.output.health().works)
            yard.first.lit["relay/1"] = 1.0
        await asyncio.sleep(0.5)
        assert yard.first.lit["relay/1"] and not yard.first.received[2:]
