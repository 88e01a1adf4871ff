"""Services announced on the local network (mDNS): hearing of them, and asking where they are."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from zeroconf import IPVersion, ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf


@dataclass(frozen=True, slots=True)
class Announced:
    """An announced service. ``host`` is a numeric address, IPv4 if it has one; ``properties`` is its TXT record."""

    name: str
    host: str
    port: int
    properties: Mapping[str, str | None]


@asynccontextmanager
async def browsing(
    opened: AsyncZeroconf, service_type: str, heard: Callable[[str], None]
) -> AsyncIterator[None]:
    """Calls ``heard`` with the full name of each service of ``service_type`` that appears or changes meanwhile."""

    def changed(zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:
        if state_change is not ServiceStateChange.Removed:
            heard(name)

    browser = AsyncServiceBrowser(opened.zeroconf, service_type, handlers=[changed])
    try:
        yield
    finally:
        await browser.async_cancel()


async def resolve(opened: AsyncZeroconf, service_type: str, name: str, patience_ms: int) -> Announced | None:
    """Where the service with the full name ``name`` is; None if it does not say so within ``patience_ms``."""
    info = AsyncServiceInfo(service_type, name)
    if not await info.async_request(opened.zeroconf, patience_ms):
        return None
    hosts = info.parsed_scoped_addresses(IPVersion.V4Only) or info.parsed_scoped_addresses(IPVersion.All)
    if not hosts or not info.port:
        return None
    return Announced(name.removesuffix(f".{service_type}"), hosts[0], info.port, info.decoded_properties)
