"""The bridge between the actors and the broker: the service's side of docs/mqtt.md."""

import asyncio
import logging
import random
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from yulelight.actors import Actor, Broadcast, Ref, Subscription
from yulelight.core.errors import YulelightError
from yulelight.core.messages import (
    CHANNELS,
    ChannelState,
    GetChannels,
    Packet,
    ReleaseChannel,
    SetChannel,
    ShowEvent,
    Status,
)
from yulelight.mqtt import discovery, packet, payloads
from yulelight.mqtt.address import BrokerAddress
from yulelight.mqtt.colours import publish_colours
from yulelight.mqtt.duplicates import DuplicateWatch, Instance
from yulelight.mqtt.house import publish_house
from yulelight.mqtt.link import Answer, Client, Message, Will, keep_connected, publish_last
from yulelight.mqtt.nodes import NodeRegistry
from yulelight.mqtt.pacer import Pacer
from yulelight.mqtt.tasks import run_all
from yulelight.mqtt.topics import HOME_ASSISTANT_STATUS, Topics
from yulelight.safety.physics import Light

_LOG = logging.getLogger(__name__)

_CHANNEL_INTERVAL = 1.0
_SHOW_INTERVAL = 10.0
_SEEK = 1.0
"""Seconds of difference from the expected position that count as a jump."""
_BIRTH_DELAY = 2.0
_GOODBYE_TIMEOUT = 2.0
_PACKETS = 64
_ONLINE_INTERVAL = 1.0
"""Seconds until "online" is published again after somebody else published "offline" for us."""
_GRACE = 250_000
"""µs after the last frame of a packet until which the packet is still sent."""


