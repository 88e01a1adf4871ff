import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from yulelight.core.errors import NetworkError
from yulelight.node.discover import SERVICE_TYPE, FoundService, find_service

LOOPBACK = ["127.0.0.1"]


@pytest.fixture
async def network() -> AsyncIterator[AsyncZeroconf]:
    zeroconf = AsyncZeroconf(interfaces=LOOPBACK)
    yield zeroconf
    await zeroconf.async_unregister_all_services()
    await zeroconf.async_close()


async def announce(network: AsyncZeroconf, text: dict[str, str]) -> None:
    name = f"yulelight-{text['id'].lower().strip('!')}"
    info = AsyncServiceInfo(
        SERVICE_TYPE,
        f"{name}.{SERVICE_TYPE}",
        addresses=[socket.inet_aton("127.0.0.1")],
        port=8770,
        properties=text,
        server=f"{name}.local.",
    )
    await (await network.async_register_service(info))


async def test_services_are_found_by_what_they_announce(network: AsyncZeroconf) -> None:
    here = {"id": "find-1", "name": "Our house", "mqtt": "1884", "version": "1", "api": "1", "mqtt_host": ""}
    elsewhere = {"id": "find-2", "mqtt": "1883", "mqtt_host": "broker.example"}
    nonsense = [{"id": "NO!", "mqtt": "1883"}, {"id": "no-port"}, {"id": "bad-port", "mqtt": "99999"}]
    await asyncio.gather(*(announce(network, text) for text in (here, elsewhere, *nonsense)))
    assert await find_service(20.0, LOOPBACK, "find-1") == FoundService(
        "find-1", "Our house", "127.0.0.1", 8770, "127.0.0.1", 1884
    )
    found = await find_service(20.0, LOOPBACK, "find-2")
    assert (found.broker_host, found.name) == ("broker.example", "find-2")
    for service in ("no-port", "bad-port"):
        with pytest.raises(NetworkError, match=f"service {service} was found.*--broker"):
            await find_service(0.5, LOOPBACK, service)
