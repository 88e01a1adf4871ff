"""Plays frames at their moment, and goes dark when nobody leads any more."""

import asyncio
import logging
import time
from collections.abc import Callable

from yulelight.messages import CHANNELS, Packet
from yulelight.node.clock import ClockFilter
from yulelight.node.drivers import Driver
from yulelight.node.stats import TimingErrors
from yulelight.node.timeline import Frame, Timeline

_LOG = logging.getLogger(__name__)

DEADLINE = 2.5


class Player:
    """Owns what the driver shows. ``deadline``: seconds without a packet after which all goes dark.

    ``clock`` is this machine's monotonic clock in seconds; ``on_frame`` is called with each frame as it is shown.
    """

    def __init__(
        self,
        driver: Driver,
        sync: ClockFilter,
        *,
        deadline: float = DEADLINE,
        clock: Callable[[], float] = time.monotonic,
        on_frame: Callable[[Frame], None] | None = None,
    ) -> None:
        self.timeline = Timeline()
        self.errors = TimingErrors()
        self.shown = 0
        self.led = False
        self._driver = driver
        self._sync = sync
        self._deadline = deadline
        self._clock = clock
        self._on_frame = on_frame
        self._led_at = 0.0
        self._wake = asyncio.Event()

    def local_us(self) -> int:
        """This machine's monotonic clock in µs."""
        return round(self._clock() * 1e6)

    def feed(self, packet: Packet) -> None:
        """A packet arrived. One whose frames are all over does not count as being led."""
        if not self.timeline.insert(packet, self._sync.to_service(self.local_us())):
            return
        if not self.led:
            _LOG.info("led by the service")
        self.led, self._led_at = True, self._clock()
        self._wake.set()

    def dark(self) -> None:
        """Forget what is queued and switch everything off, now."""
        self.led = False
        self.timeline.clear()
        self._driver.show(bytes(CHANNELS), (False,) * CHANNELS)

    async def run(self) -> None:
        """Play for ever."""
        while True:
            self._wake.clear()
            self._show_what_is_due()
            wait = self._check_deadline()
            due = self.timeline.next_time()
            if due is not None:
                until_due = (self._sync.to_local(due) - self.local_us()) / 1e6
                wait = until_due if wait is None else min(wait, until_due)
            timer = wait and asyncio.get_running_loop().call_later(max(0.0, wait), self._wake.set)
            if wait == 0.0:
                self._wake.set()
            try:
                await self._wake.wait()
            finally:
                if timer:
                    timer.cancel()

    def _show_what_is_due(self) -> None:
        now = self._sync.to_service(self.local_us())
        frame = self.timeline.due(now)
        if frame is None:
            return
        self._driver.show(frame.levels, frame.switched)
        self.shown += 1
        if not frame.overdue:
            self.errors.add(self._sync.to_service(self.local_us()) - frame.at)
        if self._on_frame:
            self._on_frame(frame)

    def _check_deadline(self) -> float | None:
        """Seconds until the lights have to go dark; None when they are not led."""
        if not self.led:
            return None
        left = self._led_at + self._deadline - self._clock()
        if left > 0:
            return left
        _LOG.warning("nothing heard for %.1f s: lights off", self._deadline)
        self.dark()
        return None
