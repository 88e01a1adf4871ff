"""Which frames count as late."""

from hypothesis import given
from hypothesis import strategies as st

from yulelight.core.messages import Packet
from yulelight.telemetry.meter import late_frames


def packet(at: int, interval: int, count: int) -> Packet:
    return Packet(1, 0, at, interval, (bytes(8),) * count, ((False,) * 8,) * count)


@given(st.integers(0, 10**7), st.integers(1, 10**6), st.integers(1, 50), st.floats(0, 20))
def test_as_many_as_are_over(at: int, interval: int, count: int, now: float) -> None:
    grace = min(interval, 50_000)
    slow = sum(at + k * interval < now * 1e6 - grace for k in range(count))
    assert abs(late_frames(packet(at, interval, count), now) - slow) <= 1  # float rounding at the edge


def test_a_heartbeat_that_says_now_is_not_late() -> None:
    assert late_frames(packet(5_000_000, 1_000_000, 1), 5.001) == 0
    assert late_frames(packet(5_000_000, 11_610, 4), 5.03) == 2
