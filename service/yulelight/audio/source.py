"""What a decoder library looks like to the rest: samples at the rate and channel count of the recording."""

from collections.abc import Iterator
from typing import Protocol

from yulelight.dsp.samples import Floats


class Source(Protocol):
    """An opened recording."""

    rate: int
    channels: int
    format: str
    """Container and codec, for people: "ogg (vorbis)"."""
    duration: float | None
    """Seconds as the header promises; None where it says nothing."""
    damaged: int
    """How many pieces could not be decoded so far."""

    def blocks(self) -> Iterator[tuple[Floats, int]]:
        """Yields ((n, channels) float32, rate). Damage is counted, and skipped or the end; never raises."""
        ...

    def close(self) -> None:
        """Gives the library's memory back; the file stays open."""
        ...


class UnreadableError(Exception):
    """The library does not know this as audio."""
