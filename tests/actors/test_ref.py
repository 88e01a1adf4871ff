import asyncio
import logging

import pytest

from yulelight.actors import Actor, ActorStopped, AskTimeout, MailboxFull
from yulelight.core.errors import CommandError

from .crew import PATIENCE, Diary, Realtime, Worker, quick_supervisor, until


async def test_messages_are_received_in_order_and_asks_are_answered() -> None:
    diary = Diary()
    async with quick_supervisor() as supervisor:
        ref = supervisor.start(lambda: Worker(diary), "worker")
        for number in range(100):
            await ref.tell(number)
        assert await ref.ask("last") == ("done", "last")
        assert ref.name == "worker"
        assert ref.alive
    assert diary.events == ["started", *range(100), "last", "stopped"]
    assert not ref.alive


async def test_an_answerable_error_goes_to_the_asker_and_leaves_the_actor_alone() -> None:
    diary = Diary()
    async with quick_supervisor() as supervisor:
        ref = supervisor.start(lambda: Worker(diary), "worker")
        with pytest.raises(CommandError, match="not now"):
            await ref.ask("refuse")
        assert await ref.ask("next") == ("done", "next")
        assert supervisor.restarts == {"worker": 0}
    assert diary.events.count("started") == 1


async def test_an_answerable_error_that_nobody_asked_for_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async with quick_supervisor() as supervisor:
        ref = supervisor.start(lambda: Worker(Diary()), "worker")
        with caplog.at_level(logging.WARNING):
            await ref.tell("refuse")
            await ref.ask("next")
        assert supervisor.restarts == {"worker": 0}
    assert "worker could not handle str: not now" in caplog.text


async def test_who_asks_an_actor_that_dies_learns_why() -> None:
    async with quick_supervisor() as supervisor:
        ref = supervisor.start(lambda: Worker(Diary()), "worker")
        with pytest.raises(ActorStopped, match=r"worker stopped .*ZeroDivisionError: on demand") as caught:
            await ref.ask("crash")
        assert isinstance(caught.value.__cause__, ZeroDivisionError)
        assert await ref.ask("next") == ("done", "next")


async def test_an_ask_times_out_and_the_late_answer_harms_nobody() -> None:
    diary = Diary()
    async with quick_supervisor() as supervisor:
        ref = supervisor.start(lambda: Worker(diary), "worker")
        with pytest.raises(AskTimeout, match=r"worker did not answer within 0.01 s"):
            await ref.ask("wait", timeout=0.01)
        diary.gate.set()
        assert await ref.ask("next") == ("done", "next")
    assert diary.events == ["started", "wait", "next", "stopped"]


async def test_a_timeout_that_the_actor_answers_with_is_not_our_own() -> None:
    class Answering(Actor[str]):
        answers = (TimeoutError,)

        async def receive(self, message: str) -> object:
            raise TimeoutError(message)

    async with quick_supervisor() as supervisor:
        ref = supervisor.start(Answering, "answering")
        with pytest.raises(TimeoutError, match="my own"):
            await ref.ask("my own")


async def test_a_stopped_actor_refuses_everything() -> None:
    async with quick_supervisor() as supervisor:
        ref = supervisor.start(lambda: Worker(Diary()), "worker")
        await supervisor.stop(ref)
        with pytest.raises(ActorStopped):
            await ref.ask("anything")
        with pytest.raises(ActorStopped):
            await ref.tell("anything")
        assert not ref.post("anything")


async def test_stopping_answers_all_who_wait() -> None:
    class Small(Worker):
        capacity = 1

    diary = Diary()
    async with quick_supervisor() as supervisor:
        ref = supervisor.start(lambda: Small(diary), "small")
        in_hand = asyncio.create_task(ref.ask("wait", PATIENCE))
        await until(lambda: "started" in diary.events)
        queued = asyncio.create_task(ref.ask("queued", PATIENCE))
        await asyncio.sleep(0)
        blocked_ask = asyncio.create_task(ref.ask("blocked", PATIENCE))
        blocked_tell = asyncio.create_task(ref.tell("blocked"))
        await asyncio.sleep(0)
        assert not ref.post("no room")
        stopping = asyncio.create_task(supervisor.stop(ref))
        for task in (queued, blocked_ask, blocked_tell):
            with pytest.raises(ActorStopped):
                await task
        diary.gate.set()
        assert await in_hand == ("done", "wait")
        await stopping
    assert diary.events == ["started", "wait", "stopped"]


async def test_a_flood_is_bounded_and_counted() -> None:
    diary = Diary()
    async with quick_supervisor() as supervisor:
        ref = supervisor.start(lambda: Realtime(diary), "realtime")
        await until(lambda: "started" in diary.events)
        for number in range(100_000):
            assert ref.post(number)
        assert ref.dropped == 100_000 - Realtime.capacity
        await until(lambda: diary.events[-1] == 99_999)
    assert diary.events == ["started", *range(99_996, 100_000), "stopped"]


async def test_a_flooded_actor_lets_others_work() -> None:
    class Chatterbox(Actor[int]):
        async def started(self) -> None:
            self.ref.post(0)

        async def receive(self, message: int) -> None:
            self.ref.post(message + 1)

    diary = Diary()
    async with quick_supervisor() as supervisor:
        supervisor.start(Chatterbox, "chatterbox")
        other = supervisor.start(lambda: Worker(diary), "other")
        assert await other.ask("hello", PATIENCE) == ("done", "hello")


async def test_an_ask_that_falls_out_of_the_mailbox_is_told() -> None:
    diary = Diary()
    async with quick_supervisor() as supervisor:
        ref = supervisor.start(lambda: Realtime(diary), "realtime")
        ref.post("wait")
        await until(lambda: "started" in diary.events)
        asking = asyncio.create_task(ref.ask("unlucky", PATIENCE))
        await asyncio.sleep(0)
        for number in range(Realtime.capacity):
            ref.post(number)
        with pytest.raises(MailboxFull, match="realtime is too busy"):
            await asking
        diary.gate.set()
