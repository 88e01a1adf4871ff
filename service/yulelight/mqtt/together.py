"""Several jobs that live and die together, and ending them for sure."""

import asyncio
from collections.abc import Coroutine
from typing import Any

_PATIENCE = 3.0


async def together(*jobs: Coroutine[Any, Any, None]) -> None:
    """Run all until the first fails; then end the others and raise its exception as it is, in no group."""
    tasks = [asyncio.create_task(job) for job in jobs]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    finally:
        await end(*tasks)
    for task in done:
        task.result()


async def end(*tasks: asyncio.Task[None], patience: float = _PATIENCE) -> None:
    """Cancel the tasks and wait until all are over.

    Again and again: up to Python 3.11 a cancellation gets lost when it meets the end of an asyncio.wait_for, which
    the MQTT client uses. Who is cancelled meanwhile (by an ``end`` around this one that lost patience, too) does not
    leave the tasks alone: it cancels them again, and is cancelled once they are over.
    """
    cancelled = False
    while alive := [task for task in tasks if not task.done()]:
        for task in alive:
            task.cancel()
        try:
            await asyncio.wait(alive, timeout=patience)
        except asyncio.CancelledError:
            cancelled = True
    # Looked at, or asyncio complains of exceptions that nobody retrieved.
    await asyncio.gather(*tasks, return_exceptions=True)
    if cancelled:
        raise asyncio.CancelledError
