"""The connection to a broker that turns a device's lights off if it breaks: that command is its last will.

A connection has one will, so each device has a connection of its own. It is made when the lights are needed and ended
in good order afterwards: when a service is killed while nobody needs the lights, they must stay as others set them.
"""

import asyncio
import logging
from collections.abc import Callable

from yulelight.actors import Backoff
from yulelight.core.errors import NetworkError
from yulelight.mqtt.address import BrokerAddress
from yulelight.mqtt.devices.device import Device, Message
from yulelight.mqtt.link import Client, LinkError, Will, connect

_LOG = logging.getLogger(__name__)

KEEPALIVE = 3
"""Seconds: with less, the client's own check once a second would come too late. The broker publishes the will
4.5 seconds after the last sign of life; mosquitto looks every 5."""
_GOODBYE = 1.0
"""Maximum seconds until the broker confirms that the lights were told to go off."""
_UNKNOWN = 0.5
"""Seconds between two looks for a device that has not been found."""
_BACKOFF = Backoff(initial=0.5, maximum=10.0)


class DeviceConnection:
    """Sends the newest command to ``device``, whenever there is one."""

    def __init__(
        self, address: BrokerAddress, device: Device, failed: Callable[[Device, Exception], None]
    ) -> None:
        self._address, self._device, self._failed = address, device, failed
        self._latest: Message | None = None
        self._news = asyncio.Event()

    def send(self, message: Message | None) -> None:
        """Sends it now, or when there is a connection. The newest replaces one that waits."""
        self._latest = message
        self._news.set()

    async def run(self) -> None:
        """Runs until cancelled; then the lights are told to go off."""
        delays = iter(_BACKOFF)
        while True:
            dark = self._device.dark()
            if dark is None:
                await asyncio.sleep(_UNKNOWN)
                continue
            try:
                will = Will(dark.topic, dark.payload, qos=1)
                async with connect(self._address, will, keepalive=KEEPALIVE) as client:
                    delays = iter(_BACKOFF)
                    await self._serve(client, dark)
            except LinkError as error:
                self._failed(self._device, error)
                await asyncio.sleep(next(delays))

    async def _serve(self, client: Client, dark: Message) -> None:
        """Returns when the device listens elsewhere."""
        self._news.set()
        try:
            while self._device.dark() == dark:
                await self._heard_or_lost(client)
                if self._news.is_set():
                    self._news.clear()
                    if self._latest is not None:
                        await client.publish(self._latest.topic, self._latest.payload)
        finally:
            # It precedes the goodbye on the same connection: if that is lost, the will is published.
            await _say(client, dark)

    async def _heard_or_lost(self, client: Client) -> None:
        news = asyncio.create_task(self._news.wait())
        try:
            await asyncio.wait({news, client.lost}, timeout=_UNKNOWN, return_when=asyncio.FIRST_COMPLETED)
        finally:
            news.cancel()
        if client.lost.done():
            raise client.error()


async def _say(client: Client, message: Message) -> None:
    try:
        async with asyncio.timeout(_GOODBYE):
            await client.publish(message.topic, message.payload, qos=1)
    except Exception as error:  # noqa: BLE001
        _LOG.debug("the last command to %s was not confirmed: %s", message.topic, error)


async def say_all(address: BrokerAddress, messages: list[Message], timeout: float) -> None:
    """Publishes ``messages`` on a connection of its own. Raises NetworkError."""
    try:
        async with asyncio.timeout(timeout), connect(address) as client:
            for message in messages:
                await client.publish(message.topic, message.payload, qos=1)
    except TimeoutError:
        raise NetworkError(f"the MQTT broker at {address} does not answer") from None
