"""Devices that lie and settings that contradict themselves: told, and without harm to anybody else."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from pydantic import TypeAdapter, ValidationError

from tests.mqtt.house import eventually
from tests.outputs.wled_double import Wled, segment
from yulelight.app.output_settings import DirectOutput
from yulelight.app.settings import Settings
from yulelight.core.errors import UsageError
from yulelight.mqtt.devices.find import Finder
from yulelight.node.config import NodeConfig
from yulelight.node.network_settings import network_outputs
from yulelight.outputs.base import Output
from yulelight.outputs.wled.answers import read

KNOWN = TypeAdapter[Any](DirectOutput)
DDP = {"type": "ddp", "host": "10.0.0.1", "pixels": 8}
E131 = {"type": "e131", "universe": 1, "pixels": 170}
ARTNET = {"type": "artnet", "host": "10.0.0.1", "universe": 1, "pixels": 170}


class Asked:
    """What a device answers: its own words with something changed; counts the questions."""

    def __init__(self, device: Wled, change: Callable[[dict[str, Any], int], None]) -> None:
        self.count = 0
        self._device, self._change = device, change
        device.answer = self.answer

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.count += 1
        said = self._device.description()
        self._change(said, self.count)
        return web.json_response(said)


async def _meets(output: Output, seconds: float) -> str:
    """What is said of an output that is needed, after some time in which it must not fail."""
    running = asyncio.create_task(output.run())
    output.use(True)
    await asyncio.sleep(seconds)
    assert not running.done()
    problem = output.health().problem
    running.cancel()
    await asyncio.wait([running])
    return problem


def _other_count(said: dict[str, Any], number: int) -> None:
    said["info"]["leds"]["count"] = 100 + number % 2


async def test_a_device_that_tells_another_count_each_time_is_not_asked_without_end(tmp_path: Path) -> None:
    async with Wled() as device:
        asked = Asked(device, _other_count)
        assert await _meets(KNOWN.validate_python(device.settings()).made(tmp_path), 4)
        assert asked.count < 20


def _no_leds(said: dict[str, Any], _: int) -> None:
    said["info"]["leds"]["count"] = 0


def _streams_nowhere(said: dict[str, Any], _: int) -> None:
    said["state"]["seg"], said["info"]["liveseg"] = [segment(0, 5, 5)], 0


@pytest.mark.parametrize(
    ("change", "told"), [(_no_leds, "count"), (_streams_nowhere, "has no LEDs that show a stream")]
)
async def test_a_device_without_leds_is_told(
    tmp_path: Path, change: Callable[[dict[str, Any], int], None], told: str
) -> None:
    async with Wled() as device:
        Asked(device, change)
        assert told in await _meets(KNOWN.validate_python(device.settings()).made(tmp_path), 2)


async def test_a_device_that_answers_with_a_bomb_stops_nobody(tmp_path: Path) -> None:
    async with Wled() as device:

        async def bomb(request: web.Request) -> web.StreamResponse:
            return web.Response(text="[" * 60_000)

        device.answer = bomb
        output = KNOWN.validate_python(device.settings()).made(tmp_path)
        running = asyncio.create_task(output.run())
        await eventually(lambda: "JSON" in output.health().problem)
        device.answer = None
        output.use(True)
        await eventually(lambda: device.live)
        running.cancel()
        await asyncio.wait([running])


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        (DDP, DDP, False),
        (DDP, DDP | {"host": "10.0.0.2"}, True),
        (DDP, DDP | {"port": 4049}, True),
        (DDP | {"host": "Roof.local"}, DDP | {"host": "roof.LOCAL"}, False),
        (DDP, {"type": "wled", "host": "10.0.0.1"}, False),
        (DDP, ARTNET, True),
        (E131, E131, False),
        (E131, E131 | {"universe": 2}, True),
        (E131 | {"pixels": 171}, E131 | {"universe": 2}, False),
        (E131, E131 | {"host": "10.0.0.1"}, True),
        (ARTNET, ARTNET | {"universe": 2}, True),
        (ARTNET | {"pixels": 400}, ARTNET | {"universe": 3}, False),
    ],
)
def test_two_outputs_never_show_two_pictures_on_the_same_lights(
    one: dict[str, Any], other: dict[str, Any], together: bool
) -> None:
    both = [one | {"name": "a"}, other | {"name": "b"}]
    if together:
        assert len(Settings.model_validate({"output": both}).output) == 2
        NodeConfig(outputs=(), network=network_outputs(both))
        return
    with pytest.raises(ValidationError, match="a and b send to the same lights"):
        Settings.model_validate({"output": both})
    with pytest.raises(UsageError, match="a and b send to the same lights"):
        NodeConfig(outputs=(), network=network_outputs(both))


@pytest.mark.parametrize(
    ("ranges", "told"),
    [
        ([(0, 4), (3, 1)], "pixel 3 is in two ranges"),
        ([(4, 4), (0, 4)], ""),
        ([(2, 1), (0, 8)], "pixel 2 is in two ranges"),
        ([(7, 2)], "pixels 7 to 8 are named, but there are 8"),
    ],
)
def test_a_pixel_shows_one_channel(ranges: list[tuple[int, int]], told: str) -> None:
    named = [{"channel": n, "first": first, "count": count} for n, (first, count) in enumerate(ranges, 1)]
    settings = DDP | {"name": "a", "ranges": named}
    if told:
        with pytest.raises(ValidationError, match=told):
            KNOWN.validate_python(settings)
    else:
        assert len(KNOWN.validate_python(settings).driver().lights) == len(ranges)


@pytest.mark.parametrize(
    ("changed", "fits"),
    [
        (E131 | {"universe": 0}, False),
        (E131 | {"universe": 63_999}, True),
        (E131 | {"universe": 64_000}, False),
        (E131 | {"universe": 63_999, "pixels": 171}, False),
        (ARTNET | {"universe": 32_767}, True),
        (ARTNET | {"universe": 32_768}, False),
        (ARTNET | {"universe": 32_767, "pixels": 171}, False),
        (ARTNET | {"universe": -1}, False),
        (DDP | {"pixels": 0}, False),
        (DDP | {"name": ""}, False),
        (DDP | {"name": "Lichterkette-\u00e4"}, False),
        (DDP | {"name": "a" * 41}, False),
    ],
)
def test_what_no_protocol_has_is_refused(changed: dict[str, Any], fits: bool) -> None:
    settings = {"name": "a"} | changed
    if fits:
        KNOWN.validate_python(settings)
    else:
        with pytest.raises(ValidationError):
            KNOWN.validate_python(settings)


@pytest.mark.parametrize("name", ["Porch\x1b[2J", "a\x00b", "\u2744" * 20, "", "[/bold]"])
def test_names_of_devices_say_nothing_to_a_terminal(name: str) -> None:
    description = Wled(8, [segment(0, 0, 8, name)]).description()
    description["info"]["name"] = name
    device = read(json.dumps(description).encode())
    finder = Finder("test")
    config = {"mac": "A4CF12B8D3E1", "t": "shed", "rl": [1], "fn": [name], "md": name}
    finder.hear("tasmota/discovery/A4CF12B8D3E1/config", json.dumps(config).encode())
    (light,) = finder.lights
    for told in (device.info.name, device.state.seg[0].n, light.name, light.model):
        assert told.isprintable() and len(told) in (len(name), len("shed"))
