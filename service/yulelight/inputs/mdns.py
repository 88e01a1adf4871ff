"""Discovery and announcement on the local network (mDNS)."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from zeroconf import Error, InterfaceChoice
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from yulelight.core import mdns
from yulelight.core.network import own_addresses

log = logging.getLogger(__name__)

PATIENCE = 5.0
"""Seconds for a discovery."""
_ASK_MS = 2000


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
    names: asyncio.Queue[str] = asyncio.Queue(32)

    def heard(name: str) -> None:
        if not names.full():
            names.put_nowait(name)

    full = f"{kind}.local."
    try:
        async with (
            asyncio.timeout(patience),
            _opened(interfaces) as opened,
            mdns.browsing(opened, full, heard),
        ):
            while True:
                told = await mdns.resolve(opened, full, await names.get(), _ASK_MS)
                if told is not None:
                    properties = {key: value for key, value in told.properties.items() if value is not None}
                    return FoundService(told.name, told.host, told.port, properties)
    except (TimeoutError, OSError, Error):
        return None


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
            opened = await held.enter_async_context(_opened(interfaces))
            held.push_async_callback(opened.async_unregister_all_services)
            await (await opened.async_register_service(info, allow_name_change=True))
        except (OSError, Error) as error:
            log.warning("%s is not announced on the network: %s", kind, error)
        yield


@asynccontextmanager
async def _opened(interfaces: Sequence[str]) -> AsyncIterator[AsyncZeroconf]:
    opened = AsyncZeroconf(interfaces=list(interfaces) or InterfaceChoice.Default)
    try:
        yield opened
    finally:
        await opened.async_close()
