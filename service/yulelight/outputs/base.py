"""What carries light out of the house's packets: an output, and how it does."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from yulelight.core.messages import Packet
from yulelight.outputs.deadman import Words
from yulelight.safety.physics import Light


def node_id(name: str) -> str:
    """The output of this name as limits and nodes know it: an id, and none that a node has."""
    return "output-" + re.sub("[^a-z0-9_-]", "-", name.lower())


@dataclass(frozen=True, slots=True)
class OutputHealth:
    """How an output does."""

    works: bool
    """Whether what is shown also reaches the lights, as far as anybody can know."""
    shown: int = 0
    """Frames so far."""
    limited: int = 0
    """Those of them that the limits changed."""
    late: int = 0
    """Frames that came after their moment."""
    errors: int = 0
    """How often the device or the network failed."""
    problem: str = ""
    """What is wrong, in words; empty when nothing is."""


class Output(Protocol):
    """Lights that the service drives itself. They are dark, or show their idle scene, before and after ``run``."""

    @property
    def name(self) -> str:
        """By which people know it; the house's description has its lights under this name."""
        ...

    @property
    def lights(self) -> Sequence[Light]:
        """What hangs on it, as far as it is known; it may change while it runs."""
        ...

    def send(self, packet: Packet) -> None:
        """Takes a packet that is to be shown at its moment. Never waits."""
        ...

    def use(self, on: bool) -> None:
        """Whether a show is on, or something else that keeps the lights; without, they are free for others."""
        ...

    def last_words(self) -> Words:
        """Packets that make the lights dark when this process is gone."""
        ...

    def darkened(self) -> None:
        """They were sent, whatever we thought; go on from there."""
        ...

    def health(self) -> OutputHealth:
        """How it does."""
        ...

    async def run(self, changed: Callable[[], object] = lambda: None) -> None:
        """Shows what is sent, until cancelled. ``changed`` is called when other lights hang on it than before."""
        ...
