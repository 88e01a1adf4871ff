from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yulelight.actors import Backoff, Intensity


@given(
    initial=st.floats(0.001, 10),
    extra=st.floats(0, 100),
    factor=st.floats(1, 1e6),
    count=st.integers(1, 400),
)
def test_backoff_grows_by_its_factor_up_to_its_maximum(
    initial: float, extra: float, factor: float, count: int
) -> None:
    backoff = Backoff(initial, initial + extra, factor)
    delays = list(islice(backoff, count))
    assert delays[0] == initial
    for before, after in pairwise(delays):
        assert after == pytest.approx(min(before * factor, backoff.maximum))
        assert before <= after <= backoff.maximum


def test_backoff_begins_anew_with_each_iteration() -> None:
    backoff = Backoff(1, 8, 2)
    assert list(islice(backoff, 5)) == [1, 2, 4, 8, 8]
    assert next(iter(backoff)) == 1


@pytest.mark.parametrize(("initial", "maximum", "factor"), [(-1, 1, 2), (2, 1, 2), (1, 2, 0.5)])
def test_backoff_refuses_nonsense(initial: float, maximum: float, factor: float) -> None:
    with pytest.raises(ValueError, match="must have"):
        Backoff(initial, maximum, factor)


@given(
    gaps=st.lists(st.integers(0, 20), max_size=60),
    max_restarts=st.integers(0, 6),
    window=st.integers(1, 30),
)
def test_intensity_is_what_a_full_count_says(gaps: list[int], max_restarts: int, window: int) -> None:
    intensity = Intensity(max_restarts, window)
    now, counted = 0, list[int]()
    for gap in gaps:
        now += gap
        allowed = sum(now - time < window for time in counted) < max_restarts
        assert intensity.allows(now) == allowed
        if allowed:
            counted.append(now)


@pytest.mark.parametrize(("max_restarts", "window"), [(-1, 1.0), (1, 0.0)])
def test_intensity_refuses_nonsense(max_restarts: int, window: float) -> None:
    with pytest.raises(ValueError, match="not a limit"):
        Intensity(max_restarts, window)
