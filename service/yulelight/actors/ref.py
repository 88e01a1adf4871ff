"""How others speak to an actor."""

import asyncio
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from .errors import ActorStopped, AskTimeout
from .mailbox import Mailbox, MailboxClosed

M = TypeVar("M")
M_contra = TypeVar("M_contra", contravariant=True)


@dataclass(slots=True, eq=False)
class Envelope(Generic[M]):
    """A message on its way, and the future its asker waits for. ``queued`` until it is taken or dropped."""

    message: M
    reply: asyncio.Future[Any] | None = None
    queued: bool = True

    @property
    def awaited(self) -> bool:
        """Whether somebody still waits for the answer."""
        return self.reply is not None and not self.reply.done()

    def answer(self, value: object) -> None:
        if self.reply is not None and not self.reply.done():
            self.reply.set_result(value)

    def fail(self, error: Exception) -> None:
        self.queued = False
        if self.reply is not None and not self.reply.done():
            self.reply.set_exception(error)
            self.reply.exception()  # An asker that is cancelled right now need not be reported as negligent.


class Ref(Generic[M_contra]):
    """The address of an actor. It stays valid when the actor is restarted; what is queued meanwhile is kept.

    For the thread of the event loop; from another one use ``loop.call_soon_threadsafe(ref.post, message)``.
    """

    def __init__(self, name: str, mailbox: Mailbox[Envelope[M_contra]]) -> None:
        self.name = name
        self._mailbox = mailbox

    def __repr__(self) -> str:
        return f"Ref({self.name!r})"

    @property
    def alive(self) -> bool:
        """False once the actor is stopped for good; True while it waits for its restart."""
        return not self._mailbox.closed

    @property
    def dropped(self) -> int:
        """How many messages fell out of a full DROP_OLDEST mailbox so far."""
        return self._mailbox.dropped

    async def tell(self, message: M_contra) -> None:
        """Send ``message``. Waits only while a WAIT mailbox is full, so an actor must not tell itself: post.

        Raises ActorStopped.
        """
        await self._put(Envelope(message))

    async def ask(self, message: M_contra, timeout: float = 5.0) -> Any:
        """Send ``message`` and return what ``receive`` returns for it, within ``timeout`` seconds.

        Raises what the actor answers with (see ``Actor.answers``), ActorStopped when it stops or fails
        before it answered, AskTimeout, and MailboxFull when the message was dropped. A message that is in the
        mailbox is still received after a timeout.
        """
        reply: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(timeout) as deadline:
                await self._put(Envelope(message, reply))
                return await reply
        except TimeoutError:
            if deadline.expired():
                raise AskTimeout(self.name, timeout) from None
            raise  # The actor's own answer.

    def post(self, message: M_contra) -> bool:
        """Send ``message`` without waiting, from a callback; False if stopped, or full and WAIT."""
        return self._mailbox.offer(Envelope(message))

    async def _put(self, envelope: Envelope[M_contra]) -> None:
        try:
            await self._mailbox.put(envelope)
        except MailboxClosed:
            raise ActorStopped(self.name) from None
