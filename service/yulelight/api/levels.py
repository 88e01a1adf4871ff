"""How loud the inputs are, for meters: only while a client asks for it."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

from yulelight.api.services import InputService
from yulelight.inputs.manager import GetInputs

INTERVAL = 0.1
"""Minimum seconds between two messages to one client."""
TIMEOUT = 10.0


async def levels(inputs: InputService) -> AsyncGenerator[dict[str, Any], None]:
    """Messages with the level of each input that has sound, in dBFS: at once, then whenever one changes."""
    told: dict[str, float] | None = None
    while True:
        reports = await inputs.manager.ask(GetInputs(), timeout=TIMEOUT)
        now = {each.name: round(each.level, 1) for each in reports if each.level is not None}
        if now != told:
            told = now
            yield {"type": "levels", "levels": now}
        await asyncio.sleep(INTERVAL)
