"""The binary format of packets: docs/mqtt.md, "Frame packet".

Little-endian. The encoding is canonical: every packet that can be decoded encodes to the same bytes.
"""

import struct

from yulelight.core.errors import YulelightError
from yulelight.core.messages import Packet

MAGIC = b"YL"
VERSION = 1
MAX_CHANNELS = 64
MAX_FRAMES = 1024
MIN_INTERVAL = 1_000
"""Microseconds: a thousand frames per second is more than any light needs."""
MAX_INTERVAL = 10_000_000

_HEADER = struct.Struct("<2sBBIIqIH")
MAX_SIZE = _HEADER.size + MAX_FRAMES * (MAX_CHANNELS + MAX_CHANNELS // 8)
_MAX_U32 = 2**32 - 1


class PacketError(YulelightError):
    """Bytes that are not a frame packet, or a packet that cannot be encoded."""


def encode(packet: Packet) -> bytes:
    """The packet as bytes. Raises PacketError if a field is out of the range of the format."""
    count = len(packet.levels)
    channels = len(packet.levels[0]) if packet.levels else 0
    _check_bounds(channels, count, packet.interval)
    if len(packet.switched) != count:
        raise PacketError(f"{count} frames of levels but {len(packet.switched)} of switched states")
    if any(len(levels) != channels for levels in packet.levels):
        raise PacketError("frames of different length in one packet")
    if any(len(states) != channels for states in packet.switched):
        raise PacketError("frames of different length in one packet")
    if not (0 <= packet.session <= _MAX_U32 and 0 <= packet.sequence <= _MAX_U32):
        raise PacketError("session and sequence are unsigned 32 bit numbers")
    if not -(2**63) <= packet.at < 2**63:
        raise PacketError("the presentation time is a signed 64 bit number of microseconds")
    size = (channels + 7) // 8
    head = _HEADER.pack(
        MAGIC, VERSION, channels, packet.session, packet.sequence, packet.at, packet.interval, count
    )
    bitmaps = b"".join(_bitmap(states).to_bytes(size, "little") for states in packet.switched)
    return b"".join((head, *packet.levels, bitmaps))


def decode(data: bytes) -> Packet:
    """Decodes ``data``. Raises PacketError unless it is exactly one packet."""
    if not _HEADER.size <= len(data) <= MAX_SIZE:
        raise PacketError(f"{len(data)} bytes are not a frame packet")
    magic, version, channels, session, sequence, at, interval, count = _HEADER.unpack_from(data)
    if magic != MAGIC:
        raise PacketError("not a frame packet")
    if version != VERSION:
        raise PacketError(f"frame packet of version {version}; this program speaks version {VERSION}")
    _check_bounds(channels, count, interval)
    size = (channels + 7) // 8
    split = _HEADER.size + count * channels
    if len(data) != split + count * size:
        raise PacketError(f"{len(data)} bytes, but {count} frames of {channels} channels are announced")
    levels = tuple(data[i : i + channels] for i in range(_HEADER.size, split, channels))
    bitmaps = [int.from_bytes(data[i : i + size], "little") for i in range(split, len(data), size)]
    if any(bitmap >> channels for bitmap in bitmaps):
        raise PacketError("states of channels that are not there")
    switched = tuple(tuple(bool(bitmap >> c & 1) for c in range(channels)) for bitmap in bitmaps)
    return Packet(session, sequence, at, interval, levels, switched)


def _bitmap(states: tuple[bool, ...]) -> int:
    return sum(1 << channel for channel, on in enumerate(states) if on)


def _check_bounds(channels: int, count: int, interval: int) -> None:
    if not 1 <= channels <= MAX_CHANNELS:
        raise PacketError(f"{channels} channels; 1 to {MAX_CHANNELS} are possible")
    if not 1 <= count <= MAX_FRAMES:
        raise PacketError(f"{count} frames; 1 to {MAX_FRAMES} are possible")
    if not MIN_INTERVAL <= interval <= MAX_INTERVAL:
        raise PacketError(f"frame interval of {interval} µs; {MIN_INTERVAL} to {MAX_INTERVAL} are possible")
