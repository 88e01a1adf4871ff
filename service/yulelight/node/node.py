"""The light node: a broker connection on one side, a driver on the other, and fail dark between."""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress

from yulelight import __version__
from yulelight.errors import NetworkError
from yulelight.messages import CHANNELS
from yulelight.mqtt import packet, payloads
from yulelight.mqtt.address import BrokerAddress
from yulelight.mqtt.link import Client, Message, Will, keep_connected, last_words
from yulelight.mqtt.together import end, together
from yulelight.mqtt.topics import PREFIX, Topics, all_statuses, check_id, service_of_status
from yulelight.node.clock import ClockFilter
from yulelight.node.drivers import Driver
from yulelight.node.player import DEADLINE, Player
from yulelight.node.timeline import Frame

_LOG = logging.getLogger(__name__)

_BURST = 8
_BURST_GAP = 0.05
_PING_INTERVAL = 2.0
_HEALTH_INTERVAL = 5.0
_OUTSTANDING = 16
_SETTLE = 0.5
"""Seconds in which retained statuses of all services on a broker have surely come."""
_PATIENCE = 4
"""So many times that without a service, and we say that we wait."""


class LightNode:
    """Shows on ``driver`` what the service sends. ``await node.run()`` until cancelled.

    ``service`` is the id of the service to follow; None follows the only one on the broker. ``deadline``: seconds
    without news from the service after which all lights go off. Raises UsageError for improper ids.
    """

    def __init__(
        self,
        node_id: str,
        address: BrokerAddress,
        driver: Driver,
        *,
        service: str | None = None,
        prefix: str = PREFIX,
        deadline: float = DEADLINE,
        clock: Callable[[], float] = time.monotonic,
        on_frame: Callable[[Frame], None] | None = None,
    ) -> None:
        self.id = check_id(node_id, "node id")
        self.bad = 0
        self.sync = ClockFilter()
        self.player = Player(driver, self.sync, deadline=deadline, clock=clock, on_frame=on_frame)
        self._address = address
        self._driver = driver
        self._service = service and check_id(service, "service id")
        self._prefix = prefix
        self._pings: dict[int, None] = {}
        self._synced = asyncio.Event()

    async def run(self) -> None:
        """Open the driver and play for ever. Raises NetworkError when it is not clear which service to follow."""
        async with self._driver:
            self.player.dark()
            playing = asyncio.create_task(self.player.run())
            following = asyncio.create_task(self._follow())
            try:
                done, _ = await asyncio.wait((playing, following), return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
            finally:
                await end(playing)
                self.player.dark()
                await end(following)

    async def _follow(self) -> None:
        while True:
            service = self._service or await self._find_service()
            topics = Topics(service, self._prefix)
            here = payloads.NodeStatus(True, self._driver.name, CHANNELS, __version__)
            gone = payloads.NodeStatus(False, self._driver.name, CHANNELS, __version__)
            will = Will(topics.node_status(self.id), gone.payload(), qos=1, retain=True)

            async def session(
                client: Client,
                topics: Topics = topics,
                here: bytes = here.payload(),
                gone: bytes = gone.payload(),
            ) -> None:
                try:
                    await client.publish(topics.node_status(self.id), here, qos=1, retain=True)
                    await self._serve(client, topics)
                except asyncio.CancelledError:
                    with suppress(Exception):
                        async with asyncio.timeout(1.0):
                            await last_words(client, topics.node_status(self.id), gone)
                    raise

            await keep_connected(self._address, session, will=will)

    async def _find_service(self) -> str:
        found: list[str] = []

        async def session(client: Client) -> None:
            found.extend(await _online_services(client, self._prefix))

        await keep_connected(self._address, session)
        if len(found) > 1:
            raise NetworkError(
                f"several services are on the broker at {self._address}: {', '.join(sorted(found))}; "
                "say which one with --service"
            )
        _LOG.info("following service %s", found[0])
        return found[0]

    async def _serve(self, client: Client, topics: Topics) -> None:
        self._synced.clear()
        self._pings.clear()
        await together(
            self._listen(client, topics),
            self._ping(client, topics),
            self._subscribe_frames(client, topics),
            self._report(client, topics),
        )

    async def _subscribe_frames(self, client: Client, topics: Topics) -> None:
        await client.subscribe([(topics.status, 1), (topics.clock_pong(self.id), 0)])
        # Frames are worth nothing before we know the service's clock.
        await self._synced.wait()
        await client.subscribe(topics.frames, qos=0)

    async def _listen(self, client: Client, topics: Topics) -> None:
        async for message in client.messages:
            try:
                self._handle(message, topics)
            except (packet.PacketError, payloads.PayloadError) as error:
                self.bad += 1
                if self.bad.bit_count() == 1:
                    _LOG.warning("ignored a message on %s: %s", message.topic, error)

    def _handle(self, message: Message, topics: Topics) -> None:
        heard = self.player.local_us()
        topic = message.topic.value
        if topic == topics.frames:
            frames = packet.decode(message.payload)
            if len(frames.levels[0]) != CHANNELS:
                raise packet.PacketError(f"{len(frames.levels[0])} channels; this node has {CHANNELS}")
            self.player.feed(frames)
        elif topic == topics.clock_pong(self.id):
            pong = payloads.Pong.parse(message.payload)
            # Only answers to questions that we asked, each once.
            if pong.t0 in self._pings:
                del self._pings[pong.t0]
                self.sync.add(pong.t0, pong.t1, pong.t2, heard)
                if self.sync.samples >= _BURST // 2:
                    self._synced.set()
        elif topic == topics.status and message.payload == payloads.OFFLINE:
            _LOG.warning("the service is offline: lights off")
            self.player.dark()

    async def _ping(self, client: Client, topics: Topics) -> None:
        while True:
            for _ in range(1 if self._synced.is_set() else _BURST):
                t0 = self.player.local_us()
                self._pings[t0] = None
                while len(self._pings) > _OUTSTANDING:
                    del self._pings[next(iter(self._pings))]
                await client.publish(topics.clock_ping(self.id), payloads.Ping(t0).payload())
                await asyncio.sleep(_BURST_GAP)
            await asyncio.sleep(_PING_INTERVAL)

    async def _report(self, client: Client, topics: Topics) -> None:
        while True:
            await asyncio.sleep(_HEALTH_INTERVAL)
            await client.publish(topics.node_health(self.id), self.health().payload())

    def health(self) -> payloads.NodeHealth:
        """How the node does, as it is reported."""
        timeline, errors = self.player.timeline, self.player.errors
        return payloads.NodeHealth(
            shown=self.player.shown,
            late=timeline.late,
            dropped=timeline.dropped,
            stale=timeline.stale,
            bad=self.bad,
            offset_us=self.sync.offset_at(self.player.local_us()),
            rtt_us=self.sync.rtt,
            drift_ppm=round(self.sync.drift_ppm),
            error_p50_us=errors.quantile(0.5),
            error_p99_us=errors.quantile(0.99),
        )


async def _online_services(client: Client, prefix: str) -> list[str]:
    """The services that are online; waits for the first. Needs retained statuses, which the service sends."""
    online: set[str] = set()
    await client.subscribe(all_statuses(prefix), qos=1)
    messages = client.messages
    rounds = 0
    while True:
        try:
            async with asyncio.timeout(_SETTLE):
                async for message in messages:
                    service = service_of_status(message.topic.value, prefix)
                    if service and message.payload == payloads.ONLINE:
                        online.add(service)
                    elif service:
                        online.discard(service)
        except TimeoutError:
            if online:
                return sorted(online)
            rounds += 1
            if rounds == _PATIENCE:
                _LOG.warning("no Yulelight service is online on this broker yet; waiting for one")
