"""Waiting for the signals that end a program."""

import asyncio
import contextlib
import faulthandler
import os
import signal
import sys
import threading
import time
from collections.abc import Coroutine
from types import FrameType
from typing import Any

DEADLINE = 15.0
"""Seconds from the first signal to the end of the process. Less than a service manager waits before it kills."""
_EXIT_LATE = 1
"""Exit status of a process that did not end in time."""


def stop_signal(deadline: float | None = DEADLINE) -> asyncio.Event:
    """An event that is set by the first SIGINT or SIGTERM, so that the lights are turned off before the process ends.

    If the process still runs ``deadline`` seconds later, because the loop hangs or a thread never ends, it prints the
    stacks of its threads to standard error and exits.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def told(number: int, frame: FrameType | None) -> None:
        # Python calls this between two instructions of the main thread, even when the event loop is blocked.
        if deadline is not None and not stop.is_set():
            threading.Thread(target=_end_after, args=(deadline,), name="deadline", daemon=True).start()
        with contextlib.suppress(RuntimeError):  # the loop is closed: the process is already ending
            loop.call_soon_threadsafe(stop.set)

    for number in (signal.SIGINT, signal.SIGTERM):
        # Handlers of the loop itself would wait for the loop; this only wakes it up.
        loop.add_signal_handler(number, stop.set)
        signal.signal(number, told)
    return stop


async def until(
    stop: asyncio.Event, *works: Coroutine[Any, Any, object], timeout: float | None = None
) -> None:
    """Waits for ``stop`` or the first of ``works``, at most ``timeout`` seconds. Raises the error of that work."""
    tasks: list[asyncio.Task[object]] = [asyncio.create_task(work) for work in (stop.wait(), *works)]
    done, pending = await asyncio.wait(tasks, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    for task in done:
        task.result()


def _end_after(seconds: float) -> None:
    time.sleep(seconds)
    with contextlib.suppress(Exception):
        sys.stderr.write(f"yulelight: not stopped within {seconds:g} s; ending now\n")
        faulthandler.dump_traceback()
    os._exit(_EXIT_LATE)
