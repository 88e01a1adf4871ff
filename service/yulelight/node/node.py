"""The light node: receives packets from the broker, drives its outputs, and fails dark."""

import asyncio
import contextlib
import logging
import re
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from yulelight import __version__
from yulelight.core.errors import NetworkError
from yulelight.core.messages import Packet
from yulelight.mqtt import packet, payloads
from yulelight.mqtt.address import BrokerAddress
from yulelight.mqtt.clock import ClockFilter
from yulelight.mqtt.colours import ChannelColours
from yulelight.mqtt.link import Client, Message, Will, connect, keep_connected, publish_last
from yulelight.mqtt.online import online_services
from yulelight.mqtt.pinger import Pinger
from yulelight.mqtt.tasks import cancel_all, run_all
from yulelight.mqtt.topics import PREFIX, Topics
from yulelight.node.config import NodeConfig
from yulelight.node.lease import GUARDED, pin_lease
from yulelight.node.watchdog import Notifier, Watchdog
from yulelight.outputs.driver import Coloured, Driver
from yulelight.outputs.lease import Lease
from yulelight.outputs.timed import ServiceClock, Timed
from yulelight.outputs.timeline import Frame
from yulelight.safety.frame import LightFrame
from yulelight.safety.physics import Light

_LOG = logging.getLogger(__name__)

_HEALTH_INTERVAL = 5.0
HUNG = 0.8
"""Share of the deadline for which the event loop may be blocked before the watchdog acts."""


def timed(
    driver: Driver,
    sync: ServiceClock,
    config: NodeConfig,
    *,
    lights: Sequence[Light] | None = None,
    idle: LightFrame | None = None,
    **options: Any,
) -> Timed:
    """Makes the object that shows packets on ``lights``, and ``idle`` without any; both by default as in ``config``."""
    lights = [output.light("node") for output in config.outputs] if lights is None else lights
    idle = idle or (config.idle, config.idle_switched)
    return Timed(driver, sync, lights=lights, idle=idle, deadline=config.deadline, **options)


