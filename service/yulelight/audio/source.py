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
    """Seconds as the file announces or its size suggests: a hint. None where there is none."""
    damage: list[float]
    """Moments of the sound, in seconds, at which pieces could not be decoded though later ones could."""
    loose_end: bool
    """Whether decoding ended with pieces that could not be decoded, or in the middle of one."""

    def blocks(self) -> Iterator[tuple[Floats, int]]:
        """Yields ((n, channels) float32, rate). Damage is noted, and skipped or the end; never raises."""
        ...

    def close(self) -> None:
        """Gives the library's memory back; the file stays open."""
        ...


class UnreadableError(Exception):
    """The library does not know this as audio."""
