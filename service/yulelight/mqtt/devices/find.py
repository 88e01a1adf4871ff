"""The lights that can be found on a broker."""

import asyncio
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from yulelight.core.text import plain
from yulelight.mqtt.address import BrokerAddress
from yulelight.mqtt.devices import shelly, tasmota, zigbee
from yulelight.mqtt.devices.device import FoundLight, Message
from yulelight.mqtt.link import Client, connect

SECONDS = 3.0
MAX_LIGHTS = 1024
_MAX_SHELLIES = 256


class Finder:
    """Collects lights from messages. Pure.

    ``inbox``: topics below it are where Shelly devices answer. ``base``: Zigbee2MQTT's base topic.
    """

    def __init__(self, inbox: str, base: str = zigbee.BASE) -> None:
        self._inbox = inbox
        self._bridge = zigbee.Bridge(base)
        self._found: dict[str, FoundLight] = {}
        self._prefixes: dict[str, str] = {}
        """Shelly devices of Gen2 by their prefix, with their names."""

    @property
    def topics(self) -> list[str]:
        """What to subscribe to."""
        own = ["+/announce", *shelly.STATES, f"{self._inbox}/+/rpc"]
        return [tasmota.DISCOVERY, *self._bridge.topics, *own]

    @property
    def lights(self) -> list[FoundLight]:
        """What was found so far, by maker and name."""
        return sorted(self._found.values(), key=lambda one: (one.maker, one.name, one.id))

    def hear(self, topic: str, payload: bytes) -> Message | None:
        """Takes a message in; returns the question to its sender, if there is one."""
        parts = topic.split("/")
        if topic in self._bridge.topics:
            self._bridge.hear(topic, payload)
            self._add(zigbee.found(self._bridge))
        elif topic.startswith("tasmota/discovery/"):
            self._add(tasmota.found(payload))
        elif parts[-1] == "announce":
            return self._announced("" if topic == shelly.ANNOUNCE else parts[0], payload)
        elif parts[:-2] == self._inbox.split("/") and parts[-2].isdecimal():
            self._answered(int(parts[-2]), payload)
        elif light := shelly.found_first(topic):
            self._add(iter([light]))
        return None

    def _announced(self, prefix: str, payload: bytes) -> Message | None:
        told = shelly.announced(payload)
        if told is None or told.gen < 2 or len(self._prefixes) >= _MAX_SHELLIES:
            return None
        prefix = prefix or told.id
        if prefix in self._prefixes:
            return None
        self._prefixes[prefix] = told.name or prefix
        return shelly.ask_components(prefix, f"{self._inbox}/{len(self._prefixes) - 1}")

    def _answered(self, number: int, payload: bytes) -> None:
        if number < len(self._prefixes):
            prefix, name = list(self._prefixes.items())[number]
            self._add(shelly.found_components(payload, prefix, name))

    def _add(self, lights: Iterator[FoundLight]) -> None:
        for light in lights:
            if len(self._found) < MAX_LIGHTS:
                self._found[light.id] = replace(light, name=plain(light.name), model=plain(light.model))


async def find(address: BrokerAddress, base: str = zigbee.BASE, seconds: float = SECONDS) -> list[FoundLight]:
    """The lights on a broker, after listening for ``seconds``. Raises LinkError.

    Retained announcements come at once; Shelly devices are asked.
    """
    finder = Finder(f"yulelight-{secrets.token_hex(6)}", base)
    async with connect(address) as client:
        await client.subscribe([(topic, 0) for topic in finder.topics])
        for question in (b"announce", b"update"):
            await client.publish(shelly.COMMAND, question)
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await _hear(client, finder)
    return finder.lights


async def _hear(client: Client, finder: Finder) -> None:
    async for message in client.messages:
        question = finder.hear(message.topic.value, bytes(message.payload or b""))
        if question:
            await client.publish(question.topic, question.payload)
