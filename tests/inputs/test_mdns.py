"""Servers on the network, with zeroconf itself on both sides, on this machine alone."""

import pytest

from yulelight.inputs.mdns import announced, find

LOOPBACK = ["127.0.0.1"]


async def test_what_is_announced_is_found_until_it_is_withdrawn() -> None:
    async with announced("_yule-test._tcp", "kitchen", 4711, {"path": "/x"}, LOOPBACK):
        found = await find("_yule-test._tcp", LOOPBACK, patience=20)
        assert found is not None
        assert (found.name, found.host, found.port, found.properties) == (
            "kitchen",
            "127.0.0.1",
            4711,
            {"path": "/x"},
        )
    assert await find("_yule-test._tcp", LOOPBACK, patience=0.5) is None


@pytest.mark.parametrize("address", ["192.0.2.77"])
async def test_a_network_that_is_not_there_is_no_failure(address: str) -> None:
    async with announced("_yule-test._tcp", "kitchen", 4711, {}, [address]):
        assert await find("_yule-test._tcp", [address], patience=1.0) is None
