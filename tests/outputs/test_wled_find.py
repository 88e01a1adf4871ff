"""WLED devices found over mDNS, by a real responder on the loopback interface."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from tests.outputs.wled_double import Wled, segment
from yulelight.core.errors import NetworkError
from yulelight.outputs.wled.find import numeric, survey

LOOPBACK = ["127.0.0.1"]


@pytest.fixture
async def network() -> AsyncIterator[AsyncZeroconf]:
    zeroconf = AsyncZeroconf(interfaces=LOOPBACK)
    yield zeroconf
    await zeroconf.async_unregister_all_services()
    await zeroconf.async_close()


async def announce(network: AsyncZeroconf, name: str, port: int) -> None:
    info = AsyncServiceInfo(
        "_wled._tcp.local.", f"{name}._wled._tcp.local.", addresses=[socket.inet_aton("127.0.0.1")],
        port=port, properties={"mac": "8813bf0455f0"}, server=f"{name}.local.",
    )  # fmt: skip
    await (await network.async_register_service(info))


async def test_devices_are_found_and_asked(network: AsyncZeroconf) -> None:
    async with Wled(90, [segment(0, 0, 40, "Door"), segment(1, 40, 90)]) as device:
        await announce(network, "wled-porch-9f", device.http_port)
        await announce(network, "wled-dead-9f", 9)
        for _ in range(5):  # a busy machine may answer late
            found = {one.announced.name: one for one in await survey(3.0, LOOPBACK)}
            if {"wled-porch-9f", "wled-dead-9f"} <= found.keys():
                break
    porch, dead = found["wled-porch-9f"], found["wled-dead-9f"]
    assert porch.announced.host == "127.0.0.1" and porch.device is not None
    assert porch.device.info.leds.count == 90 and [one.n for one in porch.device.state.seg] == ["Door", ""]
    assert dead.device is None and "does not answer" in dead.problem


async def test_a_local_name_is_known_without_the_system(network: AsyncZeroconf) -> None:
    await announce(network, "wled-named-9f", 80)
    assert await asyncio.wait_for(numeric("wled-named-9f.local", LOOPBACK), 60) == "127.0.0.1"
    assert await numeric("192.0.2.4") == "192.0.2.4"
    for nobody in ("wled-nobody-9f.local", "nobody.invalid"):
        with pytest.raises(NetworkError, match="there is no"):
            await numeric(nobody, LOOPBACK)
