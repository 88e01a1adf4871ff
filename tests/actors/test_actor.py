import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from yulelight.actors import ActorStopped, Overflow

from .crew import PATIENCE, Diary, Worker, quick_supervisor, until


async def test_a_spawned_task_that_fails_restarts_its_actor() -> None:
    diary = Diary()
    async with quick_supervisor() as supervisor:
        ref = supervisor.start(lambda: Worker(diary), "worker")
        await ref.tell("spawn sleep")
        await ref.tell("spawn crash")
        await until(lambda: supervisor.restarts == {"worker": 1})
        assert await ref.ask("next") == ("done", "next")
    assert diary.events == [
        "started", "spawn sleep", "spawn crash", "sleep cancelled", "stopped", "started", "next", "stopped",
    ]  # fmt: skip


async def test_who_waits_for_an_answer_learns_when_a_spawned_task_fails() -> None:
    class Unlucky(Worker):
        async def receive(self, message: object) -> object:
            self.spawn(asyncio.sleep(0.001)).add_done_callback(lambda _: self.spawn(self.fail()))
            return await super().receive(message)

        async def fail(self) -> None:
            raise ConnectionError("gone")

    async with quick_supervisor() as supervisor:
        ref = supervisor.start(lambda: Unlucky(Diary()), "unlucky")
        with pytest.raises(ActorStopped, match="ConnectionError: gone"):
            await ref.ask("hang", PATIENCE)


async def test_an_actor_that_has_ended_spawns_nothing_more(caplog: pytest.LogCaptureFixture) -> None:
    class Late(Worker):
        async def stopped(self) -> None:
            self.spawn(asyncio.sleep(0))

    async with quick_supervisor() as supervisor:
        ref = supervisor.start(lambda: Late(Diary()), "late")
        await ref.ask("hello")
    assert "can spawn nothing more" in caplog.text


async def test_every_posts_again_and_again_but_never_piles_up() -> None:
    class Clockwork(Worker):
        async def started(self) -> None:
            self.ticks = 0
            self.timer = self.every(0.001, self.tick)
            self.every(0.001, "tock")

        def tick(self) -> object:
            self.ticks += 1
            return self.ticks

    diary = Diary()
    async with quick_supervisor() as supervisor:
        ref = supervisor.start(lambda: Clockwork(diary), "clockwork")
        await until(lambda: 3 in diary.events and diary.events.count("tock") >= 3)
        await ref.tell("wait")
        await asyncio.sleep(0.05)
        asking = asyncio.create_task(ref.ask("after", PATIENCE))
        await asyncio.sleep(0)
        diary.gate.set()
        await asking
        ticks = [event for event in diary.events if isinstance(event, int)]
        assert ticks == list(range(1, len(ticks) + 1)), "a tick that has no place is not made at all"
        between = diary.events[diary.events.index("wait") + 1 : diary.events.index("after")]
        assert between.count("tock") == 1


async def test_the_pace_of_a_timer_may_change_and_it_may_be_cancelled() -> None:
    waits: list[float] = []

    class Clockwork(Worker):
        async def started(self) -> None:
            self.timer = self.every(self.pace, "tick")

        def pace(self) -> float:
            waits.append(0.001)
            if len(waits) == 4:
                asyncio.get_running_loop().call_soon(self.timer.cancel)
            return waits[-1]

    diary = Diary()
    async with quick_supervisor() as supervisor:
        supervisor.start(lambda: Clockwork(diary), "clockwork")
        await until(lambda: len(waits) == 4)
        await asyncio.sleep(0.05)
    assert diary.events.count("tick") == 3
    assert len(waits) == 4


async def test_a_timer_whose_message_cannot_be_made_fails_the_actor() -> None:
    class Clockwork(Worker):
        async def started(self) -> None:
            if "once" not in diary.events:
                self.every(0.001, self.broken)

        def broken(self) -> object:
            diary.events.append("once")
            raise ConnectionError("gone")

    diary = Diary()
    async with quick_supervisor() as supervisor:
        ref = supervisor.start(lambda: Clockwork(diary), "clockwork")
        await until(lambda: supervisor.restarts.get("clockwork") == 1)
        await ref.ask("hello", PATIENCE)
    assert diary.events.count("once") == 1


@pytest.mark.parametrize("seconds", [0, -1])
async def test_every_needs_a_pace(seconds: float) -> None:
    with pytest.raises(ValueError, match="not an interval"):
        Worker(Diary()).every(seconds, "tick")


async def test_resources_are_closed_after_the_actor_in_reverse_even_when_it_fails() -> None:
    diary = Diary()

    @asynccontextmanager
    async def resource(name: str) -> AsyncIterator[str]:
        diary.events.append(f"open {name}")
        yield name
        diary.events.append(f"close {name}")

    class Owner(Worker):
        overflow = Overflow.WAIT

        async def started(self) -> None:
            assert await self.enter(resource("a")) == "a"
            await self.enter(resource("b"))

    async with quick_supervisor() as supervisor:
        ref = supervisor.start(lambda: Owner(diary), "owner")
        with pytest.raises(ActorStopped):
            await ref.ask("crash")
        await ref.ask("hello")
    once = ["open a", "open b", "stopped", "close b", "close a"]
    assert diary.events == [*once, *once[:2], "hello", *once[2:]]
