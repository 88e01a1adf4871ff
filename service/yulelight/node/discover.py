"""Finds the service on the local network: zeroconf ``_yulelight._tcp.local.``.

TXT keys: ``id``, ``version``, ``api`` (schema), ``name`` (for people), ``mqtt`` (the broker's port) and, when the
broker is on another machine than the service, ``mqtt_host``.
"""

import asyncio
from dataclasses import dataclass

from yulelight.core import mdns
from yulelight.core.errors import NetworkError
from yulelight.mqtt.topics import is_id

SERVICE_TYPE = "_yulelight._tcp.local."


@dataclass(frozen=True, slots=True)
class FoundService:
    """An announced service. ``host`` and ``port`` are those of its HTTP API."""

    id: str
    name: str
    host: str
    port: int
    broker_host: str
    broker_port: int


async def find_service(
    timeout: float = 5.0, interfaces: list[str] | None = None, service: str | None = None
) -> FoundService:
    """The first service found, or the one with the id ``service``.

    ``interfaces``: addresses of the network interfaces to use; None for all. Raises NetworkError if none is found
    within ``timeout`` seconds, or the network cannot be queried.
    """

    def wanted(told: mdns.Announced) -> FoundService | None:
        found = _usable(told)
        return found if found and service in (None, found.id) else None

    try:
        async with asyncio.timeout(timeout), mdns.opened(interfaces) as network:
            return await mdns.first(network, SERVICE_TYPE, wanted)
    except TimeoutError:
        named = f"service {service}" if service else "service"
        raise NetworkError(
            f"no Yulelight {named} was found on this network; is it running? "
            "Otherwise say where its broker is: --broker mqtt://user:password@host:port"
        ) from None
    except OSError as error:
        raise NetworkError(
            f"the network cannot be searched ({error}); say --broker mqtt://host:port"
        ) from None


def _usable(told: mdns.Announced) -> FoundService | None:
    """``told`` as a service, unless its announcement does not name a service and its broker."""
    text = {key: value or "" for key, value in told.properties.items()}
    identity, broker_port = text.get("id", ""), text.get("mqtt", "")
    if not is_id(identity):
        return None
    if not (broker_port.isascii() and broker_port.isdigit() and 0 < int(broker_port[:6]) < 65536):
        return None
    return FoundService(
        id=identity,
        name=text.get("name") or identity,
        host=told.host,
        port=told.port,
        broker_host=text.get("mqtt_host") or told.host,
        broker_port=int(broker_port),
    )
