"""From levels and states to what each pin carries. Pure: no pin is touched here.

A relay or SSR is on or off, and all of them together are one mask of pins, so that a driver can change them at once.
A dimmer's pin carries pulses; its share of high time follows the level by a power curve, as the eye does, and never
falls below what the lamp needs to burn steadily. On a board that lights when its pin is low everything is inverted.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from yulelight.core.errors import UsageError
from yulelight.node.config import HARDWARE_PWM, OutputConfig
from yulelight.safety.physics import emitted

Step = tuple[bool, int]
"""Whether to drive high, and which pins: bit n is GPIO n."""


@dataclass(frozen=True, slots=True)
class Dimmer:
    """A dimmed output. ``index`` is its place among the outputs; ``high`` its share of high time for each level."""

    index: int
    pin: int
    output: OutputConfig
    high: tuple[float, ...]
    hardware: bool
    """Whether the Pi's own generator can make its pulses."""

    def duties(self, full: int) -> tuple[int, ...]:
        """High time of each level in whole steps of which ``full`` are all."""
        return tuple(round(share * full) for share in self.high)


class Wiring:
    """The outputs of a node as pins. Raises UsageError for an output that has none."""

    def __init__(self, outputs: Sequence[OutputConfig]) -> None:
        self.switches: list[tuple[int, int]] = []
        """Place among the outputs, and bit, of each relay and SSR."""
        self.dimmers: list[Dimmer] = []
        self.low = 0
        """Bits of the switches that light when low."""
        taken: set[int | None] = set()
        for index, output in enumerate(outputs):
            if output.pin is None:
                raise UsageError(
                    f"output {index + 1} ({output.label}) has no pin; `yulelight node setup` asks for it"
                )
            if output.dims:
                generator = HARDWARE_PWM.get(output.pin)
                # A generator drives two pins alike; the first that is named has it.
                hardware = generator is not None and generator not in taken
                taken.add(generator)
                self.dimmers.append(Dimmer(index, output.pin, output, high_time(output), hardware))
            else:
                self.switches.append((index, 1 << output.pin))
                self.low |= output.active_low << output.pin
        self.mask = sum(bit for _, bit in self.switches)
        """Bits of all relays and SSRs."""

    def lit(self, switched: Sequence[bool]) -> int:
        """Bits of the switches that are on."""
        return sum(bit for index, bit in self.switches if switched[index])

    def steps(self, before: int, after: int) -> tuple[Step, ...]:
        """How to get from ``before`` to ``after``, both as :meth:`lit` gives them.

        What goes off does so first: a power budget then holds at every instant. These are one step for off and one
        for on, unless boards of both kinds are mixed.
        """
        off, on, low = before & ~after, after & ~before, self.low
        steps = ((False, off & ~low), (True, off & low), (False, on & low), (True, on & ~low))
        return tuple(step for step in steps if step[1])


def high_time(output: OutputConfig) -> tuple[float, ...]:
    """The share of time, 0..1, for which a dimmer's pin is high at each of the 256 levels."""
    lit = emitted(output.gamma, output.minimum)
    return tuple(1.0 - share if output.active_low else share for share in lit)
