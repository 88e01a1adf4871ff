"""Finds the service on the local network: zeroconf ``_yulelight._tcp.local.``.

TXT keys: ``id``, ``version``, ``api`` (schema), ``name`` (for people), ``mqtt`` (the broker's port) and, when the
broker is on another machine than the service, ``mqtt_host``.
"""

import asyncio
from dataclasses import dataclass

from zeroconf import InterfaceChoice
from zeroconf.asyncio import AsyncZeroconf

from yulelight.core import mdns
from yulelight.core.errors import NetworkError
from yulelight.mqtt.topics import is_id

SERVICE_TYPE = "_yulelight._tcp.local."
_RESOLVE_MS = 3000
_MAX_FOUND = 64


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
    try:
        zeroconf = AsyncZeroconf(interfaces=interfaces or InterfaceChoice.All)
    except OSError as error:
        raise NetworkError(
            f"the network cannot be searched ({error}); say --broker mqtt://host:port"
        ) from None
    names: asyncio.Queue[str] = asyncio.Queue(_MAX_FOUND)

    def heard(name: str) -> None:
        if not names.full():
            names.put_nowait(name)

    try:
        async with asyncio.timeout(timeout), mdns.browsing(zeroconf, SERVICE_TYPE, heard):
            while True:
                found = await _resolve(zeroconf, await names.get())
                if found and service in (None, found.id):
                    return found
    except TimeoutError:
        wanted = f"service {service}" if service else "service"
        raise NetworkError(
            f"no Yulelight {wanted} was found on this network; is it running? "
            "Otherwise say where its broker is: --broker mqtt://user:password@host:port"
        ) from None
    finally:
        await zeroconf.async_close()


async def _resolve(zeroconf: AsyncZeroconf, name: str) -> FoundService | None:
    told = await mdns.resolve(zeroconf, SERVICE_TYPE, name, _RESOLVE_MS)
    if told is None:
        return None
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
