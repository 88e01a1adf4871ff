"""One publisher and any number of subscribers, none of which ever waits for another."""

from types import TracebackType
from typing import Generic, Self, TypeVar

from .mailbox import Mailbox, MailboxClosed, Overflow

T = TypeVar("T")


class Broadcast(Generic[T]):
    """Delivers every published value to all current subscribers.

    >>> with broadcast.subscribe() as values:
    ...     async for value in values:
    """

    def __init__(self) -> None:
        self.closed = False
        self._latest: T | None = None
        self._mailboxes: set[Mailbox[T]] = set()

    @property
    def latest(self) -> T | None:
        """The last value published; None before the first."""
        return self._latest

    def publish(self, value: T) -> None:
        """Deliver ``value`` to all subscribers without waiting. Ignored after ``close``."""
        if self.closed:
            return
        self._latest = value
        for mailbox in self._mailboxes:
            mailbox.offer(value)

    def subscribe(self, capacity: int = 16) -> "Subscription[T]":
        """A subscription, active from entering it; if more than ``capacity`` values are waiting, the oldest is
        dropped.
        """
        return Subscription(self, Mailbox(capacity, Overflow.DROP_OLDEST))

    def close(self) -> None:
        """End every subscription after the values that are waiting in it."""
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
    """Active inside its ``with`` block; iteration ends when the broadcast is closed."""

    def __init__(self, broadcast: Broadcast[T], mailbox: Mailbox[T]) -> None:
        self._broadcast = broadcast
        self._mailbox = mailbox
        self._entered = False

    def __enter__(self) -> Self:
        self._entered = True
        self._broadcast._join(self._mailbox)  # noqa: SLF001
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._broadcast._leave(self._mailbox)  # noqa: SLF001

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
        """The number of values dropped because this subscriber was too slow."""
        return self._mailbox.dropped
