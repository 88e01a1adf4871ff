import pytest

from yulelight.core.reach import Reach, nearby, within

PUBLIC = ["1.1.1.1", "8.8.8.8", "172.15.0.1", "172.32.0.1", "192.169.0.1", "100.128.0.1", "2606:4700::1111"]
LAN = ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "fd12:3456::1"]
MACHINE = ["127.0.0.1", "127.255.0.9", "::1", "169.254.169.254", "fe80::1", "fe80::1%eth0"]
NEVER = ["0.0.0.0", "::", "224.0.0.1", "239.255.255.250", "ff02::1", "", "localhost", "1.2.3", "0x7f000001"]
DISGUISED = [
    "::ffff:127.0.0.1",
    "::ffff:192.168.1.1",
    "2002:7f00:1::",
    "2002:c0a8:101::1",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
]
RESERVED = [
    "192.0.2.1",
    "198.51.100.7",
    "203.0.113.9",
    "198.18.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "2001:db8::1",
]


@pytest.mark.parametrize(
    ("addresses", "reaches"),
    [
        (PUBLIC, {"public", "lan", "any"}),
        (LAN, {"lan", "any"}),
        (MACHINE, {"any"}),
        (NEVER, set()),
    ],
)
def test_what_is_reached(addresses: list[str], reaches: set[Reach]) -> None:
    for address in addresses:
        for reach in ("public", "lan", "any"):
            assert within(address, reach) == (reach in reaches), (address, reach)


@pytest.mark.parametrize("address", DISGUISED + RESERVED)
def test_what_only_looks_public_is_not(address: str) -> None:
    assert not within(address, "public")


def test_who_is_nearby() -> None:
    near = ["10.0.0.1", "172.31.255.255", "192.168.1.1", "fd12:3456::1", "::ffff:192.168.1.1", *MACHINE]
    far = ["100.64.0.1", "64:ff9b::a00:1", "2002:c0a8:101::1", "::ffff:8.8.8.8", *PUBLIC, *NEVER, *RESERVED]
    assert [address for address in near if not nearby(address)] == []
    assert [address for address in far if nearby(address)] == []
    assert not nearby(None)
