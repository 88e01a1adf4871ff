"""Parses the first packet of an MQTT client, as far as needed to identify it. Pure."""

from dataclasses import dataclass
from typing import Self

V31, V311, V5 = 3, 4, 5
"""Protocol levels."""
_NAMES = {b"MQTT": (V311, V5), b"MQIsdp": (V31,)}


@dataclass(frozen=True, slots=True)
class Connect:
    """The fields of a CONNECT packet that the gate needs. User and password are empty if missing."""

    level: int
    keepalive: int = 0
    username: bytes = b""
    password: bytes = b""

    @classmethod
    def parse(cls, body: bytes) -> Self:
        """Parses a CONNECT; ``body`` is the packet after its fixed header. Raises ValueError if it is invalid.

        For protocol levels other than 3.1, 3.1.1 and 5, only the level is read.
        """
        name, rest = _field(body)
        if name not in _NAMES or len(rest) < 4:
            raise ValueError("not MQTT")
        level, flags, keepalive = rest[0], rest[1], int.from_bytes(rest[2:4], "big")
        if level not in _NAMES[name]:
            return cls(level)
        rest = rest[4:]
        if level == V5:
            rest = _without_properties(rest)
        _, rest = _field(rest)
        if flags & 0x04:
            if level == V5:
                rest = _without_properties(rest)
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


def refused(level: int) -> bytes:
    """The CONNACK "not authorised" for a client of ``level``."""
    return bytes((0x20, 3, 0, 0x87, 0)) if level == V5 else bytes((0x20, 2, 0, 5))


def other_version(level: int) -> bytes:
    """The CONNACK "unsupported protocol version" in the format of ``level``."""
    return bytes((0x20, 3, 0, 0x84, 0)) if level == V5 else bytes((0x20, 2, 0, 1))


def length_of(head: bytes) -> int:
    """The remaining length in a fixed header of two to five bytes."""
    return sum((byte & 0x7F) << (7 * i) for i, byte in enumerate(head[1:]))


def _field(data: bytes) -> tuple[bytes, bytes]:
    """Splits off a string or binary field with a length prefix of two bytes."""
    end = 2 + int.from_bytes(data[:2], "big")
    if len(data) < end:
        raise ValueError("a field is cut short")
    return data[2:end], data[end:]


def _without_properties(data: bytes) -> bytes:
    """Skips the properties of MQTT 5, which begin with their length as a variable byte integer."""
    length, shift = 0, 0
    for count, byte in enumerate(data[:4]):
        length |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            end = count + 1 + length
            if len(data) < end:
                raise ValueError("properties are cut short")
            return data[end:]
    raise ValueError("properties of no proper length")
