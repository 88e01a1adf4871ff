"""Converts levels and states to pin values.

Pure: no pin is accessed here. Relays and SSRs are on or off; together they form one mask of pins, so that a driver
can change them at once. A dimmer's pin carries PWM; its duty cycle follows the level along a power curve, like the
eye, and never falls below what the lamp needs to glow steadily. For active-low boards everything is inverted.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from yulelight.core.errors import UsageError
from yulelight.node.config import HARDWARE_PWM, OutputConfig
from yulelight.safety.physics import emitted

Step = tuple[bool, int]
"""Whether to drive pins high, and which: bit n is GPIO n."""


@dataclass(frozen=True, slots=True)
class Dimmer:
    """A dimmed output. ``index``: its position among the outputs; ``high``: its duty cycle for each level."""

    index: int
    pin: int
    output: OutputConfig
    high: tuple[float, ...]
    hardware: bool
    """Whether the Pi's hardware PWM is used."""

    def duties(self, full: int) -> tuple[int, ...]:
        """The duty cycle of each level in integer steps, with ``full`` steps for 100 %."""
        return tuple(round(share * full) for share in self.high)


class Wiring:
    """The outputs of a node as pins. Raises UsageError for an output without a pin."""

    def __init__(self, outputs: Sequence[OutputConfig]) -> None:
        self.switches: list[tuple[int, int]] = []
        """Position among the outputs and bit of each relay and SSR."""
        self.dimmers: list[Dimmer] = []
        self.low = 0
        """Bits of the active-low switches."""
        taken: set[int | None] = set()
        for index, output in enumerate(outputs):
            if output.pin is None:
                raise UsageError(
                    f"output {index + 1} ({output.label}) has no pin; `yulelight node setup` asks for it"
                )
            if output.dims:
                generator = HARDWARE_PWM.get(output.pin)
                # A generator drives two pins with the same signal; the first output gets it.
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
        """The steps from ``before`` to ``after``, both from :meth:`lit`.

        Outputs go off first, so that the power budget holds at every instant. There is one step for off and one for
        on, unless boards of both polarities are mixed.
        """
        off, on, low = before & ~after, after & ~before, self.low
        steps = ((False, off & ~low), (True, off & low), (False, on & low), (True, on & ~low))
        return tuple(step for step in steps if step[1])


def high_time(output: OutputConfig) -> tuple[float, ...]:
    """The duty cycle, 0..1, of a dimmer's pin at each of the 256 levels."""
    lit = emitted(output.gamma, output.minimum)
    return tuple(1.0 - share if output.active_low else share for share in lit)
