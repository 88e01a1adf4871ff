"""The interface of live inputs: blocks of samples with the time at which each is heard."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from yulelight.core.messages import Song
from yulelight.dsp.samples import Floats
from yulelight.lights.messages import LedFrames


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive samples: (k, 2) float32 at 44.1 kHz."""

    samples: Floats
    due: float | None = None
    """When the first of them is heard, in seconds of the service's monotonic clock.

    None if unknown: then the block follows the previous one, or is heard now.
    """


@dataclass(frozen=True, slots=True)
class Playing:
    """The input reports what plays from now on."""

    song: Song
    cover: bytes = b""
    """Its picture, a JPEG or PNG; empty without one."""
    position: float | None = None
    """Seconds into the song at ``at``, by the service's clock; None if unknown: it begins now."""
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Clear:
    """Sound sent for later is discarded, because of a seek or another song."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A message for the user while the input waits, e.g. for a connection; empty if there is none."""

    text: str
    pairing_code: str = ""
    """The code to type in where the input is to be paired, while it is."""


@dataclass(frozen=True, slots=True)
class Over:
    """The service that the lights follow has ended its show."""


Heard: TypeAlias = Block | LedFrames | Playing | Clear | Notice | Over


class Input(Protocol):
    """A source of live sound."""

    @property
    def song(self) -> Song:
        """The song shown until the input reports a title. Its id is empty."""
        ...

    def open(self) -> AbstractAsyncContextManager[AsyncIterator[Heard]]:
        """The sound, for as long as the context is open; used once.

        The iteration ends when the sound is over, and raises AudioError or NetworkError, in words for people, when it
        cannot go on. Leaving the context frees whatever the input holds; a cancellation is how others end it.
        """
        ...
