"""Lights on a broker as an output: found by their announcements, used for a show, and given back afterwards."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from yulelight.core.errors import NetworkError
from yulelight.core.json_file import JsonFile
from yulelight.core.messages import Packet
from yulelight.mqtt.address import BrokerAddress
from yulelight.mqtt.devices.device import Device, Listener
from yulelight.mqtt.devices.driver import DevicesDriver
from yulelight.mqtt.devices.loan import Before, Loan
from yulelight.mqtt.devices.zigbee import Bridge
from yulelight.mqtt.link import Client, LinkError, connect
from yulelight.mqtt.tasks import cancel_all, run_all
from yulelight.outputs.base import OutputHealth
from yulelight.outputs.deadman import Words
from yulelight.outputs.driven import Driven
from yulelight.safety.physics import Light

_LOOK = 1.0
"""Seconds between two looks whether devices listen on other topics now."""
_AGAIN = 5.0
"""Seconds between two attempts to reach a broker."""
_ANSWERS = 1.0
"""Seconds for which the devices are asked what they show before the first show may take them."""
_FAREWELL = 2.5
"""Maximum seconds for giving the lights back when the service ends."""


class DevicesOutput:
    """See Output. ``lights`` has the id and the description of each light; ``devices`` drive them.

    ``delay``: seconds from a command to its light; frames are sent that much earlier. ``release``: seconds of darkness
    after a show before the lights are given back. ``folder``: for what they showed before.
    """

    def __init__(
        self,
        name: str,
        address: BrokerAddress,
        lights: Mapping[str, Light],
        devices: Sequence[Device],
        bridge: Bridge,
        *,
        folder: Path,
        rate: float,
        delay: float = 0.0,
        release: float = 10.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self._address, self._release, self._clock = address, release, clock
        self._bridge, self._devices = bridge, tuple(devices)
        self._driver = DevicesDriver(address, devices, list(lights), tuple(lights.values()), rate)
        self._driver.broker_problem = "is being looked for"
        self._driven = Driven(name, self._driver, clock)
        self._driver.darkened = self._driven.darkened
        kept = JsonFile(folder / f"{quote(name)}.mqtt.json", Before)
        self._loan = Loan(address, self._devices, list(lights), kept, clock)
        self._asked: set[Device] = set()
        """Devices that have been asked what they show, and not gone since."""
        self._heard, self._told = asyncio.Event(), asyncio.Event()
        """That something was heard; and that all devices have told what they show."""
        self._early = round(delay * 1e6)
        self._used, self._used_until = False, float("-inf")
        self._wake = asyncio.Event()

    @property
    def lights(self) -> Sequence[Light]:
        """See Output."""
        return self._driven.lights

    def send(self, packet: Packet) -> None:
        """See Output."""
        if any(map(any, packet.levels)) or any(map(any, packet.switched)):
            if not self._wanted:
                self._wake.set()
            self._used_until = self._clock() + self._release
        self._driven.send(replace(packet, at=packet.at - self._early))

    def use(self, on: bool) -> None:
        """See Output."""
        self._used = on
        self._used_until = self._clock() + self._release
        self._wake.set()

    def last_words(self) -> Words:
        """See Output. None over UDP: the driver has a dead man's switch of its own."""
        return ()

    def darkened(self) -> None:
        """See Output."""
        self._driven.darkened()

    def health(self) -> OutputHealth:
        """See Output."""
        return self._driven.health()

    async def run(self, changed: Callable[[], object] = lambda: None) -> None:
        """See Output."""
        try:
            await run_all(self._listen(), self._driven.run(), self._take())
        finally:
            with contextlib.suppress(NetworkError, TimeoutError):
                async with asyncio.timeout(_FAREWELL):
                    await self._loan.give_back()

    @property
    def _wanted(self) -> bool:
        return self._used or self._clock() < self._used_until

    async def _take(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_ANSWERS):
                await self._told.wait()
        await self._loan.remember()
        while True:
            self._wake.clear()
            wanted = self._wanted
            if wanted and not self._driver.taken:
                await self._loan.take()
            await self._driver.take(wanted)
            pause = self._used_until - self._clock() + 0.01 if wanted and not self._used else None
            if not wanted:
                try:
                    await self._loan.give_back()
                except NetworkError:
                    self._driver.errors += 1
                    pause = _AGAIN
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._wake.wait()

    async def _listen(self) -> None:
        """Follows what the devices tell of themselves, for as long as the output runs."""
        while True:
            try:
                async with connect(self._address) as client:
                    await self._follow(client)
            except LinkError as error:
                self._driver.broker_problem = str(error)
                self._driver.errors += 1
            await asyncio.sleep(_AGAIN)

    async def _follow(self, client: Client) -> None:
        heard: set[str] = set()
        await self._subscribe(client, heard)
        self._driver.broker_problem = ""
        looked = asyncio.create_task(self._look(client, heard))
        try:
            async for message in client.messages:
                self._hear(message.topic.value, message.payload)
                self._heard.set()
        finally:
            await cancel_all(looked)

    def _hear(self, topic: str, payload: bytes) -> None:
        missing = [device for device in self._devices if device.problem]
        for listener in (self._bridge, *self._devices):
            if topic in listener.topics:
                listener.hear(topic, payload)
        self._asked -= {device for device in self._devices if device.problem}
        for device in missing:
            if not device.problem:
                # It comes back with whatever it shows after a power failure.
                self._driver.forget(device)
        if all(device.shown.keys() >= set(device.places) for device in self._devices):
            self._told.set()

    async def _look(self, client: Client, heard: set[str]) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK):
                    await self._heard.wait()
            self._heard.clear()
            await self._subscribe(client, heard)

    async def _subscribe(self, client: Client, heard: set[str]) -> None:
        """Subscribes to what is new; retained messages arrive at once. Who is there is asked what it shows."""
        listeners: list[Listener] = [self._bridge, *self._devices]
        topics = {topic for listener in listeners for topic in listener.topics}
        if new := topics - heard:
            await client.subscribe([(topic, 1) for topic in sorted(new)])
            heard |= new
        for device in self._devices:
            question = None if device.problem or device in self._asked else device.ask()
            if question is not None:
                self._asked.add(device)
                await client.publish(question.topic, question.payload)
