# A copy of service/yulelight/safety/physics.py, made by scripts/share.
"""The lights of a house as the limits see them: what each one emits for what it is told.

One description, which the service, the nodes and Home Assistant's integration share: a node says in its status what
hangs on it, the service adds what its settings know, and tells all nodes the whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

Kind = Literal["relay", "ssr", "dimmer"]

MINIMUM_TIMES: Mapping[Kind | None, float] = MappingProxyType(
    {None: 0.1, "relay": 0.1, "ssr": 0.04, "dimmer": 0.0}
)
"""Shortest times on and off in seconds, by what hangs on a channel; None where nobody said. A relay's is the shortest
that any look asks for, and a zero-cross SSR needs two whole waves of 50 Hz mains."""
GAMMA = 2.2
"""The eye's curve, which dimmers follow unless somebody says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """What hangs on a channel. Inverted outputs need no word here: they emit what they are told, like all others."""

    channel: int
    """From 1."""
    kind: Kind | None = None
    """None: unknown; then it may dim or switch, and the limits hold for both."""
    load: float = 1.0
    """Watts when fully on, above 0; its share of the light, too."""
    gamma: float = GAMMA
    minimum: float = 0.0
    """Dimmers: share of the full light at the dimmest level that is not dark, 0 <= minimum < 1."""
    node: str = ""
    """What drives it; lights of one node change together. Empty: unknown."""
    min_on: float | None = None
    min_off: float | None = None
    """Seconds; without them the kind's, see ``minimum_times``."""

    @property
    def dims(self) -> bool:
        """Whether it follows the levels, as far as anybody knows."""
        return self.kind in ("dimmer", None)

    @property
    def switches(self) -> bool:
        """Whether it follows the on/off states, as far as anybody knows."""
        return self.kind != "dimmer"

    @property
    def minimum_times(self) -> tuple[float, float]:
        """Shortest times on and off, seconds."""
        usual = MINIMUM_TIMES[self.kind]
        return usual if self.min_on is None else self.min_on, usual if self.min_off is None else self.min_off


@lru_cache(maxsize=256)
def emitted(gamma: float = GAMMA, minimum: float = 0.0) -> tuple[float, ...]:
    """The light, 0..1, that a dimmer emits at each of the 256 levels: its share of high time."""
    lit = [minimum + (1 - minimum) * (level / 255) ** gamma for level in range(256)]
    return (0.0, *lit[1:])
