"""`yulelight serve`: runs the service in the foreground."""

import asyncio
import logging
import os
import sys

from yulelight.api.qr import for_terminal
from yulelight.app import last_run, library_news
from yulelight.app.build import running
from yulelight.app.music import remember
from yulelight.app.service import Service
from yulelight.app.settings import Settings
from yulelight.core.heap import settle
from yulelight.core.process import raise_file_limit
from yulelight.core.signals import stop_signal, until

log = logging.getLogger(__name__)


async def run_service(settings: Settings) -> None:
    """Runs until SIGINT or SIGTERM. Raises YulelightError if it cannot start or continue."""
    raise_file_limit()
    stop = stop_signal()
    async with running(settings) as service:
        await asyncio.to_thread(remember, settings)
        await asyncio.to_thread(last_run.remember, settings)
        await _tell_addresses(service)
        if service.mqtt is None:
            log.info("no MQTT, as the settings say: light nodes and Home Assistant's lights are not served")
        elif settings.mqtt.broker is None:
            log.info(
                "embedded broker at %s; `yulelight token --broker` shows user and password", service.broker
            )
        else:
            log.info("broker at %s, as the settings say", service.broker)
        if service.sound:
            log.info("no sound here: %s", service.sound)
        news = asyncio.create_task(
            library_news.tell(service.libraries, named=bool(settings.music), renders=settings.library.render)
        )
        settle()
        try:
            await until(stop, service.supervisor.wait())
        finally:
            news.cancel()
            await asyncio.gather(news, return_exceptions=True)
        log.info("stopping: all lights go off")


async def _tell_addresses(service: Service) -> None:
    """Shows the address of the page; with the token only in a terminal, since others may read a log."""
    watched = sys.stderr.isatty()
    token = service.token if watched else ""
    pages = await asyncio.to_thread(service.pages)
    if not pages:
        log.info(
            "the page: %s%s; phones cannot open it (--host 0.0.0.0 lets them in)", service.address, token
        )
    for page in pages:
        log.info("the page: %s%s", page, token)
    if not watched:
        log.info("`yulelight token` shows the token that opens the page")
    elif pages and os.environ.get("TERM") != "dumb":
        log.info("or point a phone's camera at this:")
        sys.stderr.write(for_terminal(pages[0] + token))
