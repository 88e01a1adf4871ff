"""Discovery and announcement on the local network (mDNS)."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from zeroconf import Error, InterfaceChoice
from zeroconf.asyncio import AsyncServiceInfo

from yulelight.core import mdns
from yulelight.core.network import own_addresses

log = logging.getLogger(__name__)

PATIENCE = 5.0
"""Seconds for a discovery."""


@dataclass(frozen=True, slots=True)
class FoundService:
    """The address of a server. ``properties``: its TXT record."""

    name: str
    host: str
    port: int
    properties: Mapping[str, str]


async def find(kind: str, interfaces: Sequence[str] = (), patience: float = PATIENCE) -> FoundService | None:
    """The first server of ``kind`` (such as "_snapcast._tcp") that answers within ``patience`` seconds, or None.

    ``interfaces``: addresses of those to ask on; all without.
    """
    try:
        async with asyncio.timeout(patience), mdns.opened(interfaces, InterfaceChoice.Default) as network:
            return await mdns.first(network, f"{kind}.local.", _server)
    except (TimeoutError, OSError, Error):
        return None


def _server(told: mdns.Announced) -> FoundService:
    properties = {key: value for key, value in told.properties.items() if value is not None}
    return FoundService(told.name, told.host, told.port, properties)


@asynccontextmanager
async def announced(
    kind: str, name: str, port: int, properties: Mapping[str, str], interfaces: Sequence[str] = ()
) -> AsyncIterator[None]:
    """Announces ``name`` for as long as the context is open; without a usable network it goes without."""
    full = f"{kind}.local."
    info = AsyncServiceInfo(
        full,
        f"{name}.{full}",
        parsed_addresses=list(interfaces) or await own_addresses(),
        port=port,
        properties=dict(properties),
        server=f"{name}.local.",
    )
    async with AsyncExitStack() as held:
        try:
            network = await held.enter_async_context(mdns.opened(interfaces, InterfaceChoice.Default))
            held.push_async_callback(network.async_unregister_all_services)
            await (await network.async_register_service(info, allow_name_change=True))
        except (OSError, Error) as error:
            log.warning("%s is not announced on the network: %s", kind, error)
        yield
