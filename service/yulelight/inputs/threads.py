"""Blocking iterators, such as decoders, as asynchronous ones: each step runs in a worker thread."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from typing import TypeVar

T = TypeVar("T")


async def stepped(steps: Iterator[T], stop: Callable[[], object]) -> AsyncGenerator[T]:
    """What ``steps`` yields.

    ``stop`` is called when nobody iterates any more; it makes a step that blocks return soon.
    """
    ended = object()
    step: asyncio.Future[object] | None = None
    try:
        while True:
            step = asyncio.ensure_future(asyncio.to_thread(next, steps, ended))
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
