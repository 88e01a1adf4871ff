"""A bounded queue with an overflow policy."""

import asyncio
from collections import deque
from collections.abc import Callable
from enum import Enum
from typing import Generic, TypeVar

M = TypeVar("M")


class Overflow(Enum):
    """What a full mailbox does with another message."""

    WAIT = "wait"
    """The sender waits (back-pressure), and nothing is lost. For commands."""
    DROP_OLDEST = "drop oldest"
    """The oldest message is dropped and counted, because newer ones matter more. For real-time values."""


class MailboxClosed(Exception):  # noqa: N818
    """The mailbox accepts no more messages, or is closed and empty."""


class Mailbox(Generic[M]):
    """Holds at most ``capacity`` messages, first in, first out. For one event loop; not thread-safe.

    ``on_drop`` is called with each dropped message; ``dropped`` counts them. Raises ValueError for a capacity below
    1.
    """

    def __init__(
        self, capacity: int, overflow: Overflow, on_drop: Callable[[M], object] | None = None
    ) -> None:
        if capacity < 1:
            raise ValueError(f"a mailbox holds at least one message, not {capacity}")
        self.capacity = capacity
        self.overflow = overflow
        self.dropped = 0
        self.closed = False
        self._on_drop = on_drop
        self._messages: deque[M] = deque()
        self._senders: deque[tuple[asyncio.Future[None], M]] = deque()
        self._news = asyncio.Event()

    def __len__(self) -> int:
        return len(self._messages)

    @property
    def full(self) -> bool:
        return len(self._messages) >= self.capacity

    async def put(self, message: M) -> None:
        """Put ``message``; waits while a WAIT mailbox is full. Raises MailboxClosed."""
        if self.offer(message):
            return
        if self.closed:
            raise MailboxClosed
        accepted = asyncio.get_running_loop().create_future()
        sender = (accepted, message)
        self._senders.append(sender)
        try:
            await accepted
        finally:
            if accepted.cancelled() and sender in self._senders:
                self._senders.remove(sender)

    def offer(self, message: M) -> bool:
        """Put ``message`` without waiting; False if the mailbox is closed, or full and WAIT."""
        if self.closed or (self.full and self.overflow is Overflow.WAIT):
            return False
        if self.full:
            oldest = self._messages.popleft()
            self.dropped += 1
            if self._on_drop:
                self._on_drop(oldest)
        self._messages.append(message)
        self._news.set()
        return True

    async def get(self) -> M:
        """Wait for a message and return the oldest. Raises MailboxClosed if the mailbox is closed and empty."""
        while not self._messages:
            if self.closed:
                raise MailboxClosed
            self._news.clear()
            await self._news.wait()
        message = self._messages.popleft()
        self._admit()
        return message

    def close(self) -> None:
        """Accept no more messages; queued ones can still be taken. Waiting senders get MailboxClosed."""
        self.closed = True
        self._news.set()
        while self._senders:
            accepted, _ = self._senders.popleft()
            if not accepted.done():
                accepted.set_exception(MailboxClosed())

    def drain(self) -> list[M]:
        """Remove and return all queued messages."""
        messages = list(self._messages)
        self._messages.clear()
        self._admit()
        return messages

    def _admit(self) -> None:
        # Admit the message of the longest waiting sender immediately, so that no later sender can overtake it.
        while self._senders and not self.full:
            accepted, message = self._senders.popleft()
            if not accepted.done():
                accepted.set_result(None)
                self._messages.append(message)
