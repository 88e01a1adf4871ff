"""Waiting for what a service or a page will show."""

import asyncio
from collections.abc import Awaitable, Callable


async def eventually(condition: Callable[[], Awaitable[object]], patience: float = 30.0) -> None:
    """Returns when ``condition`` holds. Raises TimeoutError after ``patience`` seconds."""
    async with asyncio.timeout(patience):
        while not await condition():
            await asyncio.sleep(0.05)
