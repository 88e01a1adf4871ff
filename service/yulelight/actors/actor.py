"""The base class of actors."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from yulelight.core.errors import YulelightError

from .mailbox import Overflow
from .ref import Ref

if TYPE_CHECKING:
    from .incarnation import Incarnation
    from .timer import Timer

M = TypeVar("M")
T = TypeVar("T")


class Actor(Generic[M]):
    """Owns its state and receives its messages one after the other.

    It is started by ``Supervisor.start``. Override ``receive``, and ``started`` and ``stopped`` where needed. An
    exception that leaves ``started``, ``receive`` or a task of ``spawn`` is a failure: the supervisor creates a new
    instance, which continues with the next message of the same mailbox. The current message is lost, and its asker
    gets ActorStopped. Exceptions of the types in ``answers`` are not failures when raised by ``receive``: they are
    passed to the asker, or logged if nobody asked, and the actor continues.
    """

    capacity: int = 256
    overflow: Overflow = Overflow.WAIT
    answers: tuple[type[Exception], ...] = (YulelightError,)
    _incarnation: "Incarnation[M]"

    async def started(self) -> None:
        """Called before the first message."""

    async def receive(self, message: M) -> object:
        """Handle one message; the return value is the answer to an ask."""
        raise NotImplementedError

    async def stopped(self) -> None:
        """Called once at the end, even if ``started`` failed, after the spawned tasks have ended."""

    @property
    def ref(self) -> Ref[M]:
        """The actor's own reference, available from ``started`` on."""
        return self._incarnation.ref

    def spawn(self, work: Coroutine[Any, Any, object], name: str = "task") -> asyncio.Task[object]:
        """Run ``work`` as a task of the actor: if it fails, the actor fails; it is cancelled when the actor ends."""
        return self._incarnation.spawn(work, name)

    def every(self, seconds: float | Callable[[], float], message: M | Callable[[], M]) -> "Timer[M]":
        """Post ``message``, or its result if it is a function, to the actor's own mailbox every ``seconds``, which may
        be a function, too: it is asked before each wait.

        A tick is skipped while the previous one is still queued or the mailbox is full. Cancel the timer to stop it.
        Raises ValueError unless ``seconds`` is positive.
        """
        if not callable(seconds) and seconds <= 0:
            raise ValueError(f"every {seconds:g} s is not an interval for a timer")
        return self._incarnation.every(seconds, message)

    async def enter(self, resource: AbstractAsyncContextManager[T]) -> T:
        """Enter ``resource`` until the actor ends: it is closed after ``stopped``, in reverse order."""
        return await self._incarnation.resources.enter_async_context(resource)
