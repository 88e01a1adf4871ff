"""Actors that misbehave on demand, and how to wait for what they do."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from yulelight.actors import Actor, Backoff, Overflow, Supervisor
from yulelight.core.errors import CommandError

QUICK = Backoff(0.001, 0.01)
PATIENCE = 20.0
"""Seconds after which a test that waits for something has failed."""


@dataclass
class Diary:
    """What all instances of an actor lived through, in order."""

    events: list[object] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    """Released hands on "wait" and "stubborn"."""


class Worker(Actor[object]):
    """Does what its messages say and writes everything down."""

    def __init__(self, diary: Diary) -> None:
        self.diary = diary

    async def started(self) -> None:
        self.diary.events.append("started")

    async def stopped(self) -> None:
        self.diary.events.append("stopped")

    async def receive(self, message: object) -> object:
        match message:
            case "crash":
                raise ZeroDivisionError("on demand")
            case "refuse":
                raise CommandError("not now")
            case "hang":
                await asyncio.Event().wait()
            case "wait":
                await self.diary.gate.wait()
            case "stubborn":
                await stubborn(self.diary.gate)
            case "cancelled inside":
                await cancelled()
            case "spawn crash":
                self.spawn(crash(), "crash")
            case "spawn sleep":
                self.spawn(self.sleep(), "sleep")
        self.diary.events.append(message)
        return ("done", message)

    async def sleep(self) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            self.diary.events.append("sleep cancelled")


class Realtime(Worker):
    """A worker whose mailbox drops the oldest."""

    capacity = 4
    overflow = Overflow.DROP_OLDEST


async def crash() -> None:
    raise ZeroDivisionError("in a task")


async def cancelled() -> None:
    future = asyncio.get_running_loop().create_future()
    future.cancel()
    await future


async def stubborn(gate: asyncio.Event) -> None:
    """Does not let itself be cancelled before the gate opens."""
    while not gate.is_set():
        try:
            await gate.wait()
        except asyncio.CancelledError:
            continue


async def until(condition: Callable[[], object]) -> None:
    """Wait until ``condition`` is true."""
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.001)


def quick_supervisor(max_restarts: int = 5) -> Supervisor:
    """A supervisor that loses no time."""
    return Supervisor(max_restarts=max_restarts, backoff=QUICK)
