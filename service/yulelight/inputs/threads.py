"""Blocking iterators, such as decoders, as asynchronous ones, each step in a worker thread; and items by the batch."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from concurrent.futures import Executor
from typing import TypeVar

T = TypeVar("T")


async def stepped(
    steps: Iterator[T], stop: Callable[[], object], thread: Executor | None = None
) -> AsyncGenerator[T]:
    """What ``steps`` yields. ``thread``: where the steps run, instead of a thread that others use, too.

    ``stop`` is called when nobody iterates any more; it makes a step that blocks return soon.
    """
    ended = object()
    loop = asyncio.get_running_loop()
    step: asyncio.Future[object] | None = None
    try:
        while True:
            step = loop.run_in_executor(thread, next, steps, ended)
            found = await asyncio.shield(step)
            if found is ended:
                return
            yield found  # type: ignore[misc]
    finally:
        stop()
        if step is not None and not step.done():
            await asyncio.wait([step])
        if step is not None and not step.cancelled():
            step.exception()  # told where it was awaited, or of no interest any more


async def gathered(items: AsyncIterator[T], most: int) -> AsyncGenerator[list[T]]:
    """All of ``items`` that have come meanwhile, each time that somebody asks; at least one, and ``most`` at most.

    So a consumer that was slow once processes many at a time and catches up.
    """
    waiting: deque[T] = deque()
    room, news = asyncio.Event(), asyncio.Event()

    async def gather() -> None:
        async for item in items:
            waiting.append(item)
            news.set()
            if len(waiting) >= most:
                room.clear()
                await room.wait()

    gathering = asyncio.ensure_future(gather())
    gathering.add_done_callback(lambda _: news.set())
    try:
        while True:
            await news.wait()
            news.clear()
            if waiting:
                found = list(waiting)
                waiting.clear()
                room.set()
                yield found
            if gathering.done():
                if waiting:
                    yield list(waiting)
                gathering.result()
                return
    finally:
        gathering.cancel()
        await asyncio.wait([gathering])
