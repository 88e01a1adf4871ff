"""Run several coroutines as one unit, and cancel tasks reliably."""

import asyncio
from collections.abc import Coroutine
from typing import Any

_TIMEOUT = 3.0


async def run_all(*jobs: Coroutine[Any, Any, None]) -> None:
    """Run all ``jobs`` until the first one fails, then cancel the others and raise its exception, not in a group."""
    tasks = [asyncio.create_task(job) for job in jobs]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    finally:
        await cancel_all(*tasks)
    for task in done:
        task.result()


async def cancel_all(*tasks: asyncio.Task[None], patience: float = _TIMEOUT) -> None:
    """Cancel the tasks and wait until all of them have ended.

    Each task is cancelled repeatedly: up to Python 3.11 a cancellation is lost when it coincides with the end of an
    asyncio.wait_for, which the MQTT client uses. If the caller itself is cancelled while waiting, it first finishes the
    job and raises CancelledError afterwards.
    """
    cancelled = False
    while alive := [task for task in tasks if not task.done()]:
        for task in alive:
            task.cancel()
        try:
            await asyncio.wait(alive, timeout=patience)
        except asyncio.CancelledError:
            cancelled = True
    # Retrieve the exceptions, or asyncio reports them as never retrieved.
    await asyncio.gather(*tasks, return_exceptions=True)
    if cancelled:
        raise asyncio.CancelledError
