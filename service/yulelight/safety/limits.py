"""What the lights of a house can take."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Kind = Literal["relay", "ssr", "dimmer"]

MINIMUM_TIMES: Mapping[Kind | None, float] = MappingProxyType(
    {None: 0.1, "relay": 0.1, "ssr": 0.04, "dimmer": 0.0}
)
"""Shortest times on and off in seconds, by what hangs on a channel; None where nobody said."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a house, an item for each channel.

    Where no channel has a kind, the house may be one of dimmers as well as one of relays, and the limits hold for both.
    """

    weights: tuple[float, ...]
    """Shares of the light and of the power; they sum to 1."""
    times: tuple[tuple[float, float], ...]
    """Shortest seconds on and off."""
    kinds: tuple[Kind | None, ...]
    cap: float = math.inf
    """Share of the power that may flow at once; more than 1 is no limit."""

    @classmethod
    def of(
        cls, loads: Sequence[float], budget: float | None = None, kinds: Sequence[Kind | None] | None = None
    ) -> "Limits":
        """Channels of these ``loads``, which together never take more than ``budget``; all in watts, above 0."""
        total = sum(loads)
        cap = math.inf if budget is None or budget >= total else budget / total
        known = tuple(kinds or (None,) * len(loads))
        times = tuple((MINIMUM_TIMES[kind],) * 2 for kind in known)
        return cls(tuple(load / total for load in loads), times, known, cap)

    @classmethod
    def even(cls, channels: int, minimum: tuple[float, float] = (0.1, 0.1)) -> "Limits":
        """Channels that all shed the same light."""
        return cls((1.0 / channels,) * channels, (minimum,) * channels, (None,) * channels)

    @property
    def known(self) -> bool:
        """Whether it is known which channels are dimmed; those without a kind are, where others have one."""
        return any(self.kinds)

    @property
    def dimmed(self) -> tuple[float, ...]:
        """Weights of the channels that show their level; 0 for those that do not."""
        return tuple(
            0.0 if kind in ("relay", "ssr") else weight
            for kind, weight in zip(self.kinds, self.weights, strict=True)
        )

    @property
    def switched(self) -> tuple[float, ...]:
        """Weights of the channels that show their on/off state; 0 for those that do not."""
        return tuple(
            weight if kind in ("relay", "ssr") or not self.known else 0.0
            for kind, weight in zip(self.kinds, self.weights, strict=True)
        )
