"""The announcement, heard by a real zeroconf client on the loopback interface."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from yulelight.actors import Ref, Supervisor
from yulelight.app.announcer import Announcement, Announcer
from yulelight.node.discover import SERVICE_TYPE, find_service

LOOPBACK = ["127.0.0.1"]


@pytest.fixture
async def supervisor() -> AsyncIterator[Supervisor]:
    async with Supervisor() as opened:
        yield opened


async def announce(supervisor: Supervisor, id: str, name: str = "Test House") -> tuple[Ref[None], Announcer]:
    made: list[Announcer] = []

    def factory() -> Announcer:
        made.append(Announcer(Announcement(id, name, 8770, 1883), LOOPBACK))
        return made[-1]

    ref = supervisor.start(factory, f"announcer {id}")
    await supervisor.started(ref)
    return ref, made[0]


async def heard(name: str) -> AsyncServiceInfo | None:
    zeroconf = AsyncZeroconf(interfaces=LOOPBACK)
    try:
        info = AsyncServiceInfo(SERVICE_TYPE, f"{name}.{SERVICE_TYPE}")
        return info if await info.async_request(zeroconf.zeroconf, 1500) else None
    finally:
        await zeroconf.async_close()


async def test_a_client_learns_all_it_needs(supervisor: Supervisor) -> None:
    await announce(supervisor, "abc123")
    info = await heard("Test House")
    assert info is not None
    text = info.decoded_properties
    assert (text["id"], text["api"], text["name"], text["mqtt"]) == ("abc123", "1", "Test House", "1883")
    assert text["version"]
    assert info.port == 8770
    assert info.parsed_addresses() == LOOPBACK


async def test_a_node_finds_it(supervisor: Supervisor) -> None:
    await announce(supervisor, "findme")
    found = await find_service(timeout=10, interfaces=LOOPBACK, service="findme")
    assert (found.id, found.broker_host, found.broker_port) == ("findme", "127.0.0.1", 1883)


async def test_a_second_house_of_the_same_name_takes_another(supervisor: Supervisor) -> None:
    await announce(supervisor, "first", "Same")
    _, second = await announce(supervisor, "second", "Same")
    assert second.name == "Same-2"
    first, other = await asyncio.gather(heard("Same"), heard("Same-2"))
    assert first is not None and first.decoded_properties["id"] == "first"
    assert other is not None and other.decoded_properties["id"] == "second"


async def test_a_name_that_no_record_may_have_is_made_fit(supervisor: Supervisor) -> None:
    _, announcer = await announce(supervisor, "odd", "Odd\n\0House. No 1")
    assert announcer.name == "Odd  House  No 1"


async def test_it_is_withdrawn_on_stop(supervisor: Supervisor) -> None:
    ref, _ = await announce(supervisor, "gone", "Leaving")
    assert await heard("Leaving") is not None
    await supervisor.stop(ref)
    assert await heard("Leaving") is None


async def test_without_a_network_the_service_goes_on(supervisor: Supervisor) -> None:
    ref = supervisor.start(lambda: Announcer(Announcement("x", "X", 1, 2), ["203.0.113.9"]), "nowhere")
    await supervisor.started(ref)
    assert ref.alive
