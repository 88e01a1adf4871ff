"""The embedded broker, for homes that have none: amqtt behind a gate, in memory only."""

import asyncio
import contextlib
import logging
from types import TracebackType
from typing import Self

from amqtt.broker import Broker
from amqtt.contexts import BrokerConfig, ListenerConfig, ListenerType

from yulelight.actors import Actor
from yulelight.core.errors import NetworkError
from yulelight.core.listening import trouble
from yulelight.mqtt.gate import Admitted, GateError, Login, admit

MAX_CONNECTIONS = 100
_LISTENER = "default"
_STOP = 2.0
_LOG = logging.getLogger(__name__)


class LocalBroker:
    """An MQTT 3.1.1 broker that listens while its context is open. Nothing is kept on disk.

    One user with one password; anybody else is refused. ``port`` 0 takes a free one; ``self.port`` is the port
    in use. Raises NetworkError when the port cannot be had.
    """

    def __init__(
        self,
        host: str,
        port: int,
        username: str,
        password: str,
        max_connections: int = MAX_CONNECTIONS,
    ) -> None:
        self.host = host
        self.port = port
        self.refused = 0
        self._login = Login(username, password)
        self._max_connections = max_connections
        self._connections: set[asyncio.Task[None]] = set()
        self._streams: dict[asyncio.StreamReader, asyncio.StreamWriter] = {}
        self._server: asyncio.Server | None = None
        self._broker: Broker | None = None

    async def __aenter__(self) -> Self:
        # The library narrates every connection, and we say ourselves what went wrong.
        logging.getLogger("amqtt").setLevel(logging.CRITICAL)
        logging.getLogger("transitions").setLevel(logging.ERROR)
        self._broker = Broker(
            BrokerConfig(
                # External: we listen, so that every connection passes the gate.
                listeners={_LISTENER: ListenerConfig(type=ListenerType.EXTERNAL)},
                plugins={f"{Admitted.__module__}.{Admitted.__name__}": {}},
                session_expiry_interval=3600,
            )
        )
        await self._broker.start()
        try:
            self._server = await asyncio.start_server(self._accept, self.host, self.port)
        except (OSError, ValueError) as error:
            await self._broker.shutdown()
            why = trouble(error, self.host, self.port, "--mqtt-port")
            raise NetworkError(f"the MQTT broker: {why}, or use a broker of yours with --broker") from None
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None and self._broker is not None
        self._server.close()
        # Each client is hung up on first: the library's own way of stopping a reader can wait for ever on
        # Python 3.11, where asyncio.wait_for loses a cancellation that comes together with data.
        for reader, writer in self._streams.items():
            _transport(writer).pause_reading()
            reader.feed_eof()
        if self._connections:
            await asyncio.wait(self._connections, timeout=_STOP)
        for task in self._connections:
            task.cancel()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_STOP):
                await self._broker.shutdown()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._connections) >= self._max_connections:
            self.refused += 1
            writer.transport.abort()
            return
        task = asyncio.create_task(self._serve(reader, writer))
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._streams[reader] = writer
        try:
            gated = await admit(reader, writer, self._login)
            assert self._broker is not None
            await self._broker.external_connected(*gated, _LISTENER)
        except GateError as error:
            self.refused += 1
            _LOG.debug("refused %s: %s", writer.get_extra_info("peername"), error)
        except Exception:
            # Whatever a hostile client brings the library to raise is that connection's end and no more.
            _LOG.debug("a connection failed", exc_info=True)
        finally:
            del self._streams[reader]
            writer.close()


class EmbeddedBroker(Actor[None]):
    """A LocalBroker for the length of an actor's life."""

    def __init__(self, host: str, port: int, username: str, password: str) -> None:
        self._broker = LocalBroker(host, port, username, password)

    async def started(self) -> None:
        await self.enter(self._broker)


def _transport(writer: asyncio.StreamWriter) -> asyncio.Transport:
    assert isinstance(writer.transport, asyncio.Transport)
    return writer.transport
