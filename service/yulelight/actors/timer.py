"""A repeated message to an actor, by a timer of the event loop: a tick takes no task of its own."""

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

from .mailbox import Mailbox
from .ref import Envelope

M = TypeVar("M")


class Timer(Generic[M]):
    """See ``Actor.every``. ``failed`` is called with whatever a function of ``seconds`` or ``message`` raises, which
    ends the timer.
    """

    def __init__(
        self,
        mailbox: Mailbox[Envelope[M]],
        seconds: float | Callable[[], float],
        message: M | Callable[[], M],
        failed: Callable[[Exception], object],
    ) -> None:
        self._mailbox, self._seconds, self._message, self._failed = mailbox, seconds, message, failed
        self._last: Envelope[M] | None = None
        self._loop = asyncio.get_running_loop()
        self._next: asyncio.TimerHandle | None = None
        self._wait()

    def cancel(self) -> None:
        """No more ticks. One that is queued stays."""
        if self._next is not None:
            self._next.cancel()
        self._next = None

    def _wait(self) -> None:
        seconds = self._seconds() if callable(self._seconds) else self._seconds
        self._next = self._loop.call_later(seconds, self._tick)

    def _tick(self) -> None:
        try:
            if not self._mailbox.full and (self._last is None or not self._last.queued):
                self._last = Envelope(self._message() if callable(self._message) else self._message)
                self._mailbox.offer(self._last)
            self._wait()
        except Exception as error:  # noqa: BLE001
            self._failed(error)
