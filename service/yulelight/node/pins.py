"""Pins of this machine as an output of the service: a house with one Raspberry Pi needs no node and no broker."""

import contextlib
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from yulelight.core.errors import UsageError
from yulelight.core.messages import Packet
from yulelight.node.config import NodeConfig, find, load
from yulelight.node.drivers.choose import choose
from yulelight.node.lease import GUARDED, pin_lease
from yulelight.node.node import HUNG, timed
from yulelight.node.watchdog import Notifier, Watchdog
from yulelight.outputs.base import OutputHealth, node_id
from yulelight.outputs.deadman import Words
from yulelight.outputs.driver import Driver
from yulelight.outputs.lease import Lease
from yulelight.outputs.timed import SameClock
from yulelight.safety.physics import Light


class PinsOutput:
    """See Output. What a node does on the same pins: timeline, guard, watchdog, and the dead man's switch."""

    def __init__(
        self, name: str, config: NodeConfig, driver: Driver, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.name, node = name, node_id(name)
        self.lights: Sequence[Light] = [output.light(node) for output in config.outputs]
        self._driver = driver
        self._lease = (
            pin_lease(config, driver.name, self._dark) if driver.name in GUARDED else contextlib.nullcontext()
        )
        lease = self._lease.until if isinstance(self._lease, Lease) else None
        self._timed = timed(driver, SameClock(), config, lights=self.lights, clock=clock, lease=lease)
        # What comes here was held to the limits of the whole house in this very process.
        self._timed.learn(self.lights)
        # systemd hears of the service itself, not of one output.
        self._watchdog = Watchdog(
            self._timed.rescue, self._timed.recovered, limit=config.deadline * HUNG, notifier=Notifier({})
        )

    def send(self, packet: Packet) -> None:
        """See Output."""
        self._timed.feed(packet)

    def use(self, on: bool) -> None:
        """See Output. Pins are the show's at all times."""

    def last_words(self) -> Words:
        """See Output. Pins have a dead man's switch of their own."""
        return ()

    def darkened(self) -> None:
        """See Output. Packets on the network concern no pins."""

    def health(self) -> OutputHealth:
        """See Output."""
        timed, driver = self._timed, self._driver
        problem = "" if driver.healthy else "does not reach its lights"
        return OutputHealth(
            works=driver.healthy,
            shown=timed.shown,
            limited=timed.limited,
            late=timed.timeline.late,
            skipped=timed.timeline.dropped,
            errors=driver.errors,
            problem=problem,
        )

    async def run(self, changed: Callable[[], object] = lambda: None) -> None:
        """See Output."""
        # The lease is the last to go: until then the lights are guarded.
        async with self._lease, self._driver, self._watchdog:
            try:
                await self._timed.run()
            finally:
                self._timed.off()

    def _dark(self) -> None:
        self._timed.darkened()


def pins_output(name: str, file: Path | None) -> PinsOutput:
    """The output called ``name`` on the pins that the node file ``file`` describes; None looks where nodes look.

    Raises UsageError when there is no such file, or no pin could be switched on this machine.
    """
    path = find(file)
    config = load(path)
    driver = choose(config)
    if driver.name not in GUARDED:
        raise UsageError(
            f'output {name}: no pins can be switched here; say driver = "pigpio" or "lgpio" in {path}, or leave it out'
        )
    return PinsOutput(name, config, driver)
