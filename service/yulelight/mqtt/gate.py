"""Who may speak to the embedded broker, and how much.

The broker library authenticates after it has touched its sessions, waits for ever for a first packet of any
length, never disconnects a client that fell silent, and queues without bound for one that does not read. So
each connection passes here first: its CONNECT is read, bounded and checked, then replayed to the broker.
"""

import asyncio
import hmac
from dataclasses import dataclass
from typing import Self

from amqtt.adapters import StreamReaderAdapter, StreamWriterAdapter
from amqtt.plugins.base import BaseAuthPlugin
from amqtt.session import Session

_LEVEL = 4
"""MQTT 3.1.1, all that the broker library speaks."""
CONNECT_TIMEOUT = 10.0
MAX_CONNECT = 4 * 1024
MAX_PACKET = 256 * 1024
MAX_UNSENT = 1024 * 1024
"""Bytes that may wait for a client that does not read; then it is disconnected."""

_CONNECT = 0x10
_REFUSED = bytes((0x20, 2, 0, 5))
"""CONNACK "not authorised"."""
_OTHER_VERSION = bytes((0x20, 2, 0, 1))
_OTHER_VERSION_5 = bytes((0x20, 3, 0, 0x84, 0))
"""CONNACK "unsupported protocol version", in the form that a client of MQTT 5 understands."""


class Admitted(BaseAuthPlugin):  # type: ignore[misc]
    """Lets everybody in: only connections that passed the gate come this far."""

    async def authenticate(self, *, session: Session) -> bool:
        return True


class GateError(ConnectionError):
    """This connection is not let in, or has to leave."""


@dataclass(frozen=True, slots=True)
class Login:
    """What a client must say."""

    username: str
    password: str

    def accepts(self, username: bytes, password: bytes) -> bool:
        """Compared in constant time, both of them always."""
        right_user = hmac.compare_digest(username, self.username.encode())
        right_password = hmac.compare_digest(password, self.password.encode())
        return right_user and right_password


class Reader(StreamReaderAdapter):  # type: ignore[misc]
    """Replays the CONNECT, then reads with a bound on size and silence."""

    def __init__(self, reader: asyncio.StreamReader, connect: bytes, keepalive: int) -> None:
        super().__init__(reader)
        self._head = connect
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
        self._heard = self._loop.time()
        return data


class Writer(StreamWriterAdapter):  # type: ignore[misc]
    """Disconnects a client that lets more than MAX_UNSENT bytes wait."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        super().__init__(writer)
        self.is_closed: bool = False

    async def drain(self) -> None:
        # Not waiting for the client: what waits is in the transport's buffer, where it is bounded and cheap.
        if not self.is_closed and self._writer.transport.get_write_buffer_size() > MAX_UNSENT:
            self._writer.transport.abort()

    async def close(self) -> None:
        if not self.is_closed:
            self.is_closed = True
            if self._writer.transport.get_write_buffer_size():
                # Someone who does not read must not hold up the broker's end.
                asyncio.get_running_loop().call_later(2.0, self._writer.transport.abort)
            self._writer.close()


@dataclass(frozen=True, slots=True)
class Connect:
    """What the gate wants to know of a CONNECT packet. Without a user or password those are empty."""

    level: int
    keepalive: int = 0
    username: bytes = b""
    password: bytes = b""

    @classmethod
    def parse(cls, body: bytes) -> Self:
        """``body`` is the packet after its fixed header. Raises ValueError when it is no proper CONNECT.

        Of another protocol level than 3.1.1 only the level is read.
        """
        name, rest = _field(body)
        if name != b"MQTT" or len(rest) < 4:
            raise ValueError("not MQTT")
        level, flags, keepalive = rest[0], rest[1], int.from_bytes(rest[2:4], "big")
        if level != _LEVEL:
            return cls(level)
        _, rest = _field(rest[4:])
        if flags & 0x04:
            _, rest = _field(rest)
            _, rest = _field(rest)
        username = password = b""
        if flags & 0x80:
            username, rest = _field(rest)
        if flags & 0x40:
            password, rest = _field(rest)
        if rest:
            raise ValueError("something follows the CONNECT")
        return cls(level, keepalive, username, password)


async def admit(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, login: Login
) -> tuple[Reader, Writer]:
    """The streams for the broker. Raises GateError, after answering a client that may not come in."""
    try:
        async with asyncio.timeout(CONNECT_TIMEOUT):
            head, body = await _first_packet(reader)
        connect = Connect.parse(body)
    except (TimeoutError, asyncio.IncompleteReadError, ValueError, OSError) as error:
        raise GateError(f"no proper CONNECT ({error})") from None
    if connect.level != _LEVEL:
        writer.write(_OTHER_VERSION_5 if connect.level == 5 else _OTHER_VERSION)
        raise GateError(f"MQTT level {connect.level}")
    if not login.accepts(connect.username, connect.password):
        writer.write(_REFUSED)
        raise GateError("wrong user or password")
    return Reader(reader, head + body, connect.keepalive), Writer(writer)


async def _first_packet(stream: asyncio.StreamReader) -> tuple[bytes, bytes]:
    head = await stream.readexactly(2)
    while head[-1] & 0x80 and len(head) < 5:
        head += await stream.readexactly(1)
    length = sum((byte & 0x7F) << (7 * i) for i, byte in enumerate(head[1:]))
    if head[0] != _CONNECT or length > MAX_CONNECT:
        raise ValueError("not MQTT")
    return head, await stream.readexactly(length)


def _field(data: bytes) -> tuple[bytes, bytes]:
    """A string or binary field that begins with its length in two bytes, and what follows it."""
    end = 2 + int.from_bytes(data[:2], "big")
    if len(data) < end:
        raise ValueError("a field is cut short")
    return data[2:end], data[end:]
