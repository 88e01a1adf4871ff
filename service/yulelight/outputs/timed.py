"""Shows frames at their presentation time, and fades to the idle scene when no packets arrive."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from yulelight.core.messages import Packet
from yulelight.outputs.driver import Driver, Punctual, Shared
from yulelight.outputs.guard import Guard
from yulelight.outputs.stats import TimingErrors
from yulelight.outputs.timeline import Frame, Timeline
from yulelight.safety.frame import LightFrame
from yulelight.safety.physics import Light

_LOG = logging.getLogger(__name__)

_FADE = 0.4
"""Seconds; a shorter fade would look like a flash, and there is no time for a longer one before the deadline."""
_FADE_BY = 0.96
"""Share of the deadline at which the fade ends; the rest is a margin for a busy machine."""
_STEP = 0.02
_LEASE_BY = 0.98
"""Share of the deadline at which the dead man's switch acts: after the fade, and some time before the deadline."""
_LEASE = 0.25
"""Seconds between two extensions of the lease; one per packet of live sound would be unnecessary work."""
_LEAD = 700
"""µs by which a frame is passed to the driver early, since timers of the event loop fire up to a millisecond late,
and the driver needs time to reach the pins."""
_HANDOVER = 3_000
"""The same in µs for a driver that waits itself, which allows for a busy event loop."""
_BESIDE = 16_000
"""µs within which later frames are passed along: waking up once for two frames saves a third of the work."""
_RETRY = 0.05
"""Seconds after which frames held back by the limits are retried."""


class ServiceClock(Protocol):
    """The service's clock, as this machine knows it; all in µs."""

    def to_service(self, local: int) -> int:
        """The service's clock at ``local``."""
        ...

    def to_local(self, service: int) -> int:
        """The mirror of ``to_service``."""
        ...


class SameClock:
    """For lights that the service drives itself."""

    def to_service(self, local: int) -> int:
        """``local``."""
        return local

    def to_local(self, service: int) -> int:
        """``service``."""
        return service


