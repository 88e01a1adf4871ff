"""Many outputs at once, of all kinds: one house to the limits, and the failure of one stops no other."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pydantic import TypeAdapter

from tests.mqtt.house import eventually
from tests.outputs.controllers import DATA, Slots
from tests.outputs.wled_double import Wled
from tests.safety.oracle import flashes, luminance
from yulelight.actors import Broadcast, Ref, Supervisor
from yulelight.app.output_settings import DirectOutput
from yulelight.core.messages import CHANNELS, ChannelState, Packet, SetChannel
from yulelight.lights.layout import layout
from yulelight.lights.messages import Describe, LightsMessage
from yulelight.lights.mixer import Lights
from yulelight.outputs.actor import OutputActor
from yulelight.outputs.base import Output
from yulelight.outputs.board import OutputBoard
from yulelight.outputs.deadman import Words
from yulelight.outputs.driven import Driven
from yulelight.safety.limits import Limits
from yulelight.safety.physics import Light

KNOWN = TypeAdapter[Any](DirectOutput)
UNKNOWN = [Light(channel=n) for n in range(1, CHANNELS + 1)]


@dataclass
class Yard:
    """Outputs, and the lights that lead them."""

    board: OutputBoard
    packets: Broadcast[Packet]
    lights: Ref[LightsMessage]
    supervisor: Supervisor
    heard: list[Packet] = field(default_factory=list)

    async def describe(self) -> Limits:
        """Tells the lights what hangs on all outputs; the limits of that."""
        house = layout(UNKNOWN, self.board.lights)
        await self.lights.ask(Describe(house))
        return Limits(house, CHANNELS)

    async def all(self, on: bool, brightness: int = 255) -> None:
        """As a person would switch all channels."""
        for channel in range(1, CHANNELS + 1):
            await self.lights.ask(SetChannel(channel, on, brightness))


@asynccontextmanager
async def yard(settings: list[dict[str, Any]], folder: Path, *more: Output) -> AsyncIterator[Yard]:
    packets: Broadcast[Packet] = Broadcast()
    made = [KNOWN.validate_python(each) for each in settings]
    board = OutputBoard({each.name: each.type for each in [*made]} | {each.name: "other" for each in more})
    async with Supervisor() as supervisor:
        for each in made:
            make = partial(each.made, folder)
            supervisor.start(partial(OutputActor, make, packets, board=board), each.name)
        for output in more:
            supervisor.start(partial(OutputActor, partial(_same, output), packets, board=board), output.name)
        channels: Broadcast[ChannelState] = Broadcast()
        lights = supervisor.start(
            lambda: Lights(packets, channels, time.monotonic, sessions=count(1)), "lights"
        )
        await supervisor.started(lights)
        place = Yard(board, packets, lights, supervisor)
        listening = asyncio.create_task(_listen(place))
        yield place
        listening.cancel()


def _same(output: Output) -> Output:
    return output


async def _listen(place: Yard) -> None:
    with place.packets.subscribe(10_000) as packets:
        async for packet in packets:
            place.heard.append(packet)


def seen(packets: list[Packet], lights: tuple[Light, ...]) -> tuple[list[float], list[float]]:
    """Moments, and the light of all ``lights`` as a share, of what the packets show."""
    shown: dict[int, bytes] = {}
    for packet in packets:
        for at in [at for at in shown if at >= packet.at]:
            del shown[at]
        shown |= {packet.at + k * packet.interval: levels for k, levels in enumerate(packet.levels)}
    total = sum(light.load for light in lights)
    times = sorted(shown)
    light = [
        sum(each.load * luminance(shown[at][each.channel - 1], each.gamma) for each in lights) / total
        for at in times
    ]
    return [at / 1e6 for at in times], light


async def test_outputs_of_all_kinds_are_one_house_to_the_flash_limit(tmp_path: Path) -> None:
    async with contextlib.AsyncExitStack() as stack:
        controllers = [await stack.enter_async_context(Slots(kind)) for kind in DATA]
        device = await stack.enter_async_context(Wled())
        settings = [each.settings() for each in controllers] + [device.settings()]
        place = await stack.enter_async_context(yard(settings, tmp_path))
        await eventually(lambda: len(place.board.lights.get("output-porch", ())) == 8)
        limits = await place.describe()
        assert {light.node for light in limits.lights} == {
            "output-ddp", "output-e131", "output-artnet", "output-porch"
        }  # fmt: skip
        for k in range(40):  # somebody who flashes ten times a second
            await place.all(k % 2 == 0)
            await asyncio.sleep(0.05)
        await place.all(True)
        await eventually(lambda: all(each.lit for each in controllers) and device.streams)
        times, light = seen(place.heard, limits.lights)
        assert max(light) > 0.9 and flashes(times, light) <= 3
        await place.all(False)
        await eventually(lambda: not any(each.lit for each in controllers) and not device.streams)


class Broken:
    """A driver whose device fails at every frame that is lit."""

    name, errors, skipped, healthy, problem = "broken", 0, 0, True, ""
    lights = tuple(Light(channel=n, kind="dimmer", node="output-broken") for n in range(1, CHANNELS + 1))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def show(self, levels: bytes, switched: tuple[bool, ...]) -> None:
        if any(levels):
            raise RuntimeError("the device is on fire")

    def last_words(self) -> Words:
        return ()


async def test_two_hundred_devices_some_of_which_fail(tmp_path: Path) -> None:
    async with contextlib.AsyncExitStack() as stack:
        controllers = [await stack.enter_async_context(Slots("ddp", 50)) for _ in range(200)]
        settings = [each.settings() | {"name": f"strip {n}"} for n, each in enumerate(controllers)]
        settings += [
            {"type": "ddp", "name": "nowhere", "host": "no-such-host.invalid", "pixels": 50},
            {"type": "wled", "name": "away", "host": "127.0.0.1", "http_port": 9},
        ]
        place = await stack.enter_async_context(
            yard(settings, tmp_path, Driven("broken", Broken()))  # it can run only once: then it is gone
        )
        await eventually(lambda: sum(map(len, place.board.lights.values())) == 16 * 8)
        limits = await place.describe()
        assert len(limits.lights) == 128 and {light.channel for light in limits.lights} == set(range(1, 9))
        await place.all(True)
        await eventually(lambda: all(each.lit for each in controllers))
        told = {each.name: each.health for each in place.board.report()}
        assert sum(health.works for health in told.values()) >= 200
        assert "nowhere" in told and not told["nowhere"].works and not told["away"].works
        await place.all(False)
        await eventually(lambda: not any(each.lit for each in controllers))
