"""The broker program that needs no system package: amqtt (MQTT 3.1.1), in this process, in memory only.

By itself, it queues without limit for a client that does not read, never disconnects a silent client, and sends a
returning client the retained messages for the subscriptions of all others; the code here corrects that.
"""

import asyncio
import contextlib
import logging
from types import TracebackType
from typing import Any, Self

from amqtt.adapters import StreamReaderAdapter, StreamWriterAdapter
from amqtt.broker import Broker, RetainedApplicationMessage
from amqtt.contexts import BrokerConfig, ListenerConfig, ListenerType
from amqtt.plugins.base import BaseAuthPlugin
from amqtt.session import Session

from yulelight.mqtt.connect import V311
from yulelight.mqtt.engine import MAX_PACKET, MAX_UNSENT, Rates
from yulelight.mqtt.gate import AdmittedClient, GateError
from yulelight.mqtt.rate import ClientRate

MAX_RETAINED = 2000
"""Maximum number of topics with a retained message."""
MAX_WAITING = 200
"""Maximum number of messages for an offline client."""
_LISTENER = "default"
_STOP = 2.0
_READS = 3
"""Number of reads per packet in the library."""


class AllowAll(BaseAuthPlugin):  # type: ignore[misc]
    """Accepts all clients, since only connections admitted by the gate get here."""

    async def authenticate(self, *, session: Session) -> bool:
        return True


class PythonEngine:
    """See yulelight.mqtt.engine.Engine."""

    name = "the broker of this program"
    socket = None
    levels = frozenset({V311})
    # A packet takes milliseconds of the service's own thread, and a burst delays everything after it.
    rates = Rates(client=30, client_burst=60, all=100, all_burst=120)

    def __init__(self) -> None:
        self._broker: _Broker | None = None

    async def __aenter__(self) -> Self:
        # The library logs every connection; errors are logged here.
        logging.getLogger("amqtt").setLevel(logging.CRITICAL)
        logging.getLogger("transitions").setLevel(logging.ERROR)
        self._broker = _Broker(
            BrokerConfig(
                # External listener, so that every connection passes the gate.
                listeners={_LISTENER: ListenerConfig(type=ListenerType.EXTERNAL)},
                plugins={f"{AllowAll.__module__}.{AllowAll.__name__}": {}},
                session_expiry_interval=3600,
            )
        )
        await self._broker.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._broker is not None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_STOP):
                await self._broker.shutdown()

    async def serve(self, client: AdmittedClient) -> None:
        """Serves a client until it disconnects."""
        assert self._broker is not None
        reader = _Reader(client.reader, client.first, client.connect.keepalive, client.rate)
        await self._broker.external_connected(reader, _Writer(client.writer), _LISTENER)


class _Broker(Broker):  # type: ignore[misc]
    """The library's broker with corrections."""

    async def _publish_retained_messages_for_subscription(
        self, subscription: tuple[str, int], session: Session
    ) -> None:
        subscribers = self._subscriptions.get(subscription[0], ())
        if any(subscriber is session for subscriber, _ in subscribers):
            await super()._publish_retained_messages_for_subscription(subscription, session)

    async def retain_message(
        self, source_session: Any, topic_name: str, data: bytes | bytearray, qos: int | None = None
    ) -> None:
        known: dict[str, RetainedApplicationMessage] = self._retained_messages
        if topic_name in known or len(known) < MAX_RETAINED or not data:
            await super().retain_message(source_session, topic_name, data, qos)

    async def _retain_broadcast_message(
        self, broadcast: dict[str, Any], qos: int, target_session: Session
    ) -> None:
        if target_session.retained_messages.qsize() < MAX_WAITING:
            await super()._retain_broadcast_message(broadcast, qos, target_session)


class _Reader(StreamReaderAdapter):  # type: ignore[misc]
    """Replays the CONNECT, then reads with limits on size, silence and rate."""

    def __init__(
        self, reader: asyncio.StreamReader, connect: bytes, keepalive: int, rate: ClientRate
    ) -> None:
        super().__init__(reader)
        self._head = connect
        self._rate = rate
        self._patience = 1.5 * keepalive or None
        self._loop = asyncio.get_running_loop()
        self._heard = self._loop.time()

    async def read(self, n: int = -1) -> bytes:
        if self._head:
            replayed, self._head = self._head[:n], self._head[n:]
            return replayed
        if not 0 <= n <= MAX_PACKET:
            raise GateError(f"a packet of {n} bytes")
        try:
            async with asyncio.timeout_at(self._patience and self._heard + self._patience) as silence:
                data: bytes = await super().read(n)
        except TimeoutError:
            if silence.expired():
                raise GateError("silent for too long") from None
            raise
        await self._rate.take(1 / _READS)
        self._heard = self._loop.time()
        return data


class _Writer(StreamWriterAdapter):  # type: ignore[misc]
    """Disconnects a client that lets more than MAX_UNSENT bytes wait."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        super().__init__(writer)
        self.is_closed: bool = False

    def get_peer_info(self) -> tuple[str, int]:
        peer = self._writer.get_extra_info("peername")
        return (str(peer[0]), int(peer[1])) if isinstance(peer, tuple) else ("this machine", 0)

    async def drain(self) -> None:
        # Does not wait for the client: the data waits in the transport's buffer, where it is bounded and cheap.
        if not self.is_closed and self._writer.transport.get_write_buffer_size() > MAX_UNSENT:
            self._writer.transport.abort()

    async def close(self) -> None:
        if not self.is_closed:
            self.is_closed = True
            if self._writer.transport.get_write_buffer_size():
                # A client that does not read must not delay the shutdown of the broker.
                asyncio.get_running_loop().call_later(2.0, self._writer.transport.abort)
            self._writer.close()
