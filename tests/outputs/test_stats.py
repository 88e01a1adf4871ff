from hypothesis import given
from hypothesis import strategies as st

from yulelight.outputs.stats import Skipping, TimingErrors


@given(st.lists(st.integers(-1000, 1000), max_size=300))
def test_quantiles_are_ordered_and_of_the_last_errors(errors: list[int]) -> None:
    stats = TimingErrors(size=100)
    for error in errors:
        stats.add(error)
    last = [abs(error) for error in errors[-100:]] or [0]
    assert min(last) == stats.quantile(0.0)
    assert stats.quantile(0.5) <= stats.quantile(0.99) <= max(last) == stats.quantile(1.0)


def test_the_histogram_counts_all() -> None:
    stats = TimingErrors(size=2)
    for error in (0, -250, 251, 3_000, 60_000):
        stats.add(error)
    assert stats.histogram == [2, 1, 0, 0, 1, 0, 0, 0, 0, 1]


def test_the_share_of_skipped_frames_is_that_of_the_last_seconds() -> None:
    skipping = Skipping(span=5.0)
    assert skipping.share(100.0, 0, 0) == 0
    assert skipping.share(103.0, 10, 90) == 0  # too soon to say
    assert skipping.share(105.0, 60, 140) == 0.7
    assert skipping.share(109.0, 1000, 140) == 0.7
    assert skipping.share(110.0, 1000, 140) == 0
    assert skipping.share(120.0, 1000, 140) == 0  # nothing was shown at all