class MqttBridge(Actor[None]):
    """Publishes packets, channel states, show state and events; forwards light commands to ``lights``.

    It stays connected to ``address`` and reconnects indefinitely. ``clock``: the service's monotonic clock in
    seconds, which is the clock of packets. ``nodes`` survives a restart of the bridge. ``api`` (host, port): the
    address announced to the integration for Home Assistant; None for none. ``host``: the name of this machine,
    reported to other services with the same identity.
    """

    def __init__(
        self,
        *,
        address: BrokerAddress,
        service_id: str,
        name: str,
        version: str,
        lights: Ref[SetChannel | ReleaseChannel | GetChannels],
        packets: Broadcast[Packet],
        channels: Broadcast[ChannelState],
        statuses: Broadcast[Status],
        events: Broadcast[ShowEvent],
        nodes: NodeRegistry,
        clock: Callable[[], float],
        discovery_prefix: str | None = "homeassistant",
        api: tuple[str, int] | None = None,
        host: str = "",
        houses: Broadcast[tuple[Light, ...]],
    ) -> None:
        self.topics = Topics(service_id)
        self.connected = False
        self.bad_messages = 0
        self.stale_packets = 0
        self._address = address
        self._lights = lights
        self._packets, self._channels, self._statuses, self._events = packets, channels, statuses, events
        self._nodes = nodes
        self._clock = clock
        self._discovery: list[tuple[str, dict[str, Any]]] = []
        if discovery_prefix:
            self._discovery.append(
                discovery.device_config(
                    service_id, name, version, self.topics, discovery_prefix=discovery_prefix
                )
            )
        if api:
            self._discovery.append(discovery.announcement(service_id, name, *api))
        self._houses = houses
        self._duplicates = DuplicateWatch(host or socket.gethostname())
        self._said_offline = asyncio.Event()
        self._changed = asyncio.Event()
        self._born = asyncio.Event()
        self._channel_pacer: Pacer[int, ChannelState] = Pacer(_CHANNEL_INTERVAL)
        self._show_pacer: Pacer[None, Status] = Pacer(_SHOW_INTERVAL)
        self._latest: dict[int, ChannelState] = {}
        self._status = Status()

    async def started(self) -> None:
        now = self._clock()
        for channel in range(1, CHANNELS + 1):
            self._channel_pacer.offer(channel, ChannelState(channel, on=False, brightness=0), now)
        self._take_status(self._statuses.latest or self._status)
        self.spawn(self._follow_channels(), "channels")
        self.spawn(self._follow_statuses(), "status")
        will = Will(self.topics.status, payloads.OFFLINE, qos=1, retain=True)
        self.spawn(
            keep_connected(
                self._address, self._session, will=will, name="the MQTT broker", reply=self._answer_ping
            ),
            "connection",
        )

    # --- what changes, whether there is a connection or not ---------------------------------------------------

    async def _follow_channels(self) -> None:
        with self._channels.subscribe(64) as states:
            with suppress(YulelightError):
                for state in await self._lights.ask(GetChannels()):
                    self._take_channel(state)
            async for state in states:
                self._take_channel(state)

    def _take_channel(self, state: ChannelState) -> None:
        before = self._latest.get(state.channel)
        self._latest[state.channel] = state
        by_show = before is not None and bool(before.effect) and bool(state.effect)
        self._channel_pacer.offer(state.channel, state, self._clock(), urgent=not by_show)
        self._changed.set()

    async def _follow_statuses(self) -> None:
        with self._statuses.subscribe() as statuses:
            async for status in statuses:
                self._take_status(status)

    def _take_status(self, status: Status) -> None:
        urgent = show_changed(self._status, status, self._clock())
        self._status = status
        self._show_pacer.offer(None, status, self._clock(), urgent=urgent)
        self._changed.set()

    # --- a connection -----------------------------------------------------------------------------------------

    async def _session(self, client: Client) -> None:
        await client.subscribe(
            [
                (self.topics.channel_set("+"), 1),
                (self.topics.clock_ping("+"), 0),
                (self.topics.node_status("+"), 1),
                (self.topics.node_health("+"), 0),
                (self.topics.status, 1),
                (self.topics.instance, 0),
                (HOME_ASSISTANT_STATUS, 0),
            ]
        )
        # Subscribe before announcing that we are online, so that nothing is missed.
        with self._packets.subscribe(_PACKETS) as packets, self._events.subscribe() as events:
            self.connected = True
            try:
                await self._announce(client)
                await client.publish(self.topics.status, payloads.ONLINE, qos=1, retain=True)
                await client.publish(self.topics.instance, self._duplicates.hello().payload())
                await run_all(
                    self._listen(client),
                    self._stay_online(client),
                    self._send_packets(client, packets),
                    self._send_states(client),
                    publish_house(client, self.topics.house, self._houses),
                    publish_colours(client, self.topics.colours, self._statuses),
                    self._send_events(client, events),
                    self._clear_nodes(client),
                    self._welcome_home_assistant(client),
                )
            except asyncio.CancelledError:
                # The bridge is being stopped: disconnect cleanly, so that the broker does not publish the last will.
                with suppress(Exception):
                    async with asyncio.timeout(_GOODBYE_TIMEOUT):
                        await self._say_goodbye(client)
                raise
            finally:
                self.connected = False

    async def _announce(self, client: Client) -> None:
        for topic, config in self._discovery:
            await client.publish(topic, discovery.payload(config), qos=1, retain=True)
        self._channel_pacer.repeat(self._clock())
        self._show_pacer.repeat(self._clock())
        await self._say_what_is_due(client)

    async def _say_goodbye(self, client: Client) -> None:
        for channel in range(1, CHANNELS + 1):
            dark = payloads.channel_state(ChannelState(channel, on=False, brightness=0))
            await client.publish(self.topics.channel_state(channel), dark, retain=True)
        idle = payloads.show_state(Status(model=self._status.model), self._clock())
        await client.publish(self.topics.show_state, idle, retain=True)
        await publish_last(client, self.topics.status, payloads.OFFLINE)

    async def _send_packets(self, client: Client, packets: Subscription[Packet]) -> None:
        async for item in packets:
            # A packet that waited for a slow broker until all its frames were past is useless.
            if item.at + len(item.levels) * item.interval + _GRACE < self._clock() * 1e6:
                self.stale_packets += 1
                continue
            await client.publish(self.topics.frames, packet.encode(item))

    async def _clear_nodes(self, client: Client) -> None:
        with self._nodes.dismissed.subscribe() as dismissed:
            async for node in dismissed:
                await client.publish(self.topics.node_status(node), b"", qos=1, retain=True)

    async def _send_states(self, client: Client) -> None:
        while True:
            self._changed.clear()
            await self._say_what_is_due(client)
            times = (self._channel_pacer.next_time(), self._show_pacer.next_time())
            due = min((time for time in times if time is not None), default=None)
            with suppress(TimeoutError):
                async with asyncio.timeout(None if due is None else max(0.0, due - self._clock())):
                    await self._changed.wait()

    async def _say_what_is_due(self, client: Client) -> None:
        now = self._clock()
        for channel, state in self._channel_pacer.take(now):
            payload = payloads.channel_state(state)
            await client.publish(self.topics.channel_state(channel), payload, retain=True)
        for _, status in self._show_pacer.take(now):
            await client.publish(self.topics.show_state, payloads.show_state(status, now), retain=True)

    async def _send_events(self, client: Client, events: Subscription[ShowEvent]) -> None:
        async for event in events:
            await client.publish(self.topics.show_event, payloads.show_event(event))

    async def _stay_online(self, client: Client) -> None:
        """Corrects what others say in place of "online": a late last will, a goodbye of a service with the same
        identity, or anything else.
        """
        while True:
            await self._said_offline.wait()
            self._said_offline.clear()
            self._duplicates.said_offline()
            await client.publish(self.topics.status, payloads.ONLINE, qos=1, retain=True)
            await asyncio.sleep(_ONLINE_INTERVAL)

    async def _listen(self, client: Client) -> None:
        async for message in client.messages:
            try:
                await self._handle(client, message)
            except payloads.PayloadError as error:
                self.bad_messages += 1
                # Logged each time their number has doubled, so that a faulty sender cannot fill the log.
                if self.bad_messages.bit_count() == 1:
                    _LOG.warning("ignored a message on %s: %s", message.topic, error)

    def _answer_ping(self, topic: str, data: bytes) -> Answer | None:
        """How a clock ping is answered: as soon as it is read, since its way through a queue would count as the
        network's.
        """
        node = self.topics.pinged_by(topic)
        if node is None:
            return None
        heard = round(self._clock() * 1e6)
        try:
            t0 = payloads.Ping.parse(data).t0
        except payloads.PayloadError:
            return None

        def pong() -> tuple[str, bytes]:
            answered = payloads.Pong(t0, heard, round(self._clock() * 1e6))
            return self.topics.clock_pong(node), answered.payload()

        return pong

    async def _welcome_home_assistant(self, client: Client) -> None:
        while True:
            await self._born.wait()
            # Many devices answer when Home Assistant starts, so each waits for a random time.
            await asyncio.sleep(random.uniform(0.1, _BIRTH_DELAY))
            self._born.clear()
            await self._announce(client)

    async def _handle(self, client: Client, message: Message) -> None:
        incoming = self.topics.parse(message.topic.value)
        data = message.payload
        if incoming is None:
            if message.topic.value == HOME_ASSISTANT_STATUS and data == payloads.ONLINE:
                self._born.set()
            return
        if incoming.kind == "ping":
            payloads.Ping.parse(data)  # a good one has been answered
        elif incoming.kind == "set":
            # A retained command is outdated and ignored.
            if not message.retain:
                self._lights.post(payloads.light_command(incoming.channel, data))
        elif incoming.kind == "status":
            # A retained message is older than ours.
            if data != payloads.ONLINE and not message.retain:
                self._said_offline.set()
        elif incoming.kind == "instance":
            answer = self._duplicates.heard(Instance.parse(data))
            if answer:
                await client.publish(self.topics.instance, answer.payload())
        elif incoming.kind == "node_health":
            if self._nodes.knows(incoming.id):
                self._nodes.heard_health(incoming.id, payloads.NodeHealth.parse(data))
        elif data:
            self._nodes.heard_status(incoming.id, payloads.NodeStatus.parse(data))
        else:
            self._nodes.forget(incoming.id)


def show_changed(before: Status, after: Status, now: float) -> bool:
    """Whether ``after`` differs from ``before`` by more than the time elapsed."""
    return (
        (before.state, before.song, before.playlist, before.model, before.look, payloads.mode(before))
        != (after.state, after.song, after.playlist, after.model, after.look, payloads.mode(after))
    ) or abs(payloads.position(after, now) - payloads.position(before, now)) > _SEEK
