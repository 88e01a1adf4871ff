"""The node's own last stage: whatever arrives, its outputs keep their minimum times and the flash limit.

The service keeps the same limits, so a proper show passes unchanged; what does not is a mistake or an attack. Dark is
never delayed. The guard's clock runs a hundredth fast: what the service has timed to the microsecond must not fail
because the two clocks' difference is estimated anew now and then. Six turns within 1 s are three flashes at most, as
WCAG 2.3.1 allows, so nothing is lost by it.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from yulelight.safety.flash import Field
from yulelight.safety.limiter import LightFrame, Output, black_out, put_out
from yulelight.safety.limits import Limits

if TYPE_CHECKING:
    from yulelight.node.config import OutputConfig

_HASTE = 1.01


class Guard:
    """The limits of these outputs, and the past they depend on. Pure: times are given, and never go back."""

    def __init__(self, outputs: Sequence["OutputConfig"]) -> None:
        total = sum(output.load for output in outputs)
        self._weights = tuple(output.load / total for output in outputs)
        count = len(outputs)
        self._limits = Limits(self._weights, times=((0.0, 0.0),) * count, kinds=(None,) * count)
        self._times = tuple(output.minimum_times for output in outputs)
        self._dims = tuple(output.dims for output in outputs)
        self._mixed = len(set(self._dims)) > 1
        self._last = Output.dark(len(outputs))
        self._field = Field()

    def allow(self, levels: bytes, switched: Sequence[bool], now: float) -> LightFrame:
        """What may show at ``now`` seconds when this is wanted; both have one item an output."""
        now *= _HASTE
        if not any(levels) and not any(switched):
            return self._keep(black_out(self._last, now), now)
        wanted = [x / 255 for x in levels]
        output = put_out(self._last, wanted, self._settled(switched, now), self._limits, now)
        # Dimmers and relays each keep the limit among themselves; where a node has both, they must do so together.
        if self._mixed:
            low, high = self._field.bounds(now)
            if not low <= self._light(output) <= high:
                return self._last.frame()
        return self._keep(output, now)

    def force(self, levels: bytes, switched: Sequence[bool], now: float) -> LightFrame:
        """This shows at ``now`` in any case; later frames are held to what it makes of the past."""
        now *= _HASTE
        light, on, last = tuple(x / 255 for x in levels), tuple(switched), self._last
        since = tuple(s if a == b else now for s, a, b in zip(last.since, last.on, on, strict=True))
        dimmed = sum(w * x for w, x in zip(self._weights, light, strict=True))
        lit = sum(w for w, x in zip(self._weights, on, strict=True) if x)
        return self._keep(
            Output(light, on, since, last.dimmed.emit(dimmed, now), last.switched.emit(lit, now)), now
        )

    def _settled(self, switched: Sequence[bool], now: float) -> list[bool]:
        """The wanted states, but those within their minimum time as they are."""
        return [
            lit if now - since < (min_on if lit else min_off) else want
            for lit, since, want, (min_on, min_off) in zip(
                self._last.on, self._last.since, switched, self._times, strict=True
            )
        ]

    def _keep(self, output: Output, now: float) -> LightFrame:
        self._last = output
        if self._mixed:
            self._field = self._field.emit(self._light(output), now)
        return output.frame()

    def _light(self, output: Output) -> float:
        """Share of the node's light that really shows."""
        return sum(
            weight * (level if dims else on)
            for weight, level, on, dims in zip(
                self._weights, output.levels, output.on, self._dims, strict=True
            )
        )
