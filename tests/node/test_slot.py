"""Orders on their way to the thread of the pins."""

import threading
import time

import pytest

from yulelight.node.drivers import slot as drivers_slot
from yulelight.node.drivers.slot import Closed, Slot


def soon(seconds: float) -> float:
    return time.monotonic() + seconds


class Clock:
    """Every look at it takes a hundredth of a second, however long the machine stands still between two."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        self.now += 0.01
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """What slots go by."""
    made = Clock()
    monkeypatch.setattr(drivers_slot, "time", made)
    return made


def test_what_is_put_first_is_taken_once() -> None:
    slot = Slot("first")
    assert slot.take(0.0) == "first"
    assert slot.take(0.0) is None
    slot.again()
    slot.again()
    assert slot.take(0.0) == "first"
    assert slot.take(0.0) is None


def test_each_is_taken_at_its_moment(clock: Clock) -> None:
    slot, due = Slot("first"), [clock.now + 0.05, clock.now + 0.1]
    slot.take(0.0)
    for n, when in enumerate(due):
        slot.put(str(n), when)
    for n, when in enumerate(due):
        assert slot.take(10.0) == str(n)
        assert clock.now >= when


def test_of_several_that_are_due_the_newest_is_taken() -> None:
    slot = Slot("first")
    for n in (3, 2, 1):
        slot.put(str(n), time.monotonic() - n)
    assert slot.take(0.0) == "1"
    assert slot.take(0.0) is None


@pytest.mark.parametrize("due", [0.0, 0.02])
def test_what_is_to_be_taken_sooner_replaces_what_comes_after_it(clock: Clock, due: float) -> None:
    slot = Slot("first")
    slot.take(0.0)
    slot.put("a", clock.now + 0.03)
    slot.put("b", clock.now + 0.06)
    slot.put("c", clock.now + due if due else 0.0)
    assert slot.take(10.0) == "c"
    assert slot.take(0.1) is None


def test_what_comes_before_stays(clock: Clock) -> None:
    slot = Slot("first")
    slot.take(0.0)
    later = clock.now + 0.06
    slot.put("a", clock.now + 0.02)
    slot.put("b", later)
    slot.put("c", later)
    assert [slot.take(10.0), slot.take(10.0), slot.take(0.05)] == ["a", "c", None]


def test_a_thread_that_waits_is_woken() -> None:
    slot, got = Slot("first"), []
    slot.take(0.0)

    def work() -> None:
        try:
            while True:
                got.append(slot.take(60.0))
        except Closed:
            got.append("closed")

    thread = threading.Thread(target=work)
    thread.start()
    slot.put("far", soon(1000.0))
    time.sleep(0.05)
    slot.put("now")
    while not got:
        time.sleep(0.001)
    slot.close()
    thread.join(10.0)
    assert got == ["now", "closed"]
