"""A node whose event loop hangs for seconds when it gets SIGUSR1: python -m tests.node.hang --config node.toml."""

import asyncio
import signal
import sys
import time
from typing import Any

from yulelight.node import __main__ as program
from yulelight.node import run

SECONDS = 6.0
_run_node = run.run_node


async def run_and_hang(*args: Any, **options: Any) -> None:
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, time.sleep, SECONDS)
    await _run_node(*args, **options)


if __name__ == "__main__":
    vars(program)["run_node"] = run_and_hang
    sys.exit(program.main())
