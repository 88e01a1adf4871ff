"""Which of a machine's addresses a phone at home can open."""

from hypothesis import given
from hypothesis import strategies as st

from yulelight.app.addresses import in_url, interfaces, reachable

MACHINE = [
    ("lo", "127.0.0.1"),
    ("docker0", "172.17.0.1"),
    ("br-1f3a", "172.18.0.1"),
    ("wlan0", "192.168.178.21"),
    ("eth0", "192.168.178.20"),
    ("eth1", "169.254.7.7"),
]


def test_all_interfaces_that_others_are_in_the_usual_way_first() -> None:
    assert reachable("0.0.0.0", MACHINE, "192.168.178.20") == ["192.168.178.20", "192.168.178.21"]
    assert reachable("0.0.0.0", MACHINE) == ["192.168.178.21", "192.168.178.20"]
    assert reachable("::", MACHINE[:3]) == []


def test_a_service_for_one_address_is_found_there_and_nowhere_else() -> None:
    assert reachable("192.168.178.21", MACHINE) == ["192.168.178.21"]
    assert reachable("house.local", MACHINE) == ["house.local"]
    for host in ("127.0.0.1", "localhost", "::1"):
        assert reachable(host, MACHINE) == []


def test_an_address_with_colons_has_brackets() -> None:
    assert in_url("fd00::7") == "[fd00::7]" and in_url("192.168.1.2") == "192.168.1.2"


@given(st.ip_addresses(v=4).map(str), st.lists(st.tuples(st.text(max_size=8), st.ip_addresses(v=4).map(str))))
def test_no_address_comes_twice_and_none_is_of_this_machine_alone(
    first: str, found: list[tuple[str, str]]
) -> None:
    chosen = reachable("", found, first)
    assert len(set(chosen)) == len(chosen) and set(chosen) <= {address for _, address in found}
    assert not [address for address in chosen if address.startswith(("127.", "169.254."))]
    assert first not in chosen or chosen[0] == first


def test_this_machine_has_an_address_of_its_own() -> None:
    assert ("127.0.0.1") in {address for _, address in interfaces()}
