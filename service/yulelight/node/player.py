"""Plays frames at their moment, and fades to the idle scene when nobody leads any more."""

import asyncio
import logging
import time
from collections.abc import Callable

from yulelight.messages import Packet
from yulelight.node.clock import ClockFilter
from yulelight.node.config import NodeConfig
from yulelight.node.drivers import Driver
from yulelight.node.guard import Guard
from yulelight.node.stats import TimingErrors
from yulelight.node.timeline import Frame, Timeline

_LOG = logging.getLogger(__name__)

_FADE = 0.4
"""Seconds; in shorter ones the change would be a flash to the eye, and longer ones have no time before the deadline."""
_FADE_BY = 0.96
"""Share of the deadline after which all is over, so that a busy machine has the rest."""
_STEP = 0.02
_LEAD = 700
"""µs by which a frame goes to the driver early: the event loop's timers ring up to a millisecond late, and then the
driver has to reach the pins."""
_RETRY = 0.05
"""Seconds after which what the limits held back is tried again."""


class Player:
    """Owns what ``driver`` shows on the outputs of ``config``, whose idle levels show at its deadline.

    ``clock`` is this machine's monotonic clock in seconds; ``on_frame`` is called with each frame as it is shown.
    ``shown`` counts frames, ``limited`` those that the node's own limits changed.
    """

    def __init__(
        self,
        driver: Driver,
        sync: ClockFilter,
        config: NodeConfig,
        *,
        clock: Callable[[], float] = time.monotonic,
        on_frame: Callable[[Frame], None] | None = None,
    ) -> None:
        self.timeline = Timeline()
        self.errors = TimingErrors()
        self.shown = 0
        self.limited = 0
        self.led = False
        self._driver = driver
        self._sync = sync
        self._channels = tuple(channel - 1 for channel in config.channels)
        self._idle = config.idle, config.idle_switched
        self._deadline = config.deadline
        self._clock = clock
        self._on_frame = on_frame
        self._guard = Guard(config.outputs)
        self._wanted = bytes(len(self._channels)), (False,) * len(self._channels)
        self._showing = self._wanted
        self._faded_from = self._wanted[0]
        self._fade_began: float | None = None
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

    def leave(self) -> None:
        """Nobody leads: forget what is queued and fade to the idle scene, from now on."""
        self.led = False
        self.timeline.clear()
        self._begin_fade()
        self._wake.set()

    def off(self) -> None:
        """Everything off, now."""
        self.led, self._fade_began = False, None
        self.timeline.clear()
        count = len(self._channels)
        self._show(self._guard.force(bytes(count), (False,) * count, self._clock()))

    def rescue(self) -> None:
        """The idle scene, at once: for the watchdog's thread while the loop hangs. Then ``recovered`` has to follow."""
        self._driver.show(*self._idle)

    def recovered(self) -> None:
        """The idle scene shows, whatever we thought; go on from there."""
        self._show(self._guard.force(*self._idle, self._clock()))
        self._fade_began = None
        self._wake.set()

    async def run(self) -> None:
        """Play for ever, from the idle scene on."""
        self._begin_fade()
        while True:
            self._wake.clear()
            waits = [wait for wait in (self._play(), self._watch(), self._fade()) if wait is not None]
            timer = asyncio.get_running_loop().call_later(min(waits), self._wake.set) if waits else None
            try:
                await self._wake.wait()
            finally:
                if timer:
                    timer.cancel()

    def _play(self) -> float | None:
        """Shows what is due; seconds until there is more to do, None when there is nothing."""
        now = self.local_us()
        frame = self.timeline.due(self._sync.to_service(now + _LEAD))
        if frame is not None:
            self._fade_began = None
            self._wanted = self._mapped(frame)
            # By its own moment, not by when we came to it: what was a second apart then is so now.
            moment = now if frame.overdue else min(now, self._sync.to_local(frame.at))
            self._show(self._guard.allow(*self._wanted, moment / 1e6))
            self._count(frame)
        elif self.led and self._fade_began is None and self._showing != self._wanted:
            self._show(self._guard.allow(*self._wanted, now / 1e6))
        held_back = self.led and self._fade_began is None and self._showing != self._wanted
        waits = [_RETRY] if held_back else []
        due = self.timeline.next_time()
        if due is not None:
            waits.append(max(0.0, (self._sync.to_local(due) - _LEAD - self.local_us()) / 1e6))
        return min(waits, default=None)

    def _mapped(self, frame: Frame) -> tuple[bytes, tuple[bool, ...]]:
        """What the outputs are to show; a channel that the packet does not have is dark."""
        count = len(frame.levels)
        return (
            bytes(frame.levels[c] if c < count else 0 for c in self._channels),
            tuple(c < count and frame.switched[c] for c in self._channels),
        )

    def _count(self, frame: Frame) -> None:
        self.shown += 1
        self.limited += self._showing != self._wanted
        if not frame.overdue:
            self.errors.add(self._sync.to_service(self.local_us()) - frame.at)
        if self._on_frame:
            self._on_frame(frame)

    def _watch(self) -> float | None:
        """Leaves in time for the fade to be over by the deadline; seconds until then, None when nobody leads."""
        if not self.led:
            return None
        left = self._led_at + self._deadline * _FADE_BY - _FADE - self._clock()
        if left > 0:
            return left
        _LOG.warning("nothing heard for %.1f s: idle lights", self._clock() - self._led_at)
        self.leave()
        return None

    def _begin_fade(self) -> None:
        if self._fade_began is None and self._showing != self._idle:
            self._fade_began, self._faded_from = self._clock(), self._showing[0]

    def _fade(self) -> float | None:
        """One step of the fade; seconds until the next, None when there is none."""
        if self._fade_began is None:
            return None
        now = self._clock()
        done = min(1.0, (now - self._fade_began) / _FADE)
        levels = bytes(
            round(a + (b - a) * done) for a, b in zip(self._faded_from, self._idle[0], strict=True)
        )
        # One way and once: no flash, so no limit may delay it.
        self._show(self._guard.force(levels, self._idle[1], now))
        if done == 1.0:
            self._fade_began = None
            return None
        return _STEP

    def _show(self, frame: tuple[bytes, tuple[bool, ...]]) -> None:
        self._showing = frame
        self._driver.show(*frame)
