"""The class that actors derive from."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from yulelight.core.errors import YulelightError

from .mailbox import Overflow
from .ref import Ref

if TYPE_CHECKING:
    from .incarnation import Incarnation

M = TypeVar("M")
T = TypeVar("T")


class Actor(Generic[M]):
    """Owns its state and receives its messages one after the other. ``Supervisor.start`` gives it life.

    Override ``receive``, and ``started`` and ``stopped`` where needed. An exception that leaves ``started``,
    ``receive`` or a task of ``spawn`` is a failure: the supervisor makes a new instance, which goes on with
    the next message of the same mailbox. The message in hand is lost; whoever asked it gets ActorStopped.

    The exceptions in ``answers`` are no failures when ``receive`` raises them: they are passed to the asker,
    or logged when nobody asked, and the actor goes on.
    """

    capacity: int = 256
    overflow: Overflow = Overflow.WAIT
    answers: tuple[type[Exception], ...] = (YulelightError,)
    _incarnation: "Incarnation[M]"

    async def started(self) -> None:
        """Called before the first message."""

    async def receive(self, message: M) -> object:
        """Handle one message; what it returns answers an ask."""
        raise NotImplementedError

    async def stopped(self) -> None:
        """Called once at the end, even if ``started`` failed, when the spawned tasks are over."""

    @property
    def ref(self) -> Ref[M]:
        """The actor's own address, from ``started`` on."""
        return self._incarnation.ref

    def spawn(self, work: Coroutine[Any, Any, object], name: str = "task") -> asyncio.Task[object]:
        """Run ``work`` beside the actor: its failure is the actor's; it is cancelled when the actor ends."""
        return self._incarnation.spawn(work, name)

    def every(self, seconds: float, message: M | Callable[[], M]) -> asyncio.Task[object]:
        """Post ``message``, or what it returns if it is a function, to the own mailbox every ``seconds``.

        A tick is left out while the one before is still queued or the mailbox is full. Cancel the task to end
        it. Raises ValueError unless ``seconds`` is positive.
        """
        if seconds <= 0:
            raise ValueError(f"every {seconds:g} s is no pace for a timer")
        return self._incarnation.spawn(self._incarnation.tick(seconds, message), f"every {seconds:g} s")

    async def enter(self, resource: AbstractAsyncContextManager[T]) -> T:
        """Open ``resource`` for the rest of the actor's life: closed after ``stopped``, last opened first."""
        return await self._incarnation.resources.enter_async_context(resource)