class LightNode:
    """Shows packets from the service on ``driver``.

    ``await node.run()`` runs until cancelled. Without an id in ``config``, the machine's name is used; without a
    service, the only one on the broker. ``lights``: what the driver lights, instead of the outputs of ``config``; they
    are dark when idle, and a switch elsewhere turns them off when the loop hangs. ``on_packet`` hears each packet,
    ``on_use`` whether the service uses the lights.
    """

    def __init__(
        self,
        config: NodeConfig,
        address: BrokerAddress,
        driver: Driver,
        *,
        prefix: str = PREFIX,
        clock: Callable[[], float] = time.monotonic,
        on_frame: Callable[[Frame], None] | None = None,
        notifier: Notifier | None = None,
        lights: Sequence[Light] = (),
        on_packet: Callable[[Packet], object] | None = None,
        on_use: Callable[[bool], object] | None = None,
    ) -> None:
        self._on_packet, self._on_use = on_packet, on_use
        self.id = config.id or own_id()
        self._lights = tuple(lights) or tuple(output.light() for output in config.outputs)
        self.bad = 0
        self.sync = ClockFilter()
        self._lease = (
            pin_lease(config, driver.name, self._darkened)
            if driver.name in GUARDED
            else contextlib.nullcontext()
        )
        self.player = timed(
            driver,
            self.sync,
            config,
            lights=[replace(light, node=self.id) for light in self._lights],
            idle=(bytes(len(lights)), (False,) * len(lights)) if lights else None,
            clock=clock,
            on_frame=on_frame,
            lease=self._lease.until if isinstance(self._lease, Lease) else None,
        )
        self.pinger = Pinger(self.sync, self.player.local_us)
        self._config = config
        self._address = address
        self._driver = driver
        self._prefix = prefix
        rescue = (lambda: None, lambda: None) if lights else (self.player.rescue, self.player.recovered)
        self._watchdog = Watchdog(*rescue, limit=config.deadline * HUNG, notifier=notifier)
        self._resets = 0

    async def run(self) -> None:
        """Opens the driver and runs until cancelled. Raises NetworkError if the service is ambiguous."""
        # The lease is closed last: until then the lights are guarded.
        async with self._lease, self._driver, self._watchdog:
            playing = asyncio.create_task(self.player.run())
            following = asyncio.create_task(self._follow())
            try:
                done, _ = await asyncio.wait((playing, following), return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
            finally:
                await cancel_all(playing)
                self.player.off()
                await cancel_all(following)

    def _darkened(self) -> None:
        self.player.darkened()

    async def _follow(self) -> None:
        service = self._config.service or await self._find_service()
        topics = Topics(service, self._prefix)
        lights = self._lights
        channels = tuple(sorted({light.channel for light in lights}))
        here = payloads.NodeStatus(True, self._driver.name, channels, __version__, lights).payload()
        gone = payloads.NodeStatus(False, self._driver.name, channels, __version__, lights).payload()

        async def session(client: Client) -> None:
            try:
                await client.publish(topics.node_status(self.id), here, qos=1, retain=True)
                await self._serve(client, topics)
            except asyncio.CancelledError:
                with suppress(Exception):
                    async with asyncio.timeout(1.0):
                        await publish_last(client, topics.node_status(self.id), gone)
                raise

        will = Will(topics.node_status(self.id), gone, qos=1, retain=True)
        await keep_connected(self._address, session, will=will)

    async def _find_service(self) -> str:
        found: list[str] = []

        async def session(client: Client) -> None:
            found.extend(await online_services(client, self._prefix))

        await keep_connected(self._address, session)
        if len(found) > 1:
            raise NetworkError(
                f"several services are on the broker at {self._address}: {', '.join(sorted(found))}; "
                "say which one with --service"
            )
        _LOG.info("following service %s", found[0])
        return found[0]

    async def _serve(self, client: Client, topics: Topics) -> None:
        self.pinger.begin()
        await run_all(
            self._listen(client, topics),
            self._keep_time(topics),
            self._subscribe_frames(client, topics),
            self._report(client, topics),
        )

    async def _keep_time(self, topics: Topics) -> None:
        """Synchronises the clock over a separate connection: behind delayed frames, the delay would be asymmetric."""
        async with connect(self._address) as client:
            await client.subscribe(topics.clock_pong(self.id), qos=0)

            async def ask(payload: bytes) -> None:
                await client.publish(topics.clock_ping(self.id), payload)

            await run_all(self._listen(client, topics), self.pinger.run(ask))

    async def _subscribe_frames(self, client: Client, topics: Topics) -> None:
        told = [(topics.status, 1), (topics.house, 1)]
        told += [(topics.colours, 1)] if isinstance(self._driver, Coloured) else []
        told += [(topics.show_state, 0)] if self._on_use else []
        await client.subscribe(told)
        # Frames are useless until the service's clock is known.
        await self.pinger.synced.wait()
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
            heard_packet = packet.decode(message.payload)
            if self._on_packet:
                self._on_packet(heard_packet)
            self.player.feed(heard_packet)
        elif topic == topics.clock_pong(self.id):
            self.pinger.heard(payloads.Pong.parse(message.payload), heard)
            if self.sync.resets != self._resets:
                self._resets = self.sync.resets
                _LOG.warning("the service's clock was reset")
                self.player.timeline.clear()
        elif topic == topics.colours:
            if isinstance(self._driver, Coloured):
                self._driver.recolour(ChannelColours.parse(message.payload).colours)
        elif topic == topics.show_state:
            self._use(payloads.from_json(message.payload).get("mode") != "idle")
        elif topic == topics.house:
            self.player.learn(payloads.HouseLights.parse(message.payload).lights)
        elif topic == topics.status and message.payload == payloads.OFFLINE:
            _LOG.warning("the service is offline: idle lights")
            self.player.leave()
            self._use(False)
        elif topic == topics.status:
            # The service was restarted, perhaps on a rebooted machine with a new monotonic clock.
            self.pinger.hurry()

    def _use(self, on: bool) -> None:
        if self._on_use:
            self._on_use(on)

    async def _report(self, client: Client, topics: Topics) -> None:
        while True:
            await asyncio.sleep(_HEALTH_INTERVAL)
            await client.publish(topics.node_health(self.id), self.health().payload())

    def health(self) -> payloads.NodeHealth:
        """The health report of the node."""
        timeline, errors = self.player.timeline, self.player.errors
        return payloads.NodeHealth(
            shown=self.player.shown,
            late=timeline.late,
            dropped=timeline.dropped,
            limited=self.player.limited,
            stale=timeline.stale,
            bad=self.bad,
            driver_errors=self._driver.errors,
            driver_works=self._driver.healthy,
            offset_us=self.sync.offset_at(self.player.local_us()),
            uncertainty_us=self.sync.uncertainty,
            rtt_us=self.sync.rtt,
            drift_ppm=round(self.sync.drift_ppm),
            error_p50_us=errors.quantile(0.5),
            error_p99_us=errors.quantile(0.99),
            error_histogram=tuple(errors.histogram),
        )


def own_id() -> str:
    """A node id derived from this machine's name."""
    return re.sub(r"[^a-z0-9_-]+", "-", socket.gethostname().lower())[:64] or "node"
