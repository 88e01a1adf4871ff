"""One child of a supervisor: a name and a mailbox that survive all restarts of the actor."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, TypeVar

from yulelight.core.errors import YulelightError

from .actor import Actor
from .errors import ActorStopped, MailboxFull, in_words
from .incarnation import Incarnation
from .mailbox import Mailbox
from .ref import Envelope, Ref
from .restarts import Backoff

M = TypeVar("M")
logger = logging.getLogger(__name__)


class Child(Generic[M]):
    """Restarts the actor made by ``factory``, after the delays of ``backoff``, if ``may_restart`` permits it.

    The delays start over after ``stable_after`` seconds without failure. ``restarts`` is the number of restarts; the
    future ``started`` is done when the first instance has started, with an exception if that failed.
    """

    def __init__(
        self,
        factory: Callable[[], Actor[M]],
        name: str,
        *,
        backoff: Backoff,
        stable_after: float,
        stop_timeout: float,
        hang_timeout: float | None,
        clock: Callable[[], float],
        may_restart: Callable[[str, BaseException], bool],
    ) -> None:
        first = factory()
        self.restarts = 0
        self.started: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._mailbox: Mailbox[Envelope[M]] = Mailbox(first.capacity, first.overflow, self._dropped)
        self.ref: Ref[M] = Ref(name, self._mailbox)
        self._factory = factory
        self._backoff = backoff
        self._stable_after = stable_after
        self._stop_timeout = stop_timeout
        self._hang_timeout = hang_timeout
        self._clock = clock
        self._may_restart = may_restart
        self._stopping = asyncio.Event()
        self._incarnation: Incarnation[M] | None = None
        self._task = asyncio.create_task(self._run(first), name=f"cell {name}")

    async def stop(self) -> None:
        """Finish the current message, refuse all others, and wait for the end, at most three deadlines."""
        self._refuse()
        self._stopping.set()
        if self._incarnation:
            asyncio.get_running_loop().call_later(self._stop_timeout, self._incarnation.end, None)
        await asyncio.wait({self._task})

    def kill(self) -> None:
        """End at once, for an owner that cannot wait."""
        self._refuse()
        self._task.cancel()

    async def _run(self, first: Actor[M]) -> None:
        actor: Actor[M] | None = first
        delays = iter(self._backoff)
        try:
            while not self._stopping.is_set():
                born = self._clock()
                cause = await self._live(actor)
                actor = None
                if cause is None:
                    return
                self._report(cause)
                if self._stopping.is_set() or not self._may_restart(self.ref.name, cause):
                    return
                if self._clock() - born >= self._stable_after:
                    delays = iter(self._backoff)
                if not await self._stopped_within(next(delays)):
                    self.restarts += 1
        finally:
            self._refuse()

    async def _live(self, actor: Actor[M] | None) -> BaseException | None:
        try:
            self._incarnation = Incarnation(
                actor or self._factory(),
                self.ref,
                self._mailbox,
                stop_timeout=self._stop_timeout,
                hang_timeout=self._hang_timeout,
                on_started=self._settle,
            )
        except Exception as error:  # noqa: BLE001
            return error
        return await self._incarnation.run()

    def _report(self, cause: BaseException) -> None:
        known = isinstance(cause, YulelightError)
        # If the first start fails for a known reason, the owner reports it to the user.
        level = logging.DEBUG if known and not self.started.done() else logging.WARNING
        logger.log(level, "%s failed: %s", self.ref.name, in_words(cause), exc_info=None if known else cause)
        self._settle(cause)

    async def _stopped_within(self, delay: float) -> bool:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), delay)
        return self._stopping.is_set()

    def _settle(self, failure: BaseException | None = None) -> None:
        if self.started.done():
            return
        if failure is None:
            self.started.set_result(None)
        else:
            self.started.set_exception(failure)
            self.started.exception()  # The owner need not wait for it.

    def _refuse(self) -> None:
        self._mailbox.close()
        self._settle(ActorStopped(self.ref.name))
        for envelope in self._mailbox.drain():
            envelope.fail(ActorStopped(self.ref.name))

    def _dropped(self, envelope: Envelope[M]) -> None:
        envelope.fail(MailboxFull(self.ref.name))
