"""The interface of an output, and its health."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from yulelight.core.messages import Packet
from yulelight.outputs.deadman import Words
from yulelight.safety.physics import Light


def node_id(name: str) -> str:
    """The id of the output of this name for limits and nodes, which differs from all node ids."""
    return "output-" + re.sub("[^a-z0-9_-]", "-", name.lower())


@dataclass(frozen=True, slots=True)
class OutputHealth:
    """The health of an output."""

    works: bool
    """Whether frames reach the lights, as far as can be determined."""
    shown: int = 0
    """Frames so far."""
    limited: int = 0
    """Frames changed by the limits."""
    late: int = 0
    """Frames that arrived too late."""
    skipped: int = 0
    """Frames that newer ones overtook, because this machine or the network was busy."""
    errors: int = 0
    """How often the device or the network failed."""
    problem: str = ""
    """The problem as text; empty if there is none."""


class Output(Protocol):
    """Lights driven by the service. They are dark, or show their idle scene, before and after ``run``."""

    @property
    def name(self) -> str:
        """Its name for display, which is also that of its lights in the house's description."""
        ...

    @property
    def lights(self) -> Sequence[Light]:
        """Its lights, as far as known; they may change while it runs."""
        ...

    def send(self, packet: Packet) -> None:
        """Accepts a packet to be shown at its presentation time. Never waits."""
        ...

    def use(self, on: bool) -> None:
        """Tells whether the service needs the lights; otherwise they are available to others."""
        ...

    def last_words(self) -> Words:
        """Packets that turn the lights off after this process has ended."""
        ...

    def darkened(self) -> None:
        """Called after these packets have been sent by the dead man's switch."""
        ...

    def health(self) -> OutputHealth:
        """Its present health."""
        ...

    async def run(self, changed: Callable[[], object] = lambda: None) -> None:
        """Shows packets until cancelled. ``changed`` is called when its lights have changed."""
        ...
