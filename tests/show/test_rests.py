"""Where a song breathes: in gaps between notes, before one of them, and not all the time."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from yulelight.show.rests import rests
from yulelight.show.stretches import cut

RATE = 86.13


def planned(events: list[int], loudness: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    stretches = cut(events, len(loudness), RATE, 0.15)
    return rests(stretches, events, loudness), stretches.starts / RATE, stretches.ends / RATE


def test_the_quiet_gap_before_a_note_is_a_rest() -> None:
    events = [k * 30 for k in range(50)] + [1600 + k * 30 for k in range(50)]
    loudness = np.full(3200, -15, np.float32)
    loudness[1480:1600] = -35
    found, starts, ends = planned(events, loudness)
    assert found.any()
    assert starts[found].min() > 1470 / RATE + 0.1
    assert abs(ends[found].max() - 1600 / RATE) < 0.02


def test_dense_music_has_no_rests() -> None:
    events = list(range(0, 5000, 20))
    found, _, _ = planned(events, np.full(5000, -15, np.float32))
    assert not found.any()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 5999), unique=True, max_size=120).map(sorted), st.integers(0, 1000))
def test_rests_are_long_enough_and_few(events: list[int], seed: int) -> None:
    loudness = np.random.default_rng(seed).uniform(-40, -10, 6000).astype(np.float32)
    found, starts, ends = planned(events, loudness)
    edges = np.flatnonzero(np.diff(np.r_[0, found.astype(int), 0]))
    begins, finishes = starts[edges[::2]], ends[edges[1::2] - 1]
    assert len(begins) <= 6000 / RATE / 60 * 4 + 1
    assert (finishes - begins > 0.3).all()
    assert (np.diff(begins) >= 4.9).all()
    notes = np.array(events) / RATE
    assert all(np.abs(notes - finish).min() < 0.02 for finish in finishes)
