"""Devices of other makers on a real broker, written from their makers' documents; they share no code with ours.

Each is a client of its own that does what its firmware is said to do, keeps the lights that it has, and remembers every
command with its time. ``retained`` counts commands that the broker would repeat to a device that restarts.
"""

import asyncio
import time
from collections.abc import Sequence

import aiomqtt

from tests.brokers import Mosquitto


class Peer:
    """A device: ``lit`` has the brightness of each of its lights, from 0 to 1."""

    online: tuple[str, str, str]
    """Topic, word and last will of its availability."""
    commands: tuple[str, ...]
    """What it subscribes to."""

    def __init__(self, lights: Sequence[str]) -> None:
        self.lit = dict.fromkeys(lights, 0.0)
        self.history: list[tuple[float, dict[str, float]]] = []
        self.received: list[tuple[float, str, bytes]] = []
        self.retained = 0
        self._task: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self._client: aiomqtt.Client | None = None

    @property
    def dark(self) -> bool:
        return not any(self.lit.values())

    async def join(self, broker: Mosquitto) -> None:
        """Connects, and again whenever the broker was gone, until ``leave``."""
        self._ready.clear()
        self._task = asyncio.create_task(self._live(broker))
        await self._ready.wait()

    async def leave(self) -> None:
        """Loses its power: the broker publishes its last will."""
        while self._task and not self._task.done():
            self._task.cancel()  # again and again, since the client may take one for the end of its own waiting
            await asyncio.wait([self._task], timeout=1)
        self._task = None

    async def _live(self, broker: Mosquitto) -> None:
        topic, word, will = self.online
        while True:
            try:
                async with aiomqtt.Client(broker.host, broker.port) as client:
                    try:
                        for command in self.commands:
                            await client.subscribe(command)
                        await client.publish(topic, word, qos=1, retain=True)
                        await self.announce(client)
                        self._client = client
                        self._ready.set()
                        async for message in client.messages:
                            await self._take(client, message)
                    finally:
                        # What a broker does with the will of a device that vanishes.
                        await client.publish(topic, will, retain=True)
            except aiomqtt.MqttError:
                await asyncio.sleep(0.1)

    async def _take(self, client: aiomqtt.Client, message: aiomqtt.Message) -> None:
        assert isinstance(message.payload, bytes)
        self.retained += bool(message.retain)
        self.received.append((time.monotonic(), message.topic.value, message.payload))
        await self.obey(client, message.topic.value, message.payload)

    def set(self, light: str, brightness: float) -> None:
        assert 0.0 <= brightness <= 1.0
        if self.lit[light] != brightness:
            self.lit[light] = brightness
            self.history.append((time.monotonic(), dict(self.lit)))

    async def by_hand(self, light: str, brightness: float) -> None:
        """Somebody sets it in another way, such as by a wall switch."""
        assert self._client is not None
        self.dial(light, brightness)
        await self.tell(self._client, light)

    def dial(self, light: str, brightness: float) -> None:
        """As ``set``; a light that dims keeps the brightness when it is off."""
        self.set(light, brightness)

    async def tell(self, client: aiomqtt.Client, light: str) -> None:
        """What it says after a change, or when asked what ``light`` shows."""
        raise NotImplementedError

    async def announce(self, client: aiomqtt.Client) -> None:
        raise NotImplementedError

    async def obey(self, client: aiomqtt.Client, topic: str, payload: bytes) -> None:
        raise NotImplementedError
