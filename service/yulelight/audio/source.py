"""The common interface of the decoder libraries: samples at the rate and channel count of the recording."""

from collections.abc import Iterator
from typing import Protocol

from yulelight.dsp.samples import Floats


class Source(Protocol):
    """An open recording."""

    rate: int
    channels: int
    format: str
    """Container and codec for display: "ogg (vorbis)"."""
    duration: float | None
    """Length in seconds as declared by the file or estimated from its size: a hint. None if unknown."""
    damage: list[float]
    """Positions in seconds at which packets could not be decoded although later ones could."""
    loose_end: bool
    """Whether decoding ended with packets that could not be decoded, or in the middle of one."""

    def blocks(self) -> Iterator[tuple[Floats, int]]:
        """Yields ((n, channels) float32, rate). Damage is recorded and skipped, or ends the sound; never raises."""
        ...

    def close(self) -> None:
        """Frees the library's memory; the file stays open."""
        ...


class UnreadableError(Exception):
    """The library does not recognise this as audio."""
