"""Drives the pins of this machine through the kernel with lgpio, for the Pi 5, which pigpio does not support.

Relays and SSRs form one group of lines, which are set together by one call. PWM for dimmers is generated in software,
so it is less even than pigpiod's; a change takes effect at the end of a pulse. Every call takes some microseconds.
"""

import importlib
import logging
import os
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from yulelight.core.errors import UsageError
from yulelight.core.extras import how_to_install
from yulelight.node.config import NodeConfig
from yulelight.node.outputs import Dimmer, Wiring

log = logging.getLogger(__name__)

CHIPS = ("pinctrl-rp1", "pinctrl-bcm2711", "pinctrl-bcm2835")
"""Kernel names of the GPIO chip of the header: Pi 5, Pi 4, older ones. Its number depends on the kernel."""
_MIN_HZ = 100
"""Slower pulses would queue up."""
_PWM = 0
_RETRY = 1.0


class LgpioDriver:
    """Shows frames on the pins of ``config``.

    ``clock``: seconds, for the pause between retries after a failure. Raises UsageError if an output has no pin, and
    on entering if the pins are not available.
    """

    name = "lgpio"

    def __init__(self, config: NodeConfig, clock: Callable[[], float] = time.monotonic) -> None:
        self.errors = 0
        self.healthy = False
        self._wiring = Wiring(config.outputs)
        self._clock = clock
        self._chip: Chip | None = None
        self._failed_at = 0.0

    async def __aenter__(self) -> Self:
        self._chip = Chip(self._wiring)
        self.healthy = True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._chip:
            self._chip.close()
            self._chip = None

    def show(self, levels: bytes, switched: tuple[bool, ...]) -> None:
        try:
            if self._chip is None:
                if self._clock() - self._failed_at < _RETRY:
                    return
                self._chip = Chip(self._wiring)
                log.warning("the pins are back: the lights follow again")
            self._chip.show(levels, self._wiring.lit(switched))
            self.healthy = True
        except Exception as error:  # noqa: BLE001
            if self.healthy:
                log.error("the pins fail (%s); retrying until they work", error)
            self.errors += 1
            self.healthy = False
            self._failed_at = self._clock()
            if self._chip:
                self._chip.close()
                self._chip = None


class Chip:
    """The claimed pins, initially dark."""

    def __init__(self, wiring: Wiring) -> None:
        self._lgpio = load()
        self._wiring = wiring
        self._pins = [bit.bit_length() - 1 for _, bit in wiring.switches]
        self._shown: dict[int, float] = {}
        self._lit = 0
        self._handle: int = _open(self._lgpio)
        try:
            if self._pins:
                dark = [int(bool(wiring.low & bit)) for _, bit in wiring.switches]
                self._lgpio.group_claim_output(self._handle, self._pins, dark)
            for dimmer in wiring.dimmers:
                self._lgpio.gpio_claim_output(self._handle, dimmer.pin, int(dimmer.output.active_low))
                self._shown[dimmer.pin] = dimmer.high[0]
        except self._lgpio.error as error:
            self._lgpio.gpiochip_close(self._handle)
            raise UsageError(
                f"a pin of the node is in use ({error}); end what uses it, or choose others in node.toml"
            ) from None

    def show(self, levels: bytes, lit: int) -> None:
        if lit != self._lit:
            high = lit ^ self._wiring.low
            bits = sum(bool(high & bit) << place for place, (_, bit) in enumerate(self._wiring.switches))
            self._lgpio.group_write(self._handle, self._pins[0], bits)
            self._lit = lit
        for dimmer in self._wiring.dimmers:
            share = dimmer.high[levels[dimmer.index]]
            if share != self._shown[dimmer.pin]:
                self._pulse(dimmer, share)

    def _pulse(self, dimmer: Dimmer, share: float) -> None:
        if 0.0 < share < 1.0:
            # If the queue is full with pulses of earlier frames, the next frame retries.
            if self._lgpio.tx_room(self._handle, dimmer.pin, _PWM) < 1:
                return
            self._lgpio.tx_pwm(self._handle, dimmer.pin, max(_MIN_HZ, dimmer.output.frequency), 100 * share)
        else:
            if 0.0 < self._shown[dimmer.pin] < 1.0:
                self._lgpio.tx_pwm(self._handle, dimmer.pin, 0, 0)
            self._lgpio.gpio_write(self._handle, dimmer.pin, int(share))
        self._shown[dimmer.pin] = share

    def close(self) -> None:
        """Turns everything off and frees the pins."""
        try:
            self.show(bytes(len(self._pins) + len(self._shown)), 0)
        except self._lgpio.error as error:
            log.error("the lights could not be turned off: %s", error)
        with suppress(self._lgpio.error):
            self._lgpio.gpiochip_close(self._handle)


def load() -> Any:
    """The module lgpio.

    Raises UsageError if it is missing. On import it creates a pipe in the working directory, and fails if that is not
    writable, so it is given another one.
    """
    before = Path.cwd()
    try:
        with tempfile.TemporaryDirectory() as place:
            os.chdir(place)
            try:
                return importlib.import_module("lgpio")
            finally:
                os.chdir(before)
    except ModuleNotFoundError:
        raise UsageError(
            "lgpio is not installed; install it: sudo apt install python3-lgpio, in an environment that sees the "
            "system's packages, as scripts/setup node makes it (or, on Python 3.11 and 3.12: "
            f"{how_to_install('node-pi5')})"
        ) from None


def _open(lgpio: Any) -> int:
    for number in range(16):
        try:
            handle: int = lgpio.gpiochip_open(number)
        except lgpio.error:
            continue
        _, _, _, label = lgpio.gpio_get_chip_info(handle)
        if label in CHIPS:
            return handle
        lgpio.gpiochip_close(handle)
    raise UsageError(
        "no header pins are to be had here; on a Raspberry Pi let the user in: sudo usermod -aG gpio $USER, "
        "and log in again"
    )
