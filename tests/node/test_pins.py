"""The service drives pins of its own machine: without a node, without a broker, and dark whatever happens to it."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import aiohttp
import pytest

from tests.brokers import free_port
from tests.mqtt.house import eventually
from tests.node.stage import PINS, Pins
from yulelight.app.output_settings import PinsOutputSettings
from yulelight.core.errors import UsageError


class House:
    """A service in a process of its own, with relays on the pins of a stand-in for pigpiod."""

    def __init__(self, home: Path) -> None:
        self.pins, self.http, self.mqtt = Pins(home), free_port(), free_port()
        outputs = "".join(
            f'[[outputs]]\nchannel = {channel}\npin = {pin}\ntype = "relay"\n'
            for channel, pin in PINS.items()
        )
        node = home / "node.toml"
        node.write_text(f'driver = "pigpio"\n[pigpio]\nport = {self.pins.port}\n{outputs}')
        self.settings = home / "yulelight.toml"
        self.settings.write_text(
            f'data = "{home / "data"}"\n[http]\nhost = "127.0.0.1"\nport = {self.http}\n'
            f"[mqtt]\nenabled = false\nport = {self.mqtt}\n"
            "[sound]\nenabled = false\n[zeroconf]\nenabled = false\n[library]\nrender = false\n"
            f'[[output]]\ntype = "pins"\nname = "front"\nfile = "{node}"\n'
        )
        self.identity = home / "data" / "identity.json"
        self.process: asyncio.subprocess.Process

    async def serve(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "yulelight", "serve", "--config", self.settings
        )

    async def light(self, channel: int) -> int:
        """Switches a channel on; the status of the answer, 0 while there is none."""
        try:
            token = json.loads(self.identity.read_text())["token"]
            async with (
                aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as client,
                client.post(
                    f"http://127.0.0.1:{self.http}/api/v1/channels/{channel}", json={"on": True}
                ) as answer,
            ):
                return answer.status
        except (OSError, ValueError, aiohttp.ClientError):
            return 0

    async def lit(self, channel: int) -> None:
        async with asyncio.timeout(60):
            while await self.light(channel) != 200:
                await asyncio.sleep(0.1)
        await eventually(lambda: self.pins.levels.get(channel) == 1.0)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    made = House(tmp_path)
    await made.serve()
    try:
        yield made
    finally:
        with suppress(ProcessLookupError):
            made.process.kill()
        await made.process.wait()
        made.pins.process.end()


async def test_a_channel_is_its_pin_and_dark_after_the_end(house: House) -> None:
    await house.lit(3)
    assert [channel for channel, level in house.pins.levels.items() if level] == [3]
    house.process.send_signal(signal.SIGTERM)
    assert await house.process.wait() == 0
    assert house.pins.dark


async def test_pins_are_dark_when_the_service_is_killed(house: House) -> None:
    await house.lit(5)
    house.process.kill()
    await house.process.wait()
    await eventually(lambda: house.pins.dark)


def test_a_machine_without_pins_says_so(tmp_path: Path) -> None:
    settings = PinsOutputSettings(type="pins", name="front", file=tmp_path / "node.toml")
    with pytest.raises(UsageError, match=r"no node file at .*node\.toml; `yulelight node setup` makes one"):
        settings.made(tmp_path)
    (tmp_path / "node.toml").write_text('[[outputs]]\nchannel = 1\ntype = "relay"\n')
    with pytest.raises(UsageError, match="output front: no pins can be switched here"):
        settings.made(tmp_path)
