"""Common code of commands that use the running service."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yulelight.commands.run import run

if TYPE_CHECKING:
    from yulelight.commands.client import Client


def ask(
    work: "Callable[[Client], Awaitable[Any]]", config: Path | None, data: Path | None, http_port: int | None
) -> Any:
    """Runs ``work`` with a client of the service that runs with these settings; returns its result."""

    async def connect() -> Any:
        from yulelight.app.settings import load
        from yulelight.commands.client import connected

        async with connected(load(config, data=data, http__port=http_port)) as client:
            return await work(client)

    return run(connect(), quiet=True)
