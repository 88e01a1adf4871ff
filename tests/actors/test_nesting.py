import asyncio

import pytest

from yulelight.actors import Actor, ActorStopped, Ref, RestartLimit, Supervisor

from .crew import PATIENCE, QUICK, Diary, Worker, quick_supervisor, until


class Parent(Actor[object]):
    """Owns a supervisor with one worker and passes messages on to it."""

    def __init__(self, diary: Diary, max_restarts: int) -> None:
        self.diary = diary
        self.max_restarts = max_restarts

    async def started(self) -> None:
        children = await self.enter(Supervisor(max_restarts=self.max_restarts, backoff=QUICK))
        self.child: Ref[object] = children.start(lambda: Worker(self.diary), "child")
        self.spawn(children.wait(), "children")

    async def stopped(self) -> None:
        self.diary.events.append("parent stopped")

    async def receive(self, message: object) -> object:
        return await self.child.ask(message)


async def test_a_nested_supervisor_hands_its_failure_upwards() -> None:
    diary = Diary()
    async with quick_supervisor(max_restarts=1) as supervisor:
        ref = supervisor.start(lambda: Parent(diary, max_restarts=0), "parent")
        with pytest.raises(ActorStopped, match="ZeroDivisionError"):
            await ref.ask("crash")
        await until(lambda: supervisor.restarts == {"parent": 1})
        assert await ref.ask("hello") == ("done", "hello")
        with pytest.raises(ActorStopped):
            await ref.ask("crash")
        with pytest.raises(RestartLimit, match=r"^parent .*child failed .*ZeroDivisionError") as caught:
            await supervisor.wait()
    assert isinstance(caught.value.cause, RestartLimit)
    life = ["started", "stopped", "parent stopped"]
    assert diary.events == [*life, "started", "hello", *life[1:]]


async def test_children_of_a_parent_that_cannot_wait_are_not_forgotten() -> None:
    diary = Diary()
    async with quick_supervisor() as supervisor:
        ref = supervisor.start(lambda: Parent(diary, max_restarts=0), "parent", stop_timeout=0.02)
        await ref.ask("hello")
        with pytest.raises(ActorStopped):
            await asyncio.gather(ref.ask("hang", PATIENCE), supervisor.stop(ref))
    await until(lambda: diary.events[-1] == "stopped")
    assert diary.events == ["started", "hello", "parent stopped", "stopped"]
