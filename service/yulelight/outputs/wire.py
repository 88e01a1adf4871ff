"""How a frame of slots becomes packets: one small encoder for each protocol."""

from typing import Protocol

Sent = tuple[bytes, str | None]
"""A packet and the address that it goes to; None for the device's own."""


class Wire(Protocol):
    """A protocol over UDP. Pure: it is told which frame of the stream it encodes."""

    @property
    def name(self) -> str:
        """As the settings name it."""

    @property
    def port(self) -> int:
        """On which devices listen."""

    def frame(self, slots: bytes, number: int) -> list[Sent]:
        """The packets of frame ``number`` of the stream, in the order in which they are sent."""

    def farewell(self, slots: bytes, number: int) -> list[Sent]:
        """The packets that end the stream with these slots."""

    def last_words(self, slots: bytes) -> list[Sent]:
        """The same for who does not know the number: whatever came before, one of them is believed."""
