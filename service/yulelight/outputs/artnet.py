"""Pixels and dimmers over Art-Net 4 (ArtDmx, ArtSync), unicast.

ArtDmx: "Art-Net", operation 5000 (little-endian), protocol 14, sequence 1 to 255, port 0, the port address (15 bits,
little-endian), the number of slots (even, 2 to 512, big-endian), the slots. ArtSync, operation 5200, has two more zeros
after the protocol: receivers then show the universes of a frame together. Pure.
"""

import struct

from yulelight.outputs.universes import Universes
from yulelight.outputs.wire import Sent

PORT = 6454
MOST_UNIVERSE = 0x7FFF
_ID = b"Art-Net\0"
_DMX, _SYNC, _VERSION = 0x5000, 0x5200, 14
_OPERATION = struct.Struct("<H")
_DMX_HEADER = struct.Struct(">HBB")
_SYNC_PACKET = _ID + _OPERATION.pack(_SYNC) + struct.pack(">HBB", _VERSION, 0, 0)


class ArtNet:
    """See Wire. ``sync``: an ArtSync after each frame."""

    name = "artnet"
    port = PORT

    def __init__(self, universes: Universes, *, sync: bool = True) -> None:
        self._universes, self._sync = universes, sync

    def frame(self, slots: bytes, number: int) -> list[Sent]:
        """See Wire."""
        return self._packets(slots, 1 + number % 255)

    def farewell(self, slots: bytes, number: int) -> list[Sent]:
        """See Wire; Art-Net has no end of stream, so the dark frame is sent twice, in case one is lost."""
        return self.frame(slots, number) + self.frame(slots, number + 1)

    def last_words(self, slots: bytes) -> list[Sent]:
        """See Wire."""
        return self._packets(slots, 0)

    def _packets(self, slots: bytes, sequence: int) -> list[Sent]:
        packets: list[Sent] = [
            (_packet(universe, part, sequence), None) for universe, part in self._universes.parts(slots)
        ]
        return [*packets, (_SYNC_PACKET, None)] if self._sync else packets


def _packet(universe: int, slots: bytes, sequence: int) -> bytes:
    slots = slots.ljust(max(2, len(slots) + len(slots) % 2), b"\0")
    return (
        _ID
        + _OPERATION.pack(_DMX)
        + _DMX_HEADER.pack(_VERSION, sequence, 0)
        + _OPERATION.pack(universe)
        + struct.pack(">H", len(slots))
        + slots
    )
