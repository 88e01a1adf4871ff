"""The places of a port: whoever shows the secret keeps its place, and no crowd of others takes it all."""

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yulelight.core.address import network_of
from yulelight.core.connections import Connection, ConnectionLimits, Connections

LIMITS = ConnectionLimits(total=6, by_address=4, strangers=4, strangers_by_address=2)


class Crowd:
    """Clients at a port, and which of them were hung up on."""

    def __init__(self) -> None:
        self.places = Connections("the test", LIMITS, clock=lambda: 0.0)
        self.here: list[Connection] = []
        self.closed: list[Connection] = []

    def come(self, address: str) -> Connection | None:
        holder: list[Connection] = []
        place = self.places.add(address, lambda: self._close(holder[0]))
        if place:
            holder.append(place)
            self.here.append(place)
        return place

    def _close(self, place: Connection) -> None:
        self.here.remove(place)
        self.closed.append(place)

    def leave(self, index: int) -> None:
        if self.here:
            self.here.pop(index % len(self.here)).leave()

    def sign_in(self, index: int) -> None:
        if self.here:
            self.here[index % len(self.here)].known()


steps = st.lists(st.tuples(st.sampled_from(["come", "leave", "sign in"]), st.integers(0, 7)), max_size=60)


@given(steps)
def test_the_limits_hold_and_nobody_known_is_hung_up_on(steps: list[tuple[str, int]]) -> None:
    crowd = Crowd()
    for step, number in steps:
        before = list(crowd.here)
        match step:
            case "come":
                known_before = [place for place in before if not place.stranger]
                crowd.come(f"10.0.0.{number % 3}")
                assert [place for place in crowd.here if place in known_before] == known_before
            case "leave":
                crowd.leave(number)
            case "sign in":
                crowd.sign_in(number)
        assert len(crowd.places) == len(crowd.here)
        addresses = {place.network for place in crowd.here}
        if step == "come":
            strangers = [place for place in crowd.here if place.stranger]
            assert len(crowd.here) <= 6
            assert len(strangers) <= 4
            newcomer = f"10.0.0.{number % 3}"
            assert sum(place.network == newcomer for place in crowd.here) <= 4 or newcomer not in addresses
            assert sum(place.network == newcomer for place in strangers) <= 2
    assert all(place.stranger for place in crowd.closed)


def test_the_oldest_stranger_of_the_same_address_makes_room() -> None:
    crowd = Crowd()
    elsewhere = crowd.come("10.0.0.9")
    first, second = crowd.come("10.0.0.1"), crowd.come("10.0.0.1")
    third = crowd.come("10.0.0.1")
    assert crowd.closed == [first]
    assert crowd.here == [elsewhere, second, third]


def test_who_comes_when_all_are_known_is_refused() -> None:
    crowd = Crowd()
    for _ in range(4):
        place = crowd.come("10.0.0.1")
        assert place is not None
        place.known()
    assert crowd.come("10.0.0.1") is None
    assert crowd.come("10.0.0.2") is not None
    assert crowd.places.refused == 1


def test_a_crowd_is_one_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    crowd = Crowd()
    for _ in range(500):
        crowd.come("10.0.0.1")
    assert [record.getMessage() for record in caplog.records] == [
        "the test: too many connections, the latest from 10.0.0.1; those that have not signed in are closed first"
    ]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.168.1.7", "192.168.1.7"),
        ("::ffff:192.168.1.7", "192.168.1.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        (None, "?"),
        ("nonsense", "?"),
    ],
)
def test_what_counts_as_one_client(address: str | None, network: str) -> None:
    assert network_of(address) == network
