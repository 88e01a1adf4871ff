"""Pixels and dimmers over E1.31 (streaming ACN; ANSI E1.31-2018), to one device or to each universe's multicast group.

A data packet has three layers, all big-endian. Root: preamble 16, postamble 0, "ASC-E1.17", flags and length, vector
4, the sender's CID. Framing: flags and length, vector 2, the source's name, priority, synchronisation address (none),
sequence number, options, universe. DMP: flags and length, vector 2, type A1, first address 0, increment 1, count, and
then the start code 0 and the slots. Each "flags and length" is 7 in the upper four bits and the octets from there to
the end. The stream of a universe ends with three packets that have the option "terminated". Pure.
"""

import struct
from uuid import UUID

from yulelight.outputs.universes import MAX_SLOTS, Universes
from yulelight.outputs.wire import Sent

PORT = 5568
PRIORITY = 100
_ROOT = struct.Struct(">HH12sHI16s")
_FRAMING = struct.Struct(">HI64sBHBBH")
_DMP = struct.Struct(">HBBHHHB")
_HEADERS = _ROOT.size + _FRAMING.size + _DMP.size
_ACN = b"ASC-E1.17"
_FLAGS = 0x7000
_TERMINATED = 0x40
_GOODBYES = 3


class E131:
    """See Wire. ``cid`` tells this source from all others, ``label`` names it to people.

    ``full``: always 512 slots, which some old receivers ask for. ``multicast``: each universe to its own group.
    """

    name = "e131"
    port = PORT

    def __init__(
        self,
        universes: Universes,
        cid: UUID,
        label: str,
        *,
        priority: int = PRIORITY,
        full: bool = False,
        multicast: bool = False,
    ) -> None:
        self._universes, self._cid, self._priority = universes, cid.bytes, priority
        self._label = label.encode()[:63].decode(errors="ignore").encode()
        self._full, self._multicast = full, multicast

    def frame(self, slots: bytes, number: int) -> list[Sent]:
        """See Wire."""
        return self._packets(slots, number, 0)

    def farewell(self, slots: bytes, number: int) -> list[Sent]:
        """See Wire."""
        last = self._packets(slots, number, 0)
        for goodbye in range(1, _GOODBYES + 1):
            last += self._packets(slots, number + goodbye, _TERMINATED)
        return last

    def last_words(self, slots: bytes) -> list[Sent]:
        """See Wire: receivers refuse numbers of up to twenty before the last one, so here are opposite ones."""
        return self.farewell(slots, 0) + self.farewell(slots, 128)

    def _packets(self, slots: bytes, number: int, options: int) -> list[Sent]:
        return [
            (
                self._packet(universe, part.ljust(MAX_SLOTS, b"\0") if self._full else part, number, options),
                group(universe) if self._multicast else None,
            )
            for universe, part in self._universes.parts(slots)
        ]

    def _packet(self, universe: int, slots: bytes, number: int, options: int) -> bytes:
        size = _HEADERS + len(slots)
        return (
            _ROOT.pack(0x0010, 0, _ACN, _FLAGS | size - 16, 4, self._cid)
            + _FRAMING.pack(
                _FLAGS | size - 38, 2, self._label, self._priority, 0, number & 0xFF, options, universe
            )
            + _DMP.pack(_FLAGS | size - 115, 2, 0xA1, 0, 1, len(slots) + 1, 0)
            + slots
        )


def group(universe: int) -> str:
    """The multicast address of a universe."""
    return f"239.255.{universe >> 8}.{universe & 0xFF}"
