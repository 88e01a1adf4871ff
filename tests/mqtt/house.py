"""A house for tests: either broker, the bridge with stub lights, and an ear on all topics."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Protocol

from tests.brokers import Mosquitto, executable, free_port
from yulelight.actors import Actor, Broadcast, Supervisor
from yulelight.core.messages import (
    ChannelState,
    GetChannels,
    Packet,
    ReleaseChannel,
    SetChannel,
    ShowEvent,
    Status,
)
from yulelight.lights.messages import Describe
from yulelight.mqtt.address import BrokerAddress
from yulelight.mqtt.bridge import MqttBridge
from yulelight.mqtt.broker import LocalBroker, engine_of
from yulelight.mqtt.engine import Program
from yulelight.mqtt.link import Client, LinkError, connect
from yulelight.mqtt.nodes import NodeRegistry
from yulelight.safety.physics import Light

USER, PASSWORD = "yulelight", "correct horse"
PATIENCE = 20.0


class Broker(Protocol):
    """Either broker, on a port that it keeps."""

    address: BrokerAddress

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


class RealMosquitto:
    def __init__(self) -> None:
        self._broker = Mosquitto(user=USER, password=PASSWORD)
        self.address = BrokerAddress(self._broker.host, self._broker.port, USER, PASSWORD)

    async def start(self) -> None:
        await asyncio.to_thread(self._broker.start)

    async def stop(self) -> None:
        await asyncio.to_thread(self._broker.close)


class Embedded:
    """Our own, with one of the two programs behind its gate."""

    def __init__(self, choice: Program) -> None:
        self._choice = choice
        self.address = BrokerAddress("127.0.0.1", free_port(), USER, PASSWORD)
        self._broker: LocalBroker | None = None

    async def start(self) -> None:
        if self._choice == "mosquitto":
            executable("mosquitto")
        self._broker = LocalBroker(
            self.address.host, self.address.port, USER, PASSWORD, engine=engine_of(self._choice)
        )
        await self._broker.__aenter__()

    async def stop(self) -> None:
        if self._broker:
            await self._broker.__aexit__(None, None, None)
            self._broker = None


BROKERS: dict[str, Callable[[], Broker]] = {
    "mosquitto": RealMosquitto,
    "embedded mosquitto": lambda: Embedded("mosquitto"),
    "embedded Python": lambda: Embedded("python"),
}


LightsMessage = SetChannel | ReleaseChannel | GetChannels | Describe


class Lights(Actor[LightsMessage]):
    """Remembers commands, and knows channel states when it is asked."""

    def __init__(self, commands: asyncio.Queue[LightsMessage], known: tuple[ChannelState, ...]) -> None:
        self._commands = commands
        self._known = known

    async def receive(self, message: LightsMessage) -> object:
        if isinstance(message, GetChannels):
            return self._known
        self._commands.put_nowait(message)
        return None


@dataclass
class House:
    """What the bridge is given, for the test to speak and to listen."""

    address: BrokerAddress
    known: tuple[ChannelState, ...] = ()
    packets: Broadcast[Packet] = field(default_factory=Broadcast)
    channels: Broadcast[ChannelState] = field(default_factory=Broadcast)
    statuses: Broadcast[Status] = field(default_factory=Broadcast)
    events: Broadcast[ShowEvent] = field(default_factory=Broadcast)
    clock: Callable[[], float] = time.monotonic
    houses: Broadcast[tuple[Light, ...]] = field(default_factory=Broadcast)
    nodes: NodeRegistry = field(default_factory=lambda: NodeRegistry(time.monotonic))
    commands: asyncio.Queue[LightsMessage] = field(default_factory=asyncio.Queue)
    bridges: list[MqttBridge] = field(default_factory=list)

    @asynccontextmanager
    async def bridged(
        self, service_id: str = "ab12", *, wait: bool = True, host: str = "attic"
    ) -> AsyncIterator[MqttBridge]:
        """The bridge runs; with ``wait`` it is connected first."""
        async with Supervisor() as supervisor:
            lights = supervisor.start(lambda: Lights(self.commands, self.known), "lights")

            def bridge() -> MqttBridge:
                self.bridges.append(
                    MqttBridge(
                        address=self.address,
                        service_id=service_id,
                        name="Our house",
                        version="1.0",
                        lights=lights,
                        packets=self.packets,
                        channels=self.channels,
                        statuses=self.statuses,
                        events=self.events,
                        nodes=self.nodes,
                        houses=self.houses,
                        clock=self.clock,
                        host=host,
                    )
                )
                return self.bridges[-1]

            await supervisor.started(supervisor.start(bridge, "mqtt"))
            if wait:
                async with ear(self.address) as heard:
                    await heard.until(f"yulelight/{service_id}/status", b"online")
            yield self.bridges[-1]


@dataclass(frozen=True)
class Heard:
    topic: str
    payload: bytes
    retained: bool


class Ear:
    """Remembers every message on its subscription."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.messages: list[Heard] = []
        self._news = asyncio.Condition()

    async def listen(self) -> None:
        async for message in self.client.messages:
            async with self._news:
                self.messages.append(Heard(message.topic.value, message.payload, bool(message.retain)))
                self._news.notify_all()

    def on(self, topic: str) -> list[bytes]:
        """Payloads heard on ``topic`` so far."""
        return [heard.payload for heard in self.messages if heard.topic == topic]

    async def until(self, topic: str, payload: bytes | None = None, count: int = 1) -> Heard:
        """The ``count``-th message on ``topic`` (with ``payload``); waits for it."""

        def matching() -> list[Heard]:
            return [
                heard for heard in self.messages if heard.topic == topic and payload in (None, heard.payload)
            ]

        async with asyncio.timeout(PATIENCE), self._news:
            await self._news.wait_for(lambda: len(matching()) >= count)
            return matching()[count - 1]


@asynccontextmanager
async def ear(address: BrokerAddress, topic: str = "#") -> AsyncIterator[Ear]:
    """An ear on ``topic``; whatever is retained comes first."""
    async with AsyncExitStack() as stack:
        client = await _connected(stack, address)
        listener = Ear(client)
        task = asyncio.create_task(listener.listen())
        await client.subscribe(topic, qos=1)
        try:
            yield listener
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def _connected(stack: AsyncExitStack, address: BrokerAddress) -> Client:
    """A connection, tried again as every client of ours does: a machine may stand still for seconds."""
    for _ in range(3):
        with suppress(LinkError):
            return await stack.enter_async_context(connect(address))
    return await stack.enter_async_context(connect(address))


async def eventually(condition: Callable[[], object]) -> None:
    """Wait until ``condition`` holds."""
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.01)
