"""References, through which others send messages to an actor."""

import asyncio
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from .errors import ActorStopped, AskTimeout
from .mailbox import Mailbox, MailboxClosed

M = TypeVar("M")
M_contra = TypeVar("M_contra", contravariant=True)


@dataclass(slots=True, eq=False)
class Envelope(Generic[M]):
    """A message and the future that its asker waits for. ``queued`` until it is taken or dropped."""

    message: M
    reply: asyncio.Future[Any] | None = None
    queued: bool = True

    @property
    def awaited(self) -> bool:
        """Whether an asker still waits for the answer."""
        return self.reply is not None and not self.reply.done()

    def answer(self, value: object) -> None:
        if self.reply is not None and not self.reply.done():
            self.reply.set_result(value)

    def fail(self, error: Exception) -> None:
        self.queued = False
        if self.reply is not None and not self.reply.done():
            self.reply.set_exception(error)
            self.reply.exception()  # retrieved, so that asyncio never reports it


class Ref(Generic[M_contra]):
    """A reference to an actor. It stays valid when the actor is restarted; queued messages are kept.

    Only for the thread of the event loop; from other threads use ``loop.call_soon_threadsafe(ref.post, message)``.
    """

    def __init__(self, name: str, mailbox: Mailbox[Envelope[M_contra]]) -> None:
        self.name = name
        self._mailbox = mailbox

    def __repr__(self) -> str:
        return f"Ref({self.name!r})"

    @property
    def alive(self) -> bool:
        """False once the actor has stopped for good; True while it waits to be restarted."""
        return not self._mailbox.closed

    @property
    def dropped(self) -> int:
        """The number of messages dropped from a full DROP_OLDEST mailbox so far."""
        return self._mailbox.dropped

    async def tell(self, message: M_contra) -> None:
        """Send ``message``.

        It waits while a WAIT mailbox is full, so an actor must use ``post`` for itself. Raises ActorStopped.
        """
        await self._put(Envelope(message))

    async def ask(self, message: M_contra, timeout: float = 5.0) -> Any:
        """Send ``message`` and return the answer of ``receive``, within ``timeout`` seconds.

        Raises the error that the actor answers with (see ``Actor.answers``), ActorStopped if it stops or fails before
        answering, AskTimeout, and MailboxFull if the message was dropped. A queued message is still received after a
        timeout.
        """
        reply: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(timeout) as deadline:
                await self._put(Envelope(message, reply))
                return await reply
        except TimeoutError:
            if deadline.expired():
                raise AskTimeout(self.name, timeout) from None
            raise  # An error that the actor answered with.

    def post(self, message: M_contra) -> bool:
        """Send ``message`` without waiting, e.g. from a callback; False if the actor has stopped or a WAIT mailbox is
        full.
        """
        return self._mailbox.offer(Envelope(message))

    async def _put(self, envelope: Envelope[M_contra]) -> None:
        try:
            await self._mailbox.put(envelope)
        except MailboxClosed:
            raise ActorStopped(self.name) from None
