import asyncio
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yulelight.actors import ActorStopped, Backoff, RestartLimit, Supervisor
from yulelight.core.errors import NetworkError

from .crew import PATIENCE, QUICK, Diary, Worker, quick_supervisor, until


@pytest.mark.parametrize("fault", ["crash", "cancelled inside"])
async def test_a_restart_keeps_what_is_queued_and_loses_only_the_message_in_hand(fault: str) -> None:
    diary = Diary()
    async with quick_supervisor() as supervisor:
        ref = supervisor.start(lambda: Worker(diary), "worker")
        for message in (1, fault, 2, 3):
            assert ref.post(message)
        assert await ref.ask(4) == ("done", 4)
        assert supervisor.restarts == {"worker": 1}
    assert diary.events == ["started", 1, "stopped", "started", 2, 3, 4, "stopped"]


@settings(max_examples=50, deadline=None)
@given(
    messages=st.lists(st.sampled_from(["crash", "refuse", "cancelled inside"]) | st.integers(), max_size=40)
)
def test_whatever_fails_the_rest_is_received_once_and_in_order(messages: list[str | int]) -> None:
    async def scenario() -> None:
        diary = Diary()
        instant = Backoff(0, 0)
        async with Supervisor(max_restarts=len(messages), backoff=instant) as supervisor:
            ref = supervisor.start(lambda: Worker(diary), "worker")
            assert all(ref.post(message) for message in messages)
            await ref.ask(None, PATIENCE)
            failures = len([message for message in messages if message in ("crash", "cancelled inside")])
            assert supervisor.restarts == {"worker": failures}
        received = [event for event in diary.events if isinstance(event, int)]
        assert received == [message for message in messages if isinstance(message, int)]
        assert diary.events.count("started") == diary.events.count("stopped") == failures + 1

    asyncio.run(scenario())


async def test_a_failed_child_leaves_its_siblings_alone() -> None:
    diaries = [Diary(), Diary()]
    async with quick_supervisor() as supervisor:
        one, two = [supervisor.start(partial(Worker, d), f"worker {i}") for i, d in enumerate(diaries)]
        await one.tell("crash")
        assert await one.ask("next") == ("done", "next")
        assert await two.ask("hello") == ("done", "hello")
        assert supervisor.restarts == {"worker 0": 1, "worker 1": 0}
    assert diaries[1].events == ["started", "hello", "stopped"]


async def test_a_crash_loop_reaches_the_limit_and_names_child_and_cause() -> None:
    diary = Diary()
    async with quick_supervisor(max_restarts=3) as supervisor:
        ref = supervisor.start(lambda: Worker(diary), "worker")
        for _ in range(10):
            ref.post("crash")
        async with asyncio.timeout(PATIENCE):
            with pytest.raises(
                RestartLimit, match=r"worker .*3 restarts in 60 s: ZeroDivisionError"
            ) as caught:
                await supervisor.wait()
        assert caught.value.child == "worker"
        assert isinstance(caught.value.cause, ZeroDivisionError)
        assert caught.value.exit_status == 1
        assert supervisor.restarts == {"worker": 3}
        await until(lambda: not ref.alive)
        with pytest.raises(ActorStopped):
            await ref.ask("anything")
    assert diary.events == ["started", "stopped"] * 4


async def test_the_window_forgets_and_a_stable_life_resets_the_backoff() -> None:
    now = 0.0
    diary = Diary()
    backoff = Backoff(0.001, 3600, 3_600_000)  # A second attempt in a row would take an hour.
    async with Supervisor(max_restarts=1, window=10, backoff=backoff, clock=lambda: now) as supervisor:
        ref = supervisor.start(lambda: Worker(diary), "worker")
        for round_ in range(5):
            assert await ref.ask(round_, PATIENCE) == ("done", round_)
            now += 10
            await ref.tell("crash")
        assert await ref.ask("alive", PATIENCE) == ("done", "alive")
        assert supervisor.restarts == {"worker": 5}


async def test_a_failed_supervisor_restarts_nothing_any_more() -> None:
    now = 0.0
    async with Supervisor(max_restarts=1, window=10, backoff=QUICK, clock=lambda: now) as supervisor:
        one = supervisor.start(lambda: Worker(Diary()), "one")
        two = supervisor.start(lambda: Worker(Diary()), "two")
        one.post("crash")
        one.post("crash")
        with pytest.raises(RestartLimit):
            await supervisor.wait()
        now += 100
        two.post("crash")
        await until(lambda: not two.alive)
        assert supervisor.restarts == {"one": 1, "two": 0}


async def test_failing_to_start_is_a_failure_and_the_first_one_can_be_awaited() -> None:
    class PortInUse(Worker):
        async def started(self) -> None:
            raise NetworkError("port 8765 is in use")

    diary = Diary()
    async with quick_supervisor(max_restarts=2) as supervisor:
        ref = supervisor.start(lambda: PortInUse(diary), "api")
        with pytest.raises(NetworkError, match="port 8765"):
            await supervisor.started(ref)
        with pytest.raises(RestartLimit, match="port 8765") as caught:
            await supervisor.wait()
        assert caught.value.exit_status == NetworkError.exit_status
    assert diary.events == ["stopped"] * 3


async def test_a_child_that_starts_at_the_second_attempt_serves_what_waited() -> None:
    diary = Diary()

    class Hesitant(Worker):
        async def started(self) -> None:
            diary.events.append("attempt")
            if diary.events.count("attempt") == 1:
                raise OSError("not yet")

    async with quick_supervisor() as supervisor:
        ref = supervisor.start(lambda: Hesitant(diary), "hesitant")
        assert await ref.ask("hello", PATIENCE) == ("done", "hello")
    assert diary.events == ["attempt", "stopped", "attempt", "hello", "stopped"]


async def test_a_factory_that_fails_at_a_restart_counts_too() -> None:
    made: list[Worker] = []

    def factory() -> Worker:
        if made:
            raise OSError("no more")
        made.append(Worker(Diary()))
        return made[0]

    async with quick_supervisor(max_restarts=2) as supervisor:
        supervisor.start(factory, "unique").post("crash")
        with pytest.raises(RestartLimit, match="OSError: no more"):
            await supervisor.wait()


async def test_the_watchdog_restarts_a_child_that_hangs() -> None:
    diary = Diary()
    async with quick_supervisor() as supervisor:
        ref = supervisor.start(lambda: Worker(diary), "worker", hang_timeout=0.02)
        with pytest.raises(ActorStopped, match=r"receiving str took longer than 0.02 s"):
            await ref.ask("hang", PATIENCE)
        assert await ref.ask("next", PATIENCE) == ("done", "next")
        assert supervisor.restarts == {"worker": 1}
    assert diary.events == ["started", "stopped", "started", "next", "stopped"]


async def test_a_hung_instance_that_wakes_up_late_takes_no_message_from_its_successor() -> None:
    diary = Diary()
    async with quick_supervisor() as supervisor:
        ref = supervisor.start(lambda: Worker(diary), "worker", hang_timeout=0.02, stop_timeout=0.02)
        await ref.tell("stubborn")
        assert await ref.ask("next", PATIENCE) == ("done", "next")
        diary.gate.set()
        await until(lambda: "stopped" in diary.events)
        assert await ref.ask("last", PATIENCE) == ("done", "last")
    assert diary.events == ["started", "started", "next", "stubborn", "stopped", "last", "stopped"]
