"""Keeps actors running, and reports when restarts do not help."""

import asyncio
import logging
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TypeVar

from .actor import Actor
from .child import Child
from .errors import RestartLimit
from .ref import Ref
from .restarts import Backoff, Intensity

M = TypeVar("M")
logger = logging.getLogger(__name__)


class Supervisor:
    """Starts children, restarts each that fails (one for one), and stops them in reverse order on exit.

    >>> async with Supervisor() as supervisor:
    ...     lights = supervisor.start(lambda: Lights(...), "lights")
    ...     await supervisor.wait()

    It fails after more than ``max_restarts`` restarts of all its children together in ``window`` seconds: ``wait``
    raises RestartLimit, and nothing is restarted any more. An actor can own a supervisor (``await
    self.enter(Supervisor())``) and escalate its failure with ``self.spawn(supervisor.wait())``. ``clock`` returns
    seconds and never decreases.
    """

    def __init__(
        self,
        *,
        max_restarts: int = 5,
        window: float = 60.0,
        backoff: Backoff | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._intensity = Intensity(max_restarts, window)
        self._backoff = backoff or Backoff()
        self._clock = clock
        self._children: dict[str, Child[Any]] = {}
        self._ended: asyncio.Future[None] | None = None

    async def __aenter__(self) -> Self:
        self._ended = asyncio.get_running_loop().create_future()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        ended = self._open()
        self._ended = None
        try:
            while self._children:
                name = next(reversed(self._children))
                await self._children[name].stop()
                self._children.pop(name, None)
        finally:
            for child in self._children.values():
                child.kill()
            if not ended.done():
                ended.set_result(None)

    @property
    def restarts(self) -> dict[str, int]:
        """The number of restarts of each current child, by name."""
        return {name: child.restarts for name, child in self._children.items()}

    def start(
        self,
        factory: Callable[[], Actor[M]],
        name: str,
        *,
        stop_timeout: float = 5.0,
        hang_timeout: float | None = None,
    ) -> Ref[M]:
        """Start the actor made by ``factory``, now and after each failure, and return its reference at once.

        ``stop_timeout``: seconds to finish the current message, again to clean up, and again to end after being
        cancelled. ``hang_timeout``: seconds after which a ``receive`` that has not returned is a failure; None for
        never. Raises ValueError if there is a child of this name, RuntimeError if the supervisor is not open, and
        whatever ``factory`` raises.
        """
        self._open()
        if name in self._children:
            raise ValueError(f"there is already a child named {name}")
        child = self._children[name] = Child(
            factory,
            name,
            backoff=self._backoff,
            stable_after=self._intensity.window,
            stop_timeout=stop_timeout,
            hang_timeout=hang_timeout,
            clock=self._clock,
            may_restart=self._may_restart,
        )
        return child.ref

    async def started(self, ref: Ref[Any]) -> None:
        """Wait for the child's first ``Actor.started`` and raise its error, e.g. for a port in use."""
        if child := self._child(ref):
            await asyncio.shield(child.started)

    async def stop(self, ref: Ref[Any]) -> None:
        """Stop this child, if it is still running, and wait until it has ended. Must not be called by the child
        itself.
        """
        if child := self._child(ref):
            await child.stop()
            if self._child(ref):
                del self._children[ref.name]

    async def wait(self) -> None:
        """Wait until the supervisor is closed. Raises RestartLimit, with child and cause, if it fails."""
        await asyncio.shield(self._open())

    def _open(self) -> asyncio.Future[None]:
        if self._ended is None:
            raise RuntimeError("the supervisor is not open: use it with 'async with'")
        return self._ended

    def _child(self, ref: Ref[Any]) -> Child[Any] | None:
        child = self._children.get(ref.name)
        return child if child and child.ref is ref else None

    def _may_restart(self, name: str, cause: BaseException) -> bool:
        failed = self._ended is not None and self._ended.done()
        if not failed and self._intensity.allows(self._clock()):
            return True
        error = RestartLimit(name, self._intensity.max_restarts, self._intensity.window, cause)
        logger.error("%s", error)
        if self._ended and not self._ended.done():
            self._ended.set_exception(error)
            self._ended.exception()  # The failure has been logged; mark it as retrieved in case the owner never waits.
        return False
