"""WLED devices on the local network, by mDNS: ``_wled._tcp.local.``; and the resolution of .local names."""

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import aiohttp
from zeroconf import (  # type: ignore[attr-defined]  # the resolver is public, but not marked so
    AddressResolver,
    IPVersion,
)
from zeroconf.asyncio import AsyncZeroconf

from yulelight.core import mdns
from yulelight.core.errors import NetworkError
from yulelight.core.text import plain
from yulelight.outputs.wled.answers import Device
from yulelight.outputs.wled.client import WledClient

SERVICE_TYPE = "_wled._tcp.local."
MAX_DEVICES = 256


@dataclass(frozen=True, slots=True)
class Announced:
    """A device's announcement."""

    name: str
    host: str
    """A numeric address."""
    port: int


async def find(seconds: float = 3.0, interfaces: list[str] | None = None) -> list[Announced]:
    """All devices found within ``seconds``, by name. ``interfaces``: local addresses to use; None for all.

    Raises NetworkError if the network cannot be queried.
    """
    names: set[str] = set()

    def heard(name: str) -> None:
        if len(names) < MAX_DEVICES:
            names.add(name)

    async with _network(interfaces) as network:
        async with mdns.browsing(network, SERVICE_TYPE, heard):
            await asyncio.sleep(seconds)
        found = await asyncio.gather(*(_resolve(network, name) for name in sorted(names)))
    return sorted((one for one in found if one), key=lambda one: (one.name, one.host))


@dataclass(frozen=True, slots=True)
class Found:
    """A device that was found, and its configuration; ``problem`` if it does not answer."""

    announced: Announced
    device: Device | None
    problem: str = ""


async def survey(seconds: float = 3.0, interfaces: list[str] | None = None) -> list[Found]:
    """As ``find``, with the configuration of each device."""
    announced = await find(seconds, interfaces)
    connector = aiohttp.TCPConnector(limit=8, force_close=True)
    async with aiohttp.ClientSession(connector=connector, trust_env=False) as session:
        return list(await asyncio.gather(*(_asked(session, one) for one in announced)))


async def _asked(session: aiohttp.ClientSession, one: Announced) -> Found:
    try:
        return Found(one, await WledClient(session, one.host, one.port).device())
    except NetworkError as error:
        return Found(one, None, str(error))


async def numeric(host: str, interfaces: list[str] | None = None) -> str:
    """The address of ``host``, from the system's resolver or, for .local, by mDNS. Raises NetworkError."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_DGRAM)
        return str(found[0][4][0])
    except (OSError, UnicodeError):
        if not host.endswith(".local"):
            raise NetworkError(f"there is no {host} in this network; check host") from None
    async with _network(interfaces) as network:
        resolver = AddressResolver(f"{host}.")
        if await resolver.async_request(network.zeroconf, mdns.RESOLVE_MS):
            addresses = resolver.parsed_scoped_addresses(IPVersion.V4Only)
            if addresses:
                return addresses[0]
    raise NetworkError(f"there is no {host} in this network; is it on? Its numeric address always works")


@asynccontextmanager
async def _network(interfaces: list[str] | None) -> AsyncIterator[AsyncZeroconf]:
    async with AsyncExitStack() as held:
        try:
            network = await held.enter_async_context(mdns.opened(interfaces))
        except OSError as error:
            raise NetworkError(f"the network cannot be searched: {error}") from None
        yield network


async def _resolve(network: AsyncZeroconf, name: str) -> Announced | None:
    told = await mdns.resolve(network, SERVICE_TYPE, name)
    return None if told is None else Announced(plain(told.name[:64]), told.host, told.port)
