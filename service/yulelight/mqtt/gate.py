"""Access control for the embedded broker.

Broker programs accept any number of connections, wait long for a first packet, and permit password guessing at any
speed. Therefore each connection is checked here first: its CONNECT is read within limits, verified, and replayed to
the program.
"""

import asyncio
import hmac
import logging
from dataclasses import dataclass

from yulelight.core.attempts import Attempts, TooManyAttempts
from yulelight.core.throttle import Throttle
from yulelight.mqtt.connect import Connect, length_of, other_version, refused
from yulelight.mqtt.rate import ClientRate

CONNECT_TIMEOUT = 10.0
MAX_CONNECT = 4 * 1024
MAX_FAILURES, FAILURES_WINDOW = 10, 60.0
"""Permitted wrong passwords per address, and the period in seconds; afterwards even the right one is refused for a
while."""

_CONNECT = 0x10
_LOG = logging.getLogger(__name__)


class GateError(ConnectionError):
    """This connection is refused or must be closed."""


@dataclass(frozen=True, slots=True)
class Login:
    """The credentials that clients must present."""

    username: str
    password: str

    def accepts(self, username: bytes, password: bytes) -> bool:
        """Whether the credentials match; both are always compared, in constant time."""
        right_user = hmac.compare_digest(username, self.username.encode())
        right_password = hmac.compare_digest(password, self.password.encode())
        return right_user and right_password


@dataclass(frozen=True, slots=True)
class AdmittedClient:
    """An admitted client: its streams, and the first packet, which has been read from them."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    first: bytes
    connect: Connect
    rate: ClientRate


class Gate:
    """Admits clients with valid ``login`` that use one of ``levels``; without ``login``, all clients."""

    def __init__(self, login: Login | None, levels: frozenset[int]) -> None:
        self._login = login
        self._levels = levels
        self._failures = Attempts(MAX_FAILURES, FAILURES_WINDOW, "too many wrong passwords from this address")
        self._throttle = Throttle(_LOG)

    async def admit(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, rate: ClientRate
    ) -> AdmittedClient:
        """Admits a client. Raises GateError after answering a client that is refused."""
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT):
                head, body = await _first_packet(reader)
            connect = Connect.parse(body)
        except (TimeoutError, asyncio.IncompleteReadError, ValueError, OSError) as error:
            raise GateError(f"no valid CONNECT ({error})") from None
        if connect.level not in self._levels:
            writer.write(other_version(connect.level))
            raise GateError(f"MQTT level {connect.level}")
        if self._login and not self._knows(self._login, connect, writer):
            writer.write(refused(connect.level))
            raise GateError("wrong user or password")
        return AdmittedClient(reader, writer, head + body, connect, rate)

    def _knows(self, login: Login, connect: Connect, writer: asyncio.StreamWriter) -> bool:
        peer = writer.get_extra_info("peername")
        address = peer[0] if peer else None
        now = asyncio.get_running_loop().time()
        try:
            self._failures.check(address, now)
        except TooManyAttempts as error:
            self._throttle.warning("the MQTT broker: %s: %s", address, error)
            return False
        if login.accepts(connect.username, connect.password):
            self._failures.forgive(address)
            return True
        self._failures.add(address, now)
        return False


async def read_packet(stream: asyncio.StreamReader, limit: int) -> tuple[bytes, bytes]:
    """Fixed header and body of the next packet. Raises GateError for a body of more than ``limit`` bytes."""
    head = await stream.readexactly(2)
    while head[-1] & 0x80 and len(head) < 5:
        head += await stream.readexactly(1)
    length = length_of(head)
    if length > limit or head[-1] & 0x80:
        raise GateError(f"a packet of {length} bytes")
    return head, await stream.readexactly(length)


async def _first_packet(stream: asyncio.StreamReader) -> tuple[bytes, bytes]:
    # The first byte is sufficient: a client of another protocol may not send a second one, or not the announced
    # length.
    first = await stream.readexactly(1)
    if first[0] != _CONNECT:
        raise ValueError("not MQTT")
    head = first + await stream.readexactly(1)
    while head[-1] & 0x80 and len(head) < 5:
        head += await stream.readexactly(1)
    if length_of(head) > MAX_CONNECT:
        raise ValueError("not MQTT")
    return head, await stream.readexactly(length_of(head))
