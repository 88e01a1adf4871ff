"""Supervision of the node: a thread that shows the idle scene if the event loop hangs, and systemd's watchdog.
systemd is notified by datagrams to the socket in the environment (the protocol of sd_notify(3)) when the node is
ready, every second while the loop is running, and when it stops.

Nothing is sent without systemd.
"""

import asyncio
import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self

_LOG = logging.getLogger(__name__)

_CHECK_INTERVAL = 0.2
"""Seconds between two checks of the loop, and between its heartbeats."""
_TELL = 1.0


class Notifier:
    """Notifies systemd. ``environment`` as systemd gives it; does nothing where it gives none."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        path = environment.get("NOTIFY_SOCKET", "")
        # A leading @ stands for the zero byte of Linux's abstract sockets.
        self._address = f"\0{path[1:]}" if path.startswith("@") else path

    def tell(self, state: str) -> None:
        """``READY=1``, ``WATCHDOG=1`` or ``STOPPING=1``; that systemd does not listen is no error of ours."""
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as link:
                link.setblocking(False)
                link.sendto(state.encode(), self._address)
        except OSError as error:
            _LOG.debug("systemd does not listen: %s", error)


class Watchdog:
    """Calls ``rescue``, in a thread of its own, when the loop has stood still for ``limit`` seconds.

    ``recovered`` is called on the loop once it runs again after that. As long as it hangs, systemd hears nothing, and
    starts us anew after the unit's ``WatchdogSec``.
    """

    def __init__(
        self,
        rescue: Callable[[], None],
        recovered: Callable[[], None],
        *,
        limit: float,
        notifier: Notifier | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rescue = rescue
        self._recovered = recovered
        self._limit = limit
        self._notifier = notifier or Notifier()
        self._clock = clock
        self._seen = 0.0
        self._told = 0.0
        self._hung = False
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    async def __aenter__(self) -> Self:
        self._seen = self._clock()
        self._living = asyncio.create_task(self._live())
        self._notifier.tell("READY=1")
        self._thread.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._notifier.tell("STOPPING=1")
        self._stop.set()
        self._living.cancel()
        await asyncio.gather(self._living, return_exceptions=True)
        await asyncio.to_thread(self._thread.join)

    async def _live(self) -> None:
        while True:
            self._seen = self._clock()
            if self._hung:
                self._hung = False
                _LOG.warning("the node runs again")
                self._recovered()
            await asyncio.sleep(_CHECK_INTERVAL)

    def _watch(self) -> None:
        while not self._stop.wait(_CHECK_INTERVAL):
            now = self._clock()
            if now - self._seen < self._limit:
                if now - self._told >= _TELL:
                    self._told = now
                    self._notifier.tell("WATCHDOG=1")
            elif not self._hung:
                # Lights first, words later: logging may be what hangs.
                self._rescue()
                self._hung = True
                _LOG.error("the node has not moved for %.1f s: idle lights", self._limit)
