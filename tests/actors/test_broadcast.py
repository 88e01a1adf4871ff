import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yulelight.actors import Broadcast

from .crew import PATIENCE


@given(values=st.lists(st.integers(), max_size=40), capacity=st.integers(1, 10))
def test_a_slow_subscriber_keeps_the_newest_and_counts_the_rest(values: list[int], capacity: int) -> None:
    async def scenario() -> None:
        broadcast = Broadcast[int]()
        with broadcast.subscribe(capacity) as slow, broadcast.subscribe(1000) as patient:
            for value in values:
                broadcast.publish(value)
            broadcast.close()
            assert [value async for value in slow] == values[-capacity:]
            assert slow.dropped == max(0, len(values) - capacity)
            assert [value async for value in patient] == values
            assert patient.dropped == 0
        assert broadcast.latest == (values[-1] if values else None)

    asyncio.run(scenario())


async def test_iterating_waits_for_values_and_ends_with_the_broadcast() -> None:
    broadcast = Broadcast[int]()
    got: list[int] = []

    async def follow() -> None:
        with broadcast.subscribe() as values:
            async for value in values:
                got.append(value)

    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        followers = [group.create_task(follow()) for _ in range(3)]
        await asyncio.sleep(0)
        broadcast.publish(1)
        await asyncio.sleep(0.01)
        assert got == [1, 1, 1]
        followers[0].cancel()
        await asyncio.sleep(0)
        broadcast.publish(2)
        broadcast.close()
    assert got == [1, 1, 1, 2, 2]


async def test_only_what_is_published_inside_the_with_arrives() -> None:
    broadcast = Broadcast[str]()
    subscription = broadcast.subscribe()
    broadcast.publish("before")
    with subscription:
        broadcast.publish("inside")
    broadcast.publish("after")
    assert [value async for value in subscription] == ["inside"]
    assert broadcast.latest == "after"


async def test_a_closed_broadcast_is_silent() -> None:
    broadcast = Broadcast[int]()
    broadcast.publish(1)
    broadcast.close()
    broadcast.publish(2)
    assert broadcast.latest == 1
    with broadcast.subscribe() as values:
        assert [value async for value in values] == []


async def test_a_subscription_that_was_not_entered_says_so() -> None:
    with pytest.raises(RuntimeError, match="with"):
        aiter(Broadcast[int]().subscribe())
