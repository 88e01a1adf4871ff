"""Services announced on the local network (mDNS): hearing of them, and asking where they are."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

from zeroconf import InterfaceChoice, IPVersion, ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

T = TypeVar("T")

RESOLVE_MS = 3000
"""How long a service may take to say where it is."""
_MAX_WAITING = 64
"""Services that have been heard of and not been asked yet; further ones are ignored."""


@dataclass(frozen=True, slots=True)
class Announced:
    """An announced service. ``host`` is a numeric address, IPv4 if it has one; ``properties`` is its TXT record."""

    name: str
    host: str
    port: int
    properties: Mapping[str, str | None]


@asynccontextmanager
async def opened(
    interfaces: Sequence[str] | None, otherwise: InterfaceChoice = InterfaceChoice.All
) -> AsyncIterator[AsyncZeroconf]:
    """The local network, through the interfaces with these addresses; ``otherwise`` if none are given.

    Raises OSError if it cannot be used.
    """
    network = AsyncZeroconf(interfaces=list(interfaces) if interfaces else otherwise)
    try:
        yield network
    finally:
        await network.async_close()


@asynccontextmanager
async def browsing(
    network: AsyncZeroconf, service_type: str, heard: Callable[[str], None]
) -> AsyncIterator[None]:
    """Calls ``heard`` with the full name of each service of ``service_type`` that appears or changes meanwhile."""

    def changed(zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:
        if state_change is not ServiceStateChange.Removed:
            heard(name)

    browser = AsyncServiceBrowser(network.zeroconf, service_type, handlers=[changed])
    try:
        yield
    finally:
        await browser.async_cancel()


async def first(network: AsyncZeroconf, service_type: str, accept: Callable[[Announced], T | None]) -> T:
    """What ``accept`` makes of the first service of ``service_type`` for which that is not None; waits for one."""
    names: asyncio.Queue[str] = asyncio.Queue(_MAX_WAITING)

    def heard(name: str) -> None:
        if not names.full():
            names.put_nowait(name)

    async with browsing(network, service_type, heard):
        while True:
            told = await resolve(network, service_type, await names.get())
            accepted = None if told is None else accept(told)
            if accepted is not None:
                return accepted


async def resolve(network: AsyncZeroconf, service_type: str, name: str) -> Announced | None:
    """Where the service with the full name ``name`` is; None if it does not say so within ``RESOLVE_MS``."""
    info = AsyncServiceInfo(service_type, name)
    if not await info.async_request(network.zeroconf, RESOLVE_MS):
        return None
    hosts = info.parsed_scoped_addresses(IPVersion.V4Only) or info.parsed_scoped_addresses(IPVersion.All)
    if not hosts or not info.port:
        return None
    return Announced(name.removesuffix(f".{service_type}"), hosts[0], info.port, info.decoded_properties)
