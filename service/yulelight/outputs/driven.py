"""Makes an output of a driver: shows packets on time, enforces the limits, and goes dark without packets."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from yulelight.core.messages import Packet
from yulelight.outputs.base import OutputHealth
from yulelight.outputs.deadman import Words
from yulelight.outputs.driver import Coloured, Driver, Moving
from yulelight.outputs.stats import Skipping
from yulelight.outputs.timed import SameClock, Timed
from yulelight.safety.physics import Light

BUSY = 0.1
"""Share of skipped frames from which on they are a problem."""
DEADLINE = 2.0
"""Seconds after the last packet until the lights are dark; the service sends at least one per second."""


class Lit(Driver, Protocol):
    """A driver that knows its lights."""

    @property
    def lights(self) -> tuple[Light, ...]:
        """One light per output, in order."""

    def last_words(self) -> Words:
        """See Output."""

    @property
    def problem(self) -> str:
        """The problem as text; empty if there is none."""

    @property
    def skipped(self) -> int:
        """Frames that the network had no room for."""


class Driven:
    """See Output. The driver has one output for each of its lights."""

    def __init__(self, name: str, driver: Lit, clock: Callable[[], float] = time.monotonic) -> None:
        self.name, self.lights = name, driver.lights
        self._driver, self._clock, self._skipping = driver, clock, Skipping()
        # Asked once: such a question takes longer than all else that is done with a packet.
        self._moving = driver if isinstance(driver, Moving) else None
        dark = bytes(len(self.lights)), (False,) * len(self.lights)
        # By one name: outputs of the same lights then are the same to the guard, which judges them once.
        lights = tuple(replace(light, node="output") for light in self.lights)
        self._timed = Timed(driver, SameClock(), lights=lights, idle=dark, deadline=DEADLINE, clock=clock)
        # What comes here was held to the limits of the whole house in this very process, and nobody can forge it. Its
        # own lights are held to them again, whatever of it they miss.
        self._timed.learn(lights)

    def send(self, packet: Packet) -> None:
        """See Output."""
        self._timed.feed(packet)
        if self._moving is not None:
            self._moving.beats(packet.at, packet.beats)

    def use(self, on: bool) -> None:
        """See Output. These are the show's at all times."""

    def recolour(self, colours: Sequence[str]) -> None:
        """See Coloured."""
        if isinstance(self._driver, Coloured):
            self._driver.recolour(colours)

    def last_words(self) -> Words:
        """See Output."""
        return self._driver.last_words()

    def darkened(self) -> None:
        """See Output."""
        self._timed.darkened()

    def health(self) -> OutputHealth:
        """See Output."""
        timed, driver = self._timed, self._driver
        skipped = timed.timeline.dropped + driver.skipped
        share = self._skipping.share(self._clock(), timed.shown, skipped)
        busy = f"skips {round(100 * share)} % of its frames: this machine or the network is too busy"
        return OutputHealth(
            works=driver.healthy,
            shown=timed.shown,
            limited=timed.limited,
            late=timed.timeline.late,
            skipped=skipped,
            errors=driver.errors,
            problem=driver.problem or (busy if share > BUSY else ""),
        )

    async def run(self, changed: Callable[[], object] = lambda: None) -> None:
        """See Output."""
        async with self._driver:
            try:
                await self._timed.run()
            finally:
                self._timed.off()
