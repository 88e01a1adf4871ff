"""Work of which only the newest is wanted: a new one ends the one before it."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from yulelight.core.errors import CommandError


class Trial:
    """At most one task at a time."""

    def __init__(self) -> None:
        self._task: asyncio.Task[Any] | None = None

    async def run(self, work: Coroutine[Any, Any, object]) -> None:
        """Runs ``work``, whose errors are raised; CommandError if another replaces it. Cancelling this ends it."""
        if self._task is not None:
            self._task.cancel()
        task = self._task = asyncio.create_task(work)
        try:
            await asyncio.wait([task])
        finally:
            task.cancel()
        if task.cancelled():
            raise CommandError("another look was tried in the meantime")
        await task
