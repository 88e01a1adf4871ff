"""Waiting for the signals that end a program, and for what it does meanwhile."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any


def stop_signal() -> asyncio.Event:
    """An event that is set by the first SIGINT or SIGTERM, so that the lights go off before we leave."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return stop


async def until(
    stop: asyncio.Event, *works: Coroutine[Any, Any, object], timeout: float | None = None
) -> None:
    """Waits for ``stop`` or for the first of ``works``, whose error it raises; at most ``timeout`` seconds."""
    tasks: list[asyncio.Task[object]] = [asyncio.create_task(work) for work in (stop.wait(), *works)]
    done, pending = await asyncio.wait(tasks, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    for task in done:
        task.result()
