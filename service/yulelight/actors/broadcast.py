"""One publisher, any number of subscribers, nobody waits for anybody."""

from types import TracebackType
from typing import Generic, Self, TypeVar

from .mailbox import Mailbox, MailboxClosed, Overflow

T = TypeVar("T")


class Broadcast(Generic[T]):
    """Gives every published value to every present subscriber.

    >>> with broadcast.subscribe() as values:
    ...     async for value in values:
    """

    def __init__(self) -> None:
        self.closed = False
        self._latest: T | None = None
        self._mailboxes: set[Mailbox[T]] = set()

    @property
    def latest(self) -> T | None:
        """The value published last; None before the first."""
        return self._latest

    def publish(self, value: T) -> None:
        """Hand ``value`` to all subscribers, never waiting. After ``close`` it goes nowhere."""
        if self.closed:
            return
        self._latest = value
        for mailbox in self._mailboxes:
            mailbox.offer(value)

    def subscribe(self, capacity: int = 16) -> "Subscription[T]":
        """Values from entering it on; when more than ``capacity`` are waiting the oldest is dropped."""
        return Subscription(self, Mailbox(capacity, Overflow.DROP_OLDEST))

    def close(self) -> None:
        """End every subscription, once it has handed out what is waiting in it."""
        self.closed = True
        for mailbox in self._mailboxes:
            mailbox.close()

    def _join(self, mailbox: Mailbox[T]) -> None:
        if self.closed:
            mailbox.close()
        self._mailboxes.add(mailbox)

    def _leave(self, mailbox: Mailbox[T]) -> None:
        self._mailboxes.discard(mailbox)
        mailbox.close()


class Subscription(Generic[T]):
    """Subscribed inside its ``with``; iterating it ends when the broadcast is closed."""

    def __init__(self, broadcast: Broadcast[T], mailbox: Mailbox[T]) -> None:
        self._broadcast = broadcast
        self._mailbox = mailbox
        self._entered = False

    def __enter__(self) -> Self:
        self._entered = True
        self._broadcast._join(self._mailbox)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._broadcast._leave(self._mailbox)

    def __aiter__(self) -> Self:
        if not self._entered:
            raise RuntimeError("a subscription is entered with 'with' before it is iterated")
        return self

    async def __anext__(self) -> T:
        try:
            return await self._mailbox.get()
        except MailboxClosed:
            raise StopAsyncIteration from None

    @property
    def dropped(self) -> int:
        """How many values this subscriber was too slow for."""
        return self._mailbox.dropped
