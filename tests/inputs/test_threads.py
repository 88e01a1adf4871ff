"""Items by the batch: whoever is slow once gets all that came meanwhile, in order, and no more than may wait."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from yulelight.inputs.threads import gathered


async def numbers(count: int, taken: list[int], every: float = 0.0) -> AsyncIterator[int]:
    for k in range(count):
        if every:
            await asyncio.sleep(every)
        taken.append(k)
        yield k


async def test_whoever_is_slow_gets_all_that_came_meanwhile() -> None:
    taken: list[int] = []
    async with aclosing(gathered(numbers(50, taken, 0.002), 100)) as batches:
        first = await anext(batches)
        while len(taken) < 30:
            await asyncio.sleep(0.005)
        second = await anext(batches)
        rest = [item async for batch in batches for item in batch]
    assert first[0] == 0
    assert len(second) >= 25
    assert [*first, *second, *rest] == list(range(50))


async def test_no_more_than_may_wait_are_taken() -> None:
    taken: list[int] = []
    async with aclosing(gathered(numbers(1000, taken), 10)) as batches:
        found = list(await anext(batches))
        for _ in range(100):
            await asyncio.sleep(0)
        assert len(taken) <= len(found) + 10
        async for batch in batches:
            assert len(batch) <= 10
            found += batch
    assert found == list(range(1000))


async def test_a_source_that_fails_is_heard_to_its_last_item_and_one_that_is_left_is_closed() -> None:
    closed = False

    async def failing() -> AsyncIterator[int]:
        nonlocal closed
        try:
            yield 1
            yield 2
            raise OSError("gone")
        finally:
            closed = True

    found: list[int] = []
    with pytest.raises(OSError, match="gone"):
        async with aclosing(gathered(failing(), 10)) as batches:
            async for batch in batches:
                found += batch
    assert found == [1, 2]
    assert closed

    async def endless() -> AsyncIterator[int]:
        yield 1
        await asyncio.Event().wait()

    async with asyncio.timeout(10), aclosing(gathered(endless(), 10)) as batches:
        assert await anext(batches) == [1]
