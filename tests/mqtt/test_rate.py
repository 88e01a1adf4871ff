from hypothesis import given
from hypothesis import strategies as st

from yulelight.mqtt.rate import TokenBucket


@given(st.lists(st.floats(0, 3), min_size=1, max_size=80), st.integers(1, 50), st.integers(1, 100))
def test_no_stretch_of_time_lets_more_pass_than_burst_and_rate(
    gaps: list[float], rate: int, burst: int
) -> None:
    pace = TokenBucket(rate, burst)
    now, handled = 0.0, []
    for gap in gaps:
        now += gap
        handled.append(now + pace.wait(now))
    assert handled == sorted(handled)
    for first, begin in enumerate(handled):
        for last in range(first, len(handled)):
            count = last - first + 1
            assert count <= burst + rate * (handled[last] - begin) + 1 + 1e-6


def test_who_is_slower_than_the_rate_never_waits() -> None:
    pace = TokenBucket(rate=10.0, burst=5.0)
    assert all(pace.wait(second * 0.1) == 0.0 for second in range(1000))


def test_after_a_burst_the_rate_is_kept() -> None:
    pace = TokenBucket(rate=10.0, burst=5.0)
    assert [round(pace.wait(0.0), 3) for _ in range(8)] == [0.0] * 5 + [0.1, 0.2, 0.3]