class Timed:
    """Packets on their way to a ``driver``: shown at their moment, within the limits, and the idle scene without any.

    ``lights`` are what hangs on the driver's outputs, in their order, ``idle`` what they show ``deadline`` seconds
    after the last news. ``clock`` is this machine's monotonic clock in seconds;
    ``on_frame`` is called with each frame as it is shown, ``lease`` with the moment by which the lights have to show
    the idle scene, and with None when they do.
    ``shown`` counts frames, ``limited`` those that the node's own limits changed.
    """

    def __init__(
        self,
        driver: Driver,
        sync: ServiceClock,
        *,
        lights: Sequence[Light],
        idle: LightFrame,
        deadline: float,
        clock: Callable[[], float] = time.monotonic,
        on_frame: Callable[[Frame], None] | None = None,
        lease: Callable[[float | None], None] | None = None,
    ) -> None:
        self.timeline = Timeline()
        self.errors = TimingErrors()
        self.shown = 0
        self.limited = 0
        self.led = False
        self._driver = driver
        self._punctual = driver if isinstance(driver, Punctual) else None
        self._lead = _HANDOVER if self._punctual else _LEAD
        self._moment = 0
        self._sync = sync
        self._count = len(lights)
        self._idle = idle
        self._deadline = deadline
        self._clock = clock
        self._on_frame = on_frame
        self._lease = lease or (lambda _: None)
        self._leased_at = 0.0
        self._guard = Guard(lights)
        self._frame: tuple[bytes, tuple[bool, ...]] = b"", ()
        self._wanted = bytes(self._count), (False,) * self._count
        self._showing = self._wanted
        self._faded_from = self._wanted[0]
        self._fade_began: float | None = None
        self._led_at = 0.0
        self._timer: asyncio.Handle | None = None
        self._running: asyncio.Future[None] | None = None

    def local_us(self) -> int:
        """This machine's monotonic clock in µs."""
        return round(self._clock() * 1e6)

    def feed(self, packet: Packet) -> None:
        """A packet arrived. One whose frames are all over does not count as being led."""
        next_time = self.timeline.next_time()
        if not self.timeline.insert(packet, self._sync.to_service(self.local_us())):
            return
        news = not self.led or self.timeline.next_time() != next_time
        if not self.led:
            _LOG.info("led by the service")
        # A packet that waited on its way here leads no longer than it would have.
        over = self._sync.to_local(packet.at + len(packet.levels) * packet.interval) / 1e6
        self.led, self._led_at = True, min(self._clock(), over)
        if self._led_at - self._leased_at >= _LEASE:
            self._extend()
        if news:
            self._wake()

    def leave(self) -> None:
        """Nobody leads: forget what is queued and fade to the idle scene, from now on."""
        self.led = False
        self.timeline.clear()
        self._extend()
        self._begin_fade()
        self._wake()

    def off(self) -> None:
        """Everything off, now."""
        self.led, self._fade_began = False, None
        self.timeline.clear()
        count = self._count
        self._show(self._guard.darken(bytes(count), (False,) * count, self._guard_time()))
        self._rest()

    def darkened(self) -> None:
        """The dead man's switch has turned everything off, whatever we thought; go on from there."""
        if isinstance(self._driver, Shared):
            self._driver.forget()
        count = self._count
        self._show(self._guard.darken(bytes(count), (False,) * count, self._guard_time()))
        self._fade_began = None
        if not self.led:
            self._begin_fade()
        self._wake()

    def learn(self, house: Sequence[Light]) -> None:
        """The lights of the house, as the service describes it."""
        self._guard.learn(house, self._guard_time())

    def rescue(self) -> None:
        """The idle scene, at once, but nothing brighter than it is: for the watchdog's thread while the loop hangs.

        Then ``recovered`` has to follow.
        """
        self._driver.show(*self._rescued())

    def recovered(self) -> None:
        """What ``rescue`` made shows, whatever we thought; go on from there."""
        self._show(self._guard.darken(*self._idle, self._guard_time()))
        self._fade_began = None
        if not self.led:
            self._begin_fade()
        self._wake()

    def _rescued(self) -> tuple[bytes, tuple[bool, ...]]:
        (levels, on), (idle, idle_on) = self._showing, self._idle
        return bytes(map(min, levels, idle)), tuple(a and b for a, b in zip(on, idle_on, strict=True))

    async def run(self) -> None:
        """Runs until cancelled, beginning with the idle scene."""
        self._running = asyncio.get_running_loop().create_future()
        self._begin_fade()
        self._tick()
        try:
            await self._running
        finally:
            self._running = None
            if self._timer:
                self._timer.cancel()

    def _wake(self) -> None:
        """There is something to do."""
        if self._running:
            if self._timer:
                self._timer.cancel()
            self._timer = self._running.get_loop().call_soon(self._tick)

    def _tick(self) -> None:
        self._timer = None
        if self._running is None or self._running.done():
            return
        try:
            waits = [wait for wait in (self._play(), self._watch(), self._fade()) if wait is not None]
        except Exception as error:  # noqa: BLE001
            self._running.set_exception(error)
            return
        if self._timer:
            self._timer.cancel()
        self._timer = self._running.get_loop().call_later(min(waits), self._tick) if waits else None

    def _play(self) -> float | None:
        """Shows what is due; seconds until there is more to do, None when there is nothing."""
        now = self.local_us()
        at = self._sync.to_service(now)
        frame = self.timeline.due(at, self._lead)
        # What was handed over has its moment first.
        if frame is None and self._held_back and now >= self._moment:
            self._show(self._guard.allow(*self._frame, self._guard_time()))
        while frame is not None:
            self._play_frame(frame, now)
            frame = self.timeline.due(at, _BESIDE) if self._punctual and not frame.overdue else None
        waits = [_RETRY] if self._held_back else []
        due = self.timeline.next_time()
        if due is not None:
            begin = self._sync.to_local(due) - self._lead
            waits.append(max(0.0, (begin - self.local_us()) / 1e6))
        return min(waits, default=None)

    def _play_frame(self, frame: Frame, now: int) -> None:
        self._fade_began = None
        self._frame = frame.levels, frame.switched
        self._wanted = self._guard.share(*self._frame)
        # By its own moment, not by when we came to it: what was a second apart then is so now.
        moment = now if frame.overdue else self._sync.to_local(frame.at)
        # A new estimate of the clock may put it before the last one, which the guard must not see.
        before, self._moment = self._moment, max(self._moment, moment)
        frame_shown = self._guard.allow(*self._frame, self._moment / 1e6)
        if self._punctual and not frame.overdue:
            # Its thread may sleep on when it has nothing to do.
            if frame_shown != self._showing or moment < before:
                self._punctual.show_in(*frame_shown, (moment - self.local_us()) / 1e6, self.errors.add)
            self._showing = frame_shown
        else:
            self._show(frame_shown)
            if not frame.overdue:
                self.errors.add(self.local_us() - moment)
        self.shown += 1
        self.limited += self._held_back
        if self._on_frame:
            self._on_frame(frame)

    def _extend(self) -> None:
        """The lights may stay as they are until the deadline."""
        self._leased_at = self._led_at
        self._lease(self._led_at + self._deadline * _LEASE_BY)

    def _rest(self) -> None:
        """The idle scene shows."""
        self._leased_at = 0.0
        self._lease(None)

    @property
    def _held_back(self) -> bool:
        """Whether the limits keep us from showing what is wanted."""
        return self.led and self._fade_began is None and self._showing != self._wanted

    def _guard_time(self) -> float:
        """Now, for the guard, whose time never goes back: not before what was handed over ahead of time."""
        return max(self.local_us(), self._moment) / 1e6

    def _watch(self) -> float | None:
        """Starts the fade in time for the deadline; returns the seconds until then, None without packets."""
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
        if self._fade_began is None:
            self._rest()

    def _fade(self) -> float | None:
        """One step of the fade; seconds until the next, None when there is none."""
        if self._fade_began is None:
            return None
        now = self._clock()
        done = min(1.0, (now - self._fade_began) / _FADE)
        levels = bytes(
            round(a + (b - a) * done) for a, b in zip(self._faded_from, self._idle[0], strict=True)
        )
        self._show(self._guard.idle(levels, self._idle[1], self._guard_time()))
        if done == 1.0 and self._showing != self._idle:
            # What would make it brighter has to wait for the limit; darker it is at once.
            return _RETRY
        if done == 1.0:
            self._fade_began = None
            self._rest()
            return None
        return _STEP

    def _show(self, frame: tuple[bytes, tuple[bool, ...]]) -> None:
        self._showing = frame
        self._driver.show(*frame)
