"""What every source of live sound is to the player: blocks of samples, and when each is heard."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from yulelight.core.messages import Song
from yulelight.dsp.samples import Floats


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive samples: (k, 2) float32 at 44.1 kHz."""

    samples: Floats
    due: float | None = None
    """When the first of them is heard, in seconds of the service's monotonic clock.

    None where nobody knows: the block then follows the one before, or is heard now.
    """


@dataclass(frozen=True, slots=True)
class Playing:
    """The input says what sounds from now on."""

    song: Song


@dataclass(frozen=True, slots=True)
class Clear:
    """What was said to sound later will not: a jump, or another song. What follows begins anew."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What people should know while the input waits, such as that nobody has connected yet; empty when all is well."""

    text: str


Heard: TypeAlias = Block | Playing | Clear | Notice


class Input(Protocol):
    """A source of live sound."""

    @property
    def song(self) -> Song:
        """What is shown as playing until the input says more. Its id is empty."""
        ...

    def open(self) -> AbstractAsyncContextManager[AsyncIterator[Heard]]:
        """The sound, for as long as the context is open; used once.

        The iteration ends when the sound is over, and raises AudioError or NetworkError, in words for people, when it
        cannot go on. Leaving the context frees whatever the input holds; a cancellation is how others end it.
        """
        ...
