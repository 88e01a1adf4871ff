import asyncio
import logging
from functools import partial

import pytest

from yulelight.actors import ActorStopped, Backoff, Supervisor

from .crew import PATIENCE, Diary, Worker, quick_supervisor, stubborn, until


async def test_children_stop_in_reverse_order() -> None:
    diary = Diary()

    class Named(Worker):
        def __init__(self, name: str) -> None:
            super().__init__(diary)
            self.name = name

        async def stopped(self) -> None:
            await asyncio.sleep(0.001)
            self.diary.events.append(self.name)

    async with quick_supervisor() as supervisor:
        refs = [supervisor.start(partial(Named, n), n) for n in ("a", "b", "c", "d")]
        for ref in refs:
            await ref.ask("hello")
        await supervisor.stop(refs[1])
        diary.events.clear()
    assert diary.events == ["d", "c", "a"]


async def test_a_hanging_receive_does_not_hinder_the_stop() -> None:
    diary = Diary()
    async with quick_supervisor() as supervisor:
        ref = supervisor.start(lambda: Worker(diary), "worker", stop_timeout=0.02)
        asking = asyncio.create_task(ref.ask("hang", PATIENCE))
        await until(lambda: "started" in diary.events)
    with pytest.raises(ActorStopped):
        await asking
    assert diary.events == ["started", "stopped"]


async def test_a_hanging_start_does_not_hinder_the_stop() -> None:
    class Sleeper(Worker):
        async def started(self) -> None:
            self.diary.events.append("sleeping")
            await asyncio.Event().wait()

    diary = Diary()
    async with quick_supervisor() as supervisor:
        ref = supervisor.start(lambda: Sleeper(diary), "sleeper", stop_timeout=0.02)
        waiting = asyncio.create_task(supervisor.started(ref))
        await until(lambda: diary.events)
    with pytest.raises(ActorStopped):
        await waiting
    assert diary.events == ["sleeping", "stopped"]


async def test_cleaning_up_after_a_cancellation_can_use_timeouts() -> None:
    class Careful(Worker):
        async def stopped(self) -> None:
            task = asyncio.current_task()
            assert task is not None
            self.diary.events.append(task.cancelling())
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.001):
                    await asyncio.Event().wait()
            self.diary.events.append("clean")

    diary = Diary()
    async with quick_supervisor() as supervisor:
        ref = supervisor.start(lambda: Careful(diary), "careful", hang_timeout=0.01)
        with pytest.raises(ActorStopped):
            await ref.ask("hang", PATIENCE)
        await supervisor.stop(ref)
    assert diary.events[:3] == ["started", 0, "clean"]


async def test_a_child_that_swallows_its_cancellation_is_left_behind(
    caplog: pytest.LogCaptureFixture,
) -> None:
    diary = Diary()
    async with quick_supervisor() as supervisor:
        ref = supervisor.start(lambda: Worker(diary), "stubborn", stop_timeout=0.02)
        await ref.tell("stubborn")
        await until(lambda: "started" in diary.events)
    assert "stubborn does not stop and is left behind" in caplog.text
    assert diary.events == ["started"]
    diary.gate.set()
    await until(lambda: "stopped" in diary.events)


async def test_a_spawned_task_that_swallows_its_cancellation_is_left_behind(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Parent(Worker):
        async def started(self) -> None:
            self.spawn(stubborn(self.diary.gate), "child")
            self.diary.events.append("started")

    diary = Diary()
    async with quick_supervisor() as supervisor:
        supervisor.start(lambda: Parent(diary), "parent", stop_timeout=0.02)
        await until(lambda: "started" in diary.events)
    assert "left behind: parent: child" in caplog.text
    assert diary.events == ["started", "stopped"]
    diary.gate.set()


async def test_stopping_ends_the_wait_for_a_restart() -> None:
    diary = Diary()
    async with Supervisor(backoff=Backoff(3600, 3600)) as supervisor:
        ref = supervisor.start(lambda: Worker(diary), "worker")
        await ref.tell("crash")
        await until(lambda: "stopped" in diary.events)
        assert ref.alive
        asking = asyncio.create_task(ref.ask("queued", PATIENCE))
        await asyncio.sleep(0)
        await asyncio.wait_for(supervisor.stop(ref), PATIENCE)
        with pytest.raises(ActorStopped):
            await asking
        assert supervisor.restarts == {}
    assert diary.events == ["started", "stopped"]


async def test_a_name_is_free_again_after_the_stop() -> None:
    diary = Diary()
    async with quick_supervisor() as supervisor:
        first = supervisor.start(lambda: Worker(diary), "session")
        with pytest.raises(ValueError, match="already a child named session"):
            supervisor.start(lambda: Worker(diary), "session")
        await asyncio.gather(supervisor.stop(first), supervisor.stop(first))
        second = supervisor.start(lambda: Worker(diary), "session")
        await supervisor.stop(first)
        assert await second.ask("hello") == ("done", "hello")


async def test_a_stop_right_after_the_start_runs_nothing() -> None:
    diary = Diary()
    async with quick_supervisor() as supervisor:
        supervisor.start(lambda: Worker(diary), "worker")
    assert diary.events == []


async def test_a_failure_while_stopping_is_logged_and_hinders_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Clumsy(Worker):
        async def stopped(self) -> None:
            raise OSError("fell over")

    diary = Diary()
    with caplog.at_level(logging.ERROR):
        async with quick_supervisor() as supervisor:
            first = supervisor.start(lambda: Worker(diary), "first")
            clumsy = supervisor.start(lambda: Clumsy(Diary()), "clumsy")
            await asyncio.gather(first.ask("hello"), clumsy.ask("hello"))
    assert "clumsy failed while it was being stopped" in caplog.text
    assert diary.events == ["started", "hello", "stopped"]


async def test_leaving_wakes_who_waits_for_the_supervisor() -> None:
    async with quick_supervisor() as supervisor:
        waiting = asyncio.create_task(supervisor.wait())
        await asyncio.sleep(0)
    await asyncio.wait_for(waiting, PATIENCE)


async def test_a_closed_supervisor_starts_nothing() -> None:
    supervisor = quick_supervisor()
    with pytest.raises(RuntimeError, match="async with"):
        supervisor.start(lambda: Worker(Diary()), "worker")


async def test_a_cancelled_owner_takes_its_children_along() -> None:
    diary = Diary()

    async def own() -> None:
        async with quick_supervisor() as supervisor:
            ref = supervisor.start(lambda: Worker(diary), "worker", stop_timeout=3600)
            await ref.ask("hang", PATIENCE)

    owner = asyncio.create_task(own())
    await until(lambda: "started" in diary.events)
    owner.cancel()
    await asyncio.sleep(0.01)
    owner.cancel()
    with pytest.raises(asyncio.CancelledError):
        await owner
    await until(lambda: diary.events == ["started", "stopped"])
    assert len(asyncio.all_tasks()) == 1
