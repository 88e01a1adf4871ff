"""`yulelight serve`: the service in the foreground, until it is told to stop."""

import asyncio
import logging
import sys

from yulelight.app.build import running
from yulelight.app.music import remember
from yulelight.app.settings import Settings
from yulelight.core.process import raise_file_limit
from yulelight.core.signals import stop_signal, until

log = logging.getLogger(__name__)


async def run_service(settings: Settings) -> None:
    """Serves until SIGINT or SIGTERM; raises YulelightError when it cannot, or cannot any longer."""
    raise_file_limit()
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
