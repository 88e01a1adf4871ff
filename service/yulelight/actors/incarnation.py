"""One incarnation of an actor: a single instance, from ``started`` to ``stopped``."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from typing import Any, Generic, TypeVar

from .actor import Actor
from .errors import ActorStopped, in_words
from .mailbox import Mailbox, MailboxClosed
from .ref import Envelope, Ref
from .timer import Timer

M = TypeVar("M")
logger = logging.getLogger(__name__)


class Incarnation(Generic[M]):
    """Runs ``actor`` on ``mailbox`` until the mailbox is closed or something fails.

    All code of the actor runs in tasks that ``run`` only watches, so ``run`` keeps its deadlines whatever they do.
    ``on_started`` is called after ``started`` has succeeded.
    """

    def __init__(
        self,
        actor: Actor[M],
        ref: Ref[M],
        mailbox: Mailbox[Envelope[M]],
        *,
        stop_timeout: float,
        hang_timeout: float | None,
        on_started: Callable[[], object],
    ) -> None:
        self.ref = ref
        self.resources = AsyncExitStack()
        self._actor = actor
        self._mailbox = mailbox
        self._stop_timeout = stop_timeout
        self._hang_timeout = hang_timeout
        self._on_started = on_started
        self._loop = asyncio.get_running_loop()
        self._over: asyncio.Future[BaseException | None] = self._loop.create_future()
        self._current: Envelope[M] | None = None
        self._spawned: set[asyncio.Task[object]] = set()
        self._timers: list[Timer[M]] = []
        actor._incarnation = self  # noqa: SLF001
        self._main = self._loop.create_task(self._live(), name=ref.name)

    async def run(self) -> BaseException | None:
        """Run the actor and return its failure; None after an orderly end.

        At the end the actor has ``stop_timeout`` seconds to clean up; then it is cancelled, and after the same time
        again it is abandoned with an error in the log.
        """
        try:
            cause = await asyncio.shield(self._over)
            for last_chance in (False, True):
                tasks = {self._main, *self._spawned}
                _, alive = await asyncio.wait(tasks, timeout=self._stop_timeout)
                if not alive:
                    break
                if last_chance:
                    names = ", ".join(sorted(task.get_name() for task in alive))
                    logger.error("%s does not stop and is left behind: %s", self.ref.name, names)
                else:
                    for task in alive:
                        task.cancel()
            return cause
        finally:
            self.end(None)

    def end(self, cause: BaseException | None) -> None:
        """End this incarnation now, because of ``cause`` or, with None, in an orderly way. Only the first call
        counts.
        """
        if self._over.done():
            return
        self._over.set_result(cause)
        if self._current is not None:
            self._current.fail(ActorStopped(self.ref.name, cause))
        for timer in self._timers:
            timer.cancel()
        for task in self._spawned:
            task.cancel()
        if asyncio.current_task() is not self._main:
            self._main.cancel()

    def spawn(self, work: Coroutine[Any, Any, object], name: str) -> asyncio.Task[object]:
        """See ``Actor.spawn``."""
        if self._over.done():
            work.close()
            raise RuntimeError(f"{self.ref.name} has ended and can spawn nothing more")
        task = self._loop.create_task(work, name=f"{self.ref.name}: {name}")
        self._spawned.add(task)
        task.add_done_callback(self._spawned_done)
        return task

    def every(self, seconds: float | Callable[[], float], message: M | Callable[[], M]) -> Timer[M]:
        """See ``Actor.every``."""
        if self._over.done():
            raise RuntimeError(f"{self.ref.name} has ended and needs no timer more")
        timer = Timer(self._mailbox, seconds, message, self.end)
        self._timers.append(timer)
        return timer

    def _spawned_done(self, task: asyncio.Task[object]) -> None:
        self._spawned.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is None:
            return
        if self._over.done():
            logger.warning("%s failed while it was being stopped: %s", task.get_name(), in_words(error))
        self.end(error)

    async def _live(self) -> None:
        cause: BaseException | None = None
        try:
            await self._work()
        except asyncio.CancelledError as error:
            # Either end() cancelled this task and knows why, or the actor awaited something that was cancelled.
            cause = error
        except Exception as error:  # noqa: BLE001
            cause = error
        self.end(cause)
        while self._main.cancelling():
            self._main.uncancel()  # Cleared, so that what is closed from here on can use timeouts and task groups.
        try:
            await self._close()
        except Exception:
            logger.exception("%s failed while it was being stopped", self.ref.name)

    async def _work(self) -> None:
        await self._actor.started()
        self._on_started()
        # Checked each time: an actor that swallowed its cancellation must not take messages from its successor.
        while not self._over.done():
            try:
                self._current = await self._mailbox.get()
            except MailboxClosed:
                return
            await self._receive(self._current)
            self._current = None
            if len(self._mailbox):
                # One message per iteration of the loop, so that a flooded actor does not starve others.
                await asyncio.sleep(0)

    async def _receive(self, envelope: Envelope[M]) -> None:
        envelope.queued = False
        watchdog = self._loop.call_later(self._hang_timeout, self._hung) if self._hang_timeout else None
        try:
            envelope.answer(await self._actor.receive(envelope.message))
        except self._actor.answers as error:
            if not envelope.awaited:
                kind = type(envelope.message).__name__
                logger.warning("%s could not handle %s: %s", self.ref.name, kind, in_words(error))
            envelope.fail(error)
        finally:
            if watchdog:
                watchdog.cancel()

    def _hung(self) -> None:
        assert self._current is not None
        kind = type(self._current.message).__name__
        self.end(TimeoutError(f"receiving {kind} took longer than {self._hang_timeout:g} s"))

    async def _close(self) -> None:
        async with self.resources:
            try:
                if self._spawned:
                    await asyncio.wait(self._spawned)
            finally:
                await self._actor.stopped()
