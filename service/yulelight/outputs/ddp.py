"""Pixels over DDP, the Distributed Display Protocol (3waylabs, version 1): WLED, FPP, Falcon, Kulp, ESPixelStick.

A packet has a header of 10 bytes, big-endian: flags (version 1; the last packet of a frame says push), a sequence
number from 1 to 15, the data type (8 bits a slot, RGB or RGBW), the destination 1, the offset and the length of the
data in bytes. Pure.
"""

import struct

from yulelight.outputs.wire import Sent

PORT = 4048
_VERSION, _PUSH, _RGB, _RGBW, _DISPLAY = 0x40, 0x01, 0x0B, 0x1B, 1
_HEADER = struct.Struct(">BBBBIH")
_MAX_PAYLOAD = 1440
"""Bytes of data in a packet: 480 pixels of RGB, which fit into an Ethernet frame."""


class Ddp:
    """See Wire. ``width``: slots of a pixel."""

    name = "ddp"
    port = PORT

    def __init__(self, width: int = 3) -> None:
        self._kind = _RGBW if width == 4 else _RGB

    def frame(self, slots: bytes, number: int) -> list[Sent]:
        """See Wire."""
        return [(packet, None) for packet in packets(slots, number, self._kind)]

    def farewell(self, slots: bytes, number: int) -> list[Sent]:
        """See Wire; DDP has no end of stream, so the dark frame is sent twice, in case one is lost."""
        return self.frame(slots, number) + self.frame(slots, number + 1)

    def last_words(self, slots: bytes) -> list[Sent]:
        """See Wire."""
        return [(packet, None) for packet in packets(slots, None, self._kind)]


def packets(slots: bytes, number: int | None, kind: int = _RGB) -> list[bytes]:
    """A frame as packets; ``number`` counts frames, None says nothing of the sequence."""
    starts = range(0, max(1, len(slots)), _MAX_PAYLOAD)
    sequence = 0 if number is None else 1 + number % 15
    return [
        _HEADER.pack(
            _VERSION | (_PUSH if start + _MAX_PAYLOAD >= len(slots) else 0),
            sequence,
            kind,
            _DISPLAY,
            start,
            min(_MAX_PAYLOAD, len(slots) - start),
        )
        + slots[start : start + _MAX_PAYLOAD]
        for start in starts
    ]
