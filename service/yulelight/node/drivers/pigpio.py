"""Drives a Raspberry Pi's pins through pigpiod: any Pi except the 5, this one or another on the network.

A separate thread controls the pins, so that a hanging pigpiod does not block the node. It gets frames through a
mailbox (``slot``) that keeps only the newest: if the thread is too slow, it skips frames instead of falling behind.
Frames arrive slightly early and the thread waits for their time, since its timing is more precise than that of the
event loop.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from yulelight.node.config import NodeConfig
from yulelight.node.drivers.pigpiod import PigpiodPins, PinsError
from yulelight.node.drivers.slot import Closed, Slot
from yulelight.node.outputs import Wiring

log = logging.getLogger(__name__)

_CHECK = 0.5
"""Seconds without a change after which pigpiod is checked."""
_BACKOFF, _MAX_BACKOFF = 0.1, 1.0
"""Seconds until the first retry, and at most."""
_TIMEOUT = 3.0


@dataclass(frozen=True, slots=True)
class _Order:
    levels: bytes
    switched: tuple[bool, ...]
    due: float = 0.0
    shown: Callable[[int], None] | None = None
    """Called with the delay in µs; not for frames due at once."""


class PigpioDriver:
    """Shows frames on the pins of ``config``.

    Without pigpiod it logs that and keeps trying. Raises UsageError if an output has no pin.
    """

    name = "pigpio"

    def __init__(self, config: NodeConfig) -> None:
        self.errors = 0
        self.healthy = False
        self._where = config.pigpio
        self._wiring = Wiring(config.outputs)
        outputs = len(config.outputs)
        self._slot = Slot(_Order(bytes(outputs), (False,) * outputs))
        self._tried = threading.Event()
        self._forget = threading.Event()
        self._thread = threading.Thread(target=self._work, name="pigpio", daemon=True)

    async def __aenter__(self) -> Self:
        self._thread.start()
        await asyncio.to_thread(self._tried.wait, _TIMEOUT)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._slot.close()
        await asyncio.to_thread(self._thread.join, _TIMEOUT)

    def show(self, levels: bytes, switched: tuple[bool, ...]) -> None:
        self._slot.put(_Order(levels, switched))

    def show_in(
        self, levels: bytes, switched: tuple[bool, ...], wait: float, shown: Callable[[int], None]
    ) -> None:
        due = time.monotonic() + wait
        self._slot.put(_Order(levels, switched, due, shown), due)

    def forget(self) -> None:
        self._forget.set()

    def _work(self) -> None:
        wait, closing = _BACKOFF, False
        while True:
            try:
                with PigpiodPins(self._wiring, self._where) as pins:
                    wait = _BACKOFF
                    self._serve(pins)
                    return
            except PinsError as error:
                self._failed(error)
            # Not even a bug may leave the lights on.
            except Exception as error:
                log.exception("the pigpio driver failed and starts again")
                self._failed(error)
            if closing:
                log.error("the lights could not be turned off")
                return
            closing = self._slot.closed_within(wait)
            wait = min(2 * wait, _MAX_BACKOFF)

    def _serve(self, pins: PigpiodPins) -> None:
        self._slot.again()
        while True:
            try:
                order = self._slot.take(_CHECK)
            except Closed:
                pins.off()
                return
            if order:
                if self._forget.is_set():
                    self._forget.clear()
                    pins.forget()
                pins.show(order.levels, order.switched)
                if order.shown:
                    order.shown(round((time.monotonic() - order.due) * 1e6))
                if not self.healthy:
                    self._works()
            else:
                pins.check()

    def _works(self) -> None:
        if self.errors:
            log.warning("pigpiod is back: the lights follow again")
        self.healthy = True
        self._tried.set()

    def _failed(self, error: Exception) -> None:
        if self.healthy or not self.errors:
            log.error("%s; retrying until it works", error)
        self.errors += 1
        self.healthy = False
        self._tried.set()
