"""The embedded broker, for homes that have none: our gate in front of mosquitto or a broker in Python.

Nothing is stored on disk. For both brokers, the gate limits connections, first packets, wrong passwords and packet
rates.
"""

import asyncio
import contextlib
import logging
import shutil
import tempfile
from collections.abc import Callable, Coroutine
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from yulelight.actors import Actor
from yulelight.core.connections import ConnectionLimits, Connections
from yulelight.core.errors import NetworkError, UsageError
from yulelight.core.listening import BACKLOG, lengthen_queue, listen_error
from yulelight.mqtt.address import BrokerAddress
from yulelight.mqtt.engine import Engine, Program
from yulelight.mqtt.gate import Gate, GateError, Login
from yulelight.mqtt.mosquitto import MosquittoEngine, program
from yulelight.mqtt.rate import ClientRate, TokenBucket

CONNECTIONS = ConnectionLimits(total=128, by_address=64, strangers=32, strangers_by_address=8)
_STOP = 2.0
_UNBOUND = 1e9
_LOG = logging.getLogger(__name__)


def engine_of(choice: Program) -> Engine:
    """The chosen broker program. Raises UsageError if it is not installed."""
    found = None if choice == "python" else program()
    if found:
        return MosquittoEngine(found)
    if choice == "mosquitto":
        raise UsageError(
            "mosquitto is not installed; install it (sudo apt install mosquitto), or leave mqtt.program out"
        )
    # Imported here because it takes half a second to load and is not needed for mosquitto.
    from yulelight.mqtt.python_engine import PythonEngine

    return PythonEngine()


class LocalBroker:
    """An MQTT broker that listens while its context is open.

    It accepts one user with one password. ``port`` 0 takes a free port; ``self.port`` is the port in use. ``inside``:
    path of a socket through which this program connects without password and rate limit; its folder must belong to
    its user alone. Raises NetworkError if the port is not available.
    """

    def __init__(
        self,
        host: str,
        port: int,
        username: str,
        password: str,
        *,
        engine: Engine | None = None,
        limits: ConnectionLimits = CONNECTIONS,
        inside: Path | None = None,
    ) -> None:
        self.host = host
        self.port = port
        self.refused = 0
        self.engine = engine or engine_of("auto")
        self.connections = Connections("the MQTT broker", limits)
        self._inside = inside
        self._gate = Gate(Login(username, password), self.engine.levels)
        self._open_gate = Gate(None, self.engine.levels)
        rates = self.engine.rates
        self._shared = TokenBucket(rates.all, rates.all_burst)
        self._tasks: set[asyncio.Task[None]] = set()
        self._streams: dict[asyncio.StreamReader, asyncio.StreamWriter] = {}
        self._servers: list[asyncio.Server] = []

    async def __aenter__(self) -> Self:
        await self.engine.__aenter__()
        try:
            server = await asyncio.start_server(self._accept, self.host, self.port, backlog=BACKLOG)
            lengthen_queue(server)
        except (OSError, ValueError) as error:
            await self.engine.__aexit__(None, None, None)
            why = listen_error(error, self.host, self.port, "--mqtt-port")
            raise NetworkError(f"the MQTT broker: {why}, or use a broker of yours with --broker") from None
        self._servers = [server]
        if self._inside:
            self._inside.unlink(missing_ok=True)
            if self.engine.socket:
                # Straight to the program: each frame would otherwise pass through this process twice.
                self._inside.symlink_to(self.engine.socket)
            else:
                self._servers.append(await asyncio.start_unix_server(self._accept_inside, self._inside))
        self.port = server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self._servers:
            server.close()
        # Disconnect each client first: the Python broker can wait forever for a reader on Python 3.11, where
        # asyncio.wait_for loses a cancellation that coincides with data.
        for reader, writer in self._streams.items():
            _transport(writer).pause_reading()
            reader.feed_eof()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_STOP)
        for task in self._tasks:
            task.cancel()
        await self.engine.__aexit__(kind, error, trace)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = writer.get_extra_info("peername")
        place = self.connections.add(peer[0] if peer else None, writer.transport.abort)
        if place is None:
            self.refused += 1
            writer.transport.abort()
            return
        rates = self.engine.rates
        rate = ClientRate(TokenBucket(rates.client, rates.client_burst), self._shared)
        task = self._begin(self._serve(reader, writer, self._gate, rate, place.known))
        task.add_done_callback(lambda _: place.leave())

    def _accept_inside(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        free = ClientRate(TokenBucket(_UNBOUND, _UNBOUND), TokenBucket(_UNBOUND, _UNBOUND))
        self._begin(self._serve(reader, writer, self._open_gate, free, lambda: None))

    def _begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _serve(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        gate: Gate,
        rate: ClientRate,
        known: Callable[[], None],
    ) -> None:
        self._streams[reader] = writer
        try:
            client = await gate.admit(reader, writer, rate)
            known()
            await self.engine.serve(client)
        except GateError as error:
            self.refused += 1
            _LOG.debug("refused %s: %s", writer.get_extra_info("peername"), error)
        except Exception:  # noqa: BLE001
            # Whatever exception a hostile client provokes only ends its own connection.
            _LOG.debug("a connection failed", exc_info=True)
        finally:
            del self._streams[reader]
            writer.close()


class EmbeddedBroker(Actor[None]):
    """An actor that runs a LocalBroker."""

    def __init__(
        self, host: str, port: int, username: str, password: str, *, choice: Program, inside: Path
    ) -> None:
        self._at = host, port, username, password
        self._choice = choice
        self._inside = inside

    async def started(self) -> None:
        engine = await asyncio.to_thread(engine_of, self._choice)
        broker = await self.enter(LocalBroker(*self._at, engine=engine, inside=self._inside))
        _LOG.info("the MQTT broker is %s", broker.engine.name)


class LocalSocket:
    """A private folder with the socket through which the service connects to its broker."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="yulelight-"))
        self.path = self._folder / "mqtt"

    @property
    def address(self) -> BrokerAddress:
        """The address for the bridge."""
        return BrokerAddress("localhost", socket=str(self.path))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            shutil.rmtree(self._folder)


def _transport(writer: asyncio.StreamWriter) -> asyncio.Transport:
    assert isinstance(writer.transport, asyncio.Transport)
    return writer.transport
