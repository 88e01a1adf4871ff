"""A show that does not last is started again, after a while that grows to five minutes."""

from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from yulelight.schedule.retries import Retries

SHOW, OTHER = ("nightly", date(2026, 12, 24)), ("nightly", date(2026, 12, 25))


def waits(retries: Retries, now: float) -> float:
    """Seconds until the show may be started, to a hundredth."""
    step = 0
    while retries.too_soon(SHOW, now + step / 100):
        step += 1
    return step / 100


@given(st.lists(st.floats(0.0, 50.0), min_size=2, max_size=10), st.booleans())
def test_the_delay_doubles_up_to_five_minutes(lasted: list[float], refused: bool) -> None:
    retries, now, delays = Retries(), 1000.0, []
    for seconds in lasted:
        retries.start(SHOW, now)
        if refused:
            retries.failed()
        delays.append(waits(retries, now))
        now += max(seconds, delays[-1])
    first = 5.0 if refused else 0.0
    assert delays[0] == first
    for before, delay in pairwise(delays):
        assert abs(delay - min(300.0, max(5.0, 2 * before))) < 0.02


def test_a_show_that_lasted_and_another_show_begin_at_once() -> None:
    retries = Retries()
    retries.start(SHOW, 0.0)
    retries.failed()
    assert retries.too_soon(SHOW, 4.9) and not retries.too_soon(OTHER, 4.9)
    retries.start(SHOW, 66.0)  # a minute after it was allowed again
    assert not retries.too_soon(SHOW, 66.0)
