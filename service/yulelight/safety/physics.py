"""The lights of a house as the limits see them: what each one emits for a given level or state.

The service, the nodes and the integration for Home Assistant share this description: a node reports in its status what
is connected to it, the service adds what its settings contain, and sends all nodes the complete list.
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
"""Shortest times on and off in seconds, by the kind of light; None for an unknown kind. A relay has the shortest time
that any look uses, and a zero-cross SSR needs two full cycles of 50 Hz mains."""
GAMMA = 2.2
"""The eye's response curve, which dimmers follow by default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """A light connected to a channel. Inverted outputs need no special case: they emit what is requested, too."""

    channel: int
    """From 1."""
    kind: Kind | None = None
    """None if unknown: then it may be dimmed or switched, and the limits hold for both."""
    load: float = 1.0
    """Power in watts when fully on, above 0. It also determines the share of the light."""
    gamma: float = GAMMA
    minimum: float = 0.0
    """Dimmers: share of the full light at the dimmest level that is not dark, 0 <= minimum < 1."""
    node: str = ""
    """The node that drives it; lights of one node change together. Empty if unknown."""
    min_on: float | None = None
    min_off: float | None = None
    """Seconds; None for the default of the kind, see ``minimum_times``."""
    red: float = 0.0
    """Dimmers of saturated red: R - G - B when fully on, 0..1, on a linear scale; 0 for any other colour."""

    @property
    def dims(self) -> bool:
        """Whether it follows, or may follow, the levels."""
        return self.kind in ("dimmer", None)

    @property
    def switches(self) -> bool:
        """Whether it follows, or may follow, the on/off states."""
        return self.kind != "dimmer"

    @property
    def minimum_times(self) -> tuple[float, float]:
        """Shortest times on and off in seconds."""
        usual = MINIMUM_TIMES[self.kind]
        return usual if self.min_on is None else self.min_on, usual if self.min_off is None else self.min_off


@lru_cache(maxsize=256)
def emitted(gamma: float = GAMMA, minimum: float = 0.0) -> tuple[float, ...]:
    """The light, 0..1, that a dimmer emits at each of the 256 levels: its PWM duty cycle."""
    lit = [minimum + (1 - minimum) * (level / 255) ** gamma for level in range(256)]
    return (0.0, *lit[1:])
