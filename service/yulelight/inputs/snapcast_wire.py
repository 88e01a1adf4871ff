"""What a Snapcast server and its clients say to each other (binary protocol, version 2). Pure.

https://github.com/badaix/snapcast/blob/develop/doc/binary_protocol.md describes it; all numbers are little-endian.
"""

import json
import struct
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from yulelight.audio.packets import PacketDecoder
from yulelight.audio.pcm import PcmFormat, SampleFormat
from yulelight.core.errors import AudioError, NetworkError

CODEC_HEADER, WIRE_CHUNK, SERVER_SETTINGS, TIME, HELLO = 1, 2, 3, 4, 5
HEAD = struct.Struct("<HHHiiiiI")
"""Type, id, what it answers, sent (s, µs), received (s, µs), bytes that follow."""
MAX_MESSAGE = 1_000_000
"""Maximum bytes of a message; a second of sound is smaller."""
_PAIR = struct.Struct("<ii")
_COUNT = struct.Struct("<I")
_WIDTHS: dict[int, SampleFormat] = {16: "s16le", 24: "s24le", 32: "s32le"}
ROUNDS = 120
"""Number of time answers that are kept."""


@dataclass(frozen=True, slots=True)
class Head:
    """The header of a message; times in seconds of the sender's clock."""

    type: int
    answers: int
    sent: float
    size: int

    @classmethod
    def read(cls, data: bytes) -> "Head":
        """Of HEAD.size bytes. Raises NetworkError for what no server says."""
        kind, _, answers, seconds, micros, _, _, size = HEAD.unpack(data)
        if size > MAX_MESSAGE:
            raise NetworkError("this is no Snapcast server: it sends what cannot be read")
        return cls(kind, answers, seconds + micros / 1e6, size)


def message(kind: int, payload: bytes, *, now: float, number: int = 0) -> bytes:
    """A message sent at ``now``."""
    seconds, rest = divmod(now, 1)
    return HEAD.pack(kind, number, 0, int(seconds), int(rest * 1e6), 0, 0, len(payload)) + payload


def hello(id: str, name: str, version: str, now: float) -> bytes:
    """The first message of a client. ``id``: by which the server knows it again."""
    said = {
        "MAC": "00:00:00:00:00:00",
        "HostName": name,
        "ID": id,
        "Instance": 1,
        "ClientName": "Yulelight",
        "Version": version,
        "OS": "",
        "Arch": "",
        "SnapStreamProtocolVersion": 2,
    }
    text = json.dumps(said).encode()
    return message(HELLO, _COUNT.pack(len(text)) + text, now=now)


def ask_time(now: float, number: int) -> bytes:
    """The request for the server's time."""
    return message(TIME, bytes(_PAIR.size), now=now, number=number)


def seconds(payload: bytes) -> float:
    """The time that begins ``payload``. Raises NetworkError."""
    if len(payload) < _PAIR.size:
        raise NetworkError("the Snapcast server sends an invalid time")
    whole, micros = _PAIR.unpack_from(payload)
    return float(whole + micros / 1e6)


def chunk(payload: bytes) -> tuple[float, bytes]:
    """When its first sample was recorded, in the server's time, and the sound. Raises NetworkError."""
    at = seconds(payload)
    return at, _sized(payload, _PAIR.size)[0]


def decoder(payload: bytes) -> PacketDecoder:
    """For what follows a codec header. Raises NetworkError or AudioError."""
    name, end = _sized(payload, 0)
    header, _ = _sized(payload, end)
    match name:
        case b"flac":
            return PacketDecoder.flac(header[8:42])
        case b"pcm" if len(header) >= 36:
            channels, rate = struct.unpack_from("<HI", header, 22)
            width = struct.unpack_from("<H", header, 34)[0]
            if width in _WIDTHS:
                return PacketDecoder.pcm(PcmFormat(rate, channels, _WIDTHS[width]))
        case b"opus" if len(header) >= 12:
            return PacketDecoder.opus(struct.unpack_from("<H", header, 10)[0])
    raise AudioError(
        f"the Snapcast server sends {name[:20].decode(errors='replace')!r}; set its codec to flac, pcm or opus"
    )


def buffered(payload: bytes) -> float:
    """Seconds from its recording to a sample's being heard, as the server's settings say. Raises NetworkError."""
    try:
        found: Any = json.loads(_sized(payload, 0)[0])
        said = (float(found["bufferMs"]) - float(found["latency"])) / 1000
    except (ValueError, TypeError, LookupError, RecursionError):
        raise NetworkError("the Snapcast server sends settings that cannot be read") from None
    if not -60 <= said <= 60:
        raise NetworkError("the Snapcast server's buffer is longer than a minute")
    return said


def _sized(payload: bytes, start: int) -> tuple[bytes, int]:
    """Bytes that follow their number, and where they end."""
    if len(payload) < start + _COUNT.size:
        raise NetworkError("the Snapcast server sends a message that is too short")
    begin = start + _COUNT.size
    end = begin + _COUNT.unpack_from(payload, start)[0]
    if end > len(payload):
        raise NetworkError("the Snapcast server sends a message that is too short")
    return payload[begin:end], end


@dataclass(slots=True)
class ServerClock:
    """By how much the server's clock is ahead of ours.

    Neither way takes less than no time, so each answer bounds it from both sides. Of the last ROUNDS answers the least
    of each side counts, whichever answer it is from: it is off by at most half of the shortest round trip, and where
    delays vary by much less, since their least are near each other.
    """

    _rounds: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=ROUNDS), init=False)

    def answered(self, there: float, back: float) -> None:
        """Seconds by both clocks, from our sending to its receiving, and from its sending to our receiving."""
        self._rounds.append((there, back))

    @property
    def rounds(self) -> int:
        """The number of answers kept."""
        return len(self._rounds)

    @property
    def ahead(self) -> float:
        """Seconds; 0 before the first answer."""
        if not self._rounds:
            return 0.0
        return (min(there for there, _ in self._rounds) - min(back for _, back in self._rounds)) / 2
