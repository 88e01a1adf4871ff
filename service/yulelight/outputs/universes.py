"""A frame of slots cut into DMX universes. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

MAX_SLOTS = 512
"""Slots of a universe."""


@dataclass(frozen=True, slots=True)
class Universes:
    """Where the slots of a frame stand: from slot ``address`` (from 1) of universe ``first`` on, ``size`` in each.

    Slots before ``address`` are told as 0.
    """

    first: int
    size: int = MAX_SLOTS
    address: int = 1

    @classmethod
    def whole_pixels(cls, first: int, width: int, address: int = 1) -> "Universes":
        """With as many slots in each as there is room for pixels of ``width`` slots: 510 for RGB."""
        return cls(first, MAX_SLOTS // width * width, address)

    def count(self, slots: int) -> int:
        """How many universes ``slots`` need."""
        return max(1, -(-(slots + self.address - 1) // self.size))

    def parts(self, slots: bytes) -> Iterator[tuple[int, bytes]]:
        """Each universe's number and slots."""
        slots = bytes(self.address - 1) + slots
        for index, start in enumerate(range(0, max(1, len(slots)), self.size)):
            yield self.first + index, slots[start : start + self.size]
