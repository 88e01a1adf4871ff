"""Where the service that last ran with a data folder listens, for commands that are not told."""

import logging
from dataclasses import dataclass

from yulelight.app.settings import Settings
from yulelight.core.json_file import JsonFile

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LastRun:
    """Addresses and ports of the page and of the embedded broker."""

    http_host: str
    http_port: int
    mqtt_host: str
    mqtt_port: int


def remember(settings: Settings) -> None:
    """Stores where the service listens. Blocking."""
    http, mqtt = settings.http, settings.mqtt
    try:
        _file(settings).save(LastRun(http.host, http.port, mqtt.host, mqtt.port))
    except OSError as error:
        log.warning("cannot keep the service's port (%s); commands need --http-port", error.strerror)


def as_last_run(settings: Settings) -> Settings:
    """``settings``, with the addresses and ports of the last run unless they name others themselves. Blocking."""
    try:
        last = _file(settings).load()
    except (OSError, ValueError):
        last = None
    if last is None:
        return settings
    http = {"host": last.http_host, "port": last.http_port}
    mqtt = {"host": last.mqtt_host, "port": last.mqtt_port}
    return settings.model_copy(
        update={
            name: group.model_copy(
                update={key: value for key, value in known.items() if key not in group.model_fields_set}
            )
            for name, group, known in (("http", settings.http, http), ("mqtt", settings.mqtt, mqtt))
        }
    )


def _file(settings: Settings) -> JsonFile[LastRun]:
    return JsonFile(settings.data / "last_run.json", LastRun)
