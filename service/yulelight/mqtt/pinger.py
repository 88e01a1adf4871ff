"""When to send pings for the service's clock, and which answers to accept."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from yulelight.mqtt.clock import ClockFilter
from yulelight.mqtt.payloads import Ping, Pong

_BURST = 8
_BURST_GAP = 0.05
_CALM = 2.0
_UNSURE = 0.25
_SURE = 5_000
"""µs of uncertainty above which more samples are useful."""
_OUTSTANDING = 64


class Pinger:
    """Feeds ``sync`` with samples: a burst at first and whenever the clock is in doubt, then periodically.

    ``clock``: our clock in µs. ``synced`` is set once the service's clock is known on this connection.
    """

    def __init__(self, sync: ClockFilter, clock: Callable[[], int]) -> None:
        self.synced = asyncio.Event()
        self._sync = sync
        self._clock = clock
        self._asked: dict[int, None] = {}
        self._answers = 0
        self._burst = 0
        self._hurry = asyncio.Event()

    def begin(self) -> None:
        """Starts over on a new connection, perhaps to a restarted service."""
        self.synced.clear()
        self._asked.clear()
        self._answers = 0
        self.hurry()

    def hurry(self) -> None:
        """Sends a burst of pings."""
        self._burst = _BURST
        self._hurry.set()

    def heard(self, pong: Pong, at: int) -> None:
        """Handles an answer; only answers to our pings are accepted, once each."""
        if pong.t0 not in self._asked:
            return
        del self._asked[pong.t0]
        self._sync.add(pong.t0, pong.t1, pong.t2, at)
        if self._sync.doubtful and not self._burst:
            self.hurry()
        self._answers += 1
        if self._answers >= _BURST // 2 and not self._sync.doubtful:
            self.synced.set()

    async def run(self, ask: Callable[[bytes], Awaitable[None]]) -> None:
        """Sends pings until cancelled, by calling ``ask`` with the payload."""
        while True:
            t0 = self._clock()
            self._asked[t0] = None
            while len(self._asked) > _OUTSTANDING:
                del self._asked[next(iter(self._asked))]
            await ask(Ping(t0).payload())
            self._hurry.clear()
            if self._burst:
                self._burst -= 1
                await asyncio.sleep(_BURST_GAP)
                continue
            unsure = not self.synced.is_set() or self._sync.uncertainty > _SURE
            with suppress(TimeoutError):
                async with asyncio.timeout(_UNSURE if unsure else _CALM):
                    await self._hurry.wait()
