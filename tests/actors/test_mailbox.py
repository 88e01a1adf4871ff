import asyncio
from collections import deque

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from yulelight.actors import Mailbox, MailboxClosed, Overflow


class MailboxModel(RuleBasedStateMachine):
    """The mailbox beside the plainest thing that could be one: two deques."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.number = 0
        self.inside: deque[int] = deque()
        self.waiting: deque[tuple[int, asyncio.Task[None]]] = deque()
        self.lost: list[int] = []
        self.closed = False

    @initialize(capacity=st.integers(1, 4), overflow=st.sampled_from(Overflow))
    def make(self, capacity: int, overflow: Overflow) -> None:
        self.drops: list[int] = []
        self.mailbox: Mailbox[int] = Mailbox(capacity, overflow, self.drops.append)

    def settle(self) -> None:
        async def turns() -> None:
            for _ in range(4):
                await asyncio.sleep(0)

        self.loop.run_until_complete(turns())

    def accept(self, number: int) -> None:
        if len(self.inside) == self.mailbox.capacity:
            self.lost.append(self.inside.popleft())
        self.inside.append(number)

    def must_wait(self) -> bool:
        return self.mailbox.overflow is Overflow.WAIT and len(self.inside) == self.mailbox.capacity

    def admit(self) -> None:
        while self.waiting and len(self.inside) < self.mailbox.capacity:
            number, task = self.waiting.popleft()
            self.inside.append(number)
            self.settle()
            assert task.done() and task.exception() is None

    @rule()
    def offer(self) -> None:
        self.number += 1
        expected = not self.closed and not self.must_wait()
        assert self.mailbox.offer(self.number) == expected
        if expected:
            self.accept(self.number)

    @rule()
    def put(self) -> None:
        self.number += 1
        task = self.loop.create_task(self.mailbox.put(self.number))
        self.settle()
        if self.closed:
            assert isinstance(task.exception(), MailboxClosed)
        elif self.must_wait():
            assert not task.done()
            self.waiting.append((self.number, task))
        else:
            assert task.done() and task.exception() is None
            self.accept(self.number)

    @precondition(lambda self: self.inside)
    @rule()
    def get(self) -> None:
        assert self.loop.run_until_complete(self.mailbox.get()) == self.inside.popleft()
        self.admit()

    @precondition(lambda self: not self.inside)
    @rule()
    def get_from_empty(self) -> None:
        task = self.loop.create_task(self.mailbox.get())
        self.settle()
        if self.closed:
            assert isinstance(task.exception(), MailboxClosed)
            return
        assert not task.done()
        self.number += 1
        assert self.mailbox.offer(self.number)
        self.settle()
        assert task.result() == self.number

    @precondition(lambda self: self.waiting)
    @rule(data=st.data())
    def cancel_a_sender(self, data: st.DataObject) -> None:
        index = data.draw(st.integers(0, len(self.waiting) - 1))
        _, task = self.waiting[index]
        del self.waiting[index]
        task.cancel()
        if data.draw(st.booleans()):
            self.settle()

    @rule()
    def drain(self) -> None:
        assert self.mailbox.drain() == list(self.inside)
        self.inside.clear()
        self.admit()

    @precondition(lambda self: not self.closed)
    @rule()
    def close(self) -> None:
        self.mailbox.close()
        self.closed = True
        self.settle()
        for _, task in self.waiting:
            assert isinstance(task.exception(), MailboxClosed)
        self.waiting.clear()

    @invariant()
    def same(self) -> None:
        assert len(self.mailbox) == len(self.inside) <= self.mailbox.capacity
        assert self.mailbox.full == (len(self.inside) == self.mailbox.capacity)
        assert self.drops == self.lost
        assert self.mailbox.dropped == len(self.lost)
        assert self.mailbox.closed == self.closed

    def teardown(self) -> None:
        for _, task in self.waiting:
            task.cancel()
        self.settle()
        self.loop.close()


TestMailboxModel = MailboxModel.TestCase
TestMailboxModel.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)


@pytest.mark.parametrize("capacity", [0, -1])
def test_capacity_must_be_positive(capacity: int) -> None:
    with pytest.raises(ValueError, match="at least one"):
        Mailbox[int](capacity, Overflow.WAIT)


async def test_many_senders_under_back_pressure_lose_nothing_and_keep_their_order() -> None:
    mailbox: Mailbox[tuple[int, int]] = Mailbox(3, Overflow.WAIT)

    async def send(sender: int) -> None:
        for number in range(100):
            await mailbox.put((sender, number))

    async with asyncio.TaskGroup() as group:
        for sender in range(5):
            group.create_task(send(sender))
        got = [await mailbox.get() for _ in range(500)]
    for sender in range(5):
        assert [number for who, number in got if who == sender] == list(range(100))
    assert mailbox.dropped == 0


async def test_a_get_that_is_cancelled_takes_nothing() -> None:
    mailbox: Mailbox[int] = Mailbox(1, Overflow.WAIT)
    getter = asyncio.create_task(mailbox.get())
    await asyncio.sleep(0)
    mailbox.offer(1)
    getter.cancel()
    with pytest.raises(asyncio.CancelledError):
        await getter
    assert await mailbox.get() == 1
