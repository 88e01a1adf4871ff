"""When live frames show, with and without moments from the input."""

from hypothesis import given
from hypothesis import strategies as st

from yulelight.player.moments import Moments

HOP, RATE = 512, 44_100


@given(st.lists(st.floats(0, 0.05), min_size=1, max_size=200))
def test_without_moments_nothing_is_dropped_early_or_out_of_order(pauses: list[float]) -> None:
    moments, now, last = Moments(0.0), 0.0, -1.0
    for pause in pauses:
        now += pause
        moments.block(HOP, None, now)
        at = moments.next(now)
        assert at is not None and at >= now and at > last
        last = at


def test_a_sender_that_falls_behind_moves_the_pace_on() -> None:
    moments = Moments(0.0)
    moments.block(2 * HOP, None, 0.0)
    assert moments.next(3.0) == 3.0
    after = moments.next(3.0)
    assert after is not None and abs(after - 3.0 - HOP / RATE) < 1e-9


@given(st.floats(1, 30), st.lists(st.integers(1, 4000), min_size=1, max_size=50))
def test_moments_are_kept_however_the_sound_is_cut(ahead: float, cuts: list[int]) -> None:
    moments, sample, k = Moments(0.0), 0, 0
    for cut in cuts:
        moments.block(cut, ahead + sample / RATE, 0.0)
        sample += cut
        while (k + 1) * HOP <= sample:
            at = moments.next(0.0)
            assert at is not None and abs(at - ahead - k * HOP / RATE) < 1e-6
            k += 1


def test_what_is_too_late_for_its_moment_is_dropped_and_the_rest_is_not_shifted() -> None:
    moments = Moments(0.0)
    moments.block(100 * HOP, 10.0, 0.0)
    assert moments.next(10.4) is None
    assert moments.next(10.0 + HOP / RATE + 0.02) == 10.0 + HOP / RATE + 0.02
    third = moments.next(10.0)
    assert third is not None and abs(third - 10.0 - 2 * HOP / RATE) < 1e-9
