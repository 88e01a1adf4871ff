"""`yulelight serve`: the service in the foreground, until it is told to stop."""

import asyncio
import logging
import signal
import sys
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # a light node imports this module, and has no need of pydantic
    from yulelight.app.settings import Settings

log = logging.getLogger(__name__)


async def run_service(settings: "Settings") -> None:
    """Serves until SIGINT or SIGTERM; raises YulelightError when it cannot, or cannot any longer."""
    # Here, because a light node imports this module and has no numpy.
    from yulelight.app.build import running
    from yulelight.app.music import remember

    stop = stop_signal()
    async with running(settings) as service:
        await asyncio.to_thread(remember, settings)
        # A log is read by more people than a terminal: the token stays out of it.
        shown = service.page if sys.stderr.isatty() else service.page.partition("#")[0]
        log.info("the page: %s (`yulelight token` shows the token)", shown)
        where = "embedded broker" if settings.mqtt.broker is None else "broker"
        log.info("%s at %s; `yulelight token --broker` shows user and password", where, service.broker)
        if service.sound:
            log.info("no sound here: %s", service.sound)
        await until(stop, service.supervisor.wait())
        log.info("stopping: all lights go off")


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
