"""Blocking iterators, such as decoders, as asynchronous ones: each step runs in a worker thread."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
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
