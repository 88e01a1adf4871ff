"""Many connections that come at the same moment."""

import asyncio
import socket
from contextlib import ExitStack
from pathlib import Path


def files() -> int:
    """The files this process has open."""
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


async def most_files(port: int, count: int) -> int:
    """How many files more than before are open at most, while ``count`` clients that came at once are let in.

    They connect while the loop stands still, so all of them wait in the kernel. Raises TimeoutError when one is not
    even taken there.
    """
    with ExitStack() as clients:
        for _ in range(count):
            clients.enter_context(socket.create_connection(("127.0.0.1", port), timeout=0.5))
        before = most = files()
        # A pass of the loop each: enough to let in everybody, one by one.
        for _ in range(4 * count):
            await asyncio.sleep(0)
            most = max(most, files())
        return most - before
