"""When lights may come on, and how a song is cut between."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from yulelight.show.changes import events
from yulelight.show.look import LIVELY
from yulelight.show.stretches import BREATH, Begin, cut

RATE = 86.13
NEAR, APART = 0.07 * RATE, LIVELY.apart * RATE
frames_lists = st.lists(st.integers(0, 2000), max_size=80).map(lambda x: sorted(set(x)))


@given(frames_lists, frames_lists)
def test_events_are_in_order_apart_and_near_an_onset_or_beat(onsets: list[int], beats: list[int]) -> None:
    found = events(onsets, beats, NEAR, APART)
    assert all(b - a >= APART for a, b in pairwise(found))
    assert set(found) <= {*onsets, *beats}
    for onset in onsets:
        assert any(0 <= onset - f < APART for f in found)


def test_a_beat_near_an_onset_is_not_an_event_of_its_own() -> None:
    assert events([100, 200], [103, 150, 198], NEAR, APART) == [100, 150, 200]


@given(frames_lists, st.integers(1, 3000), st.sampled_from([0.15, 0.3, None]))
def test_stretches_cover_the_song_and_begin_at_every_event(
    at: list[int], frames: int, within: float | None
) -> None:
    stretches = cut(at, frames, RATE, within)
    assert stretches.starts[0] == 0
    assert (np.diff(stretches.starts) > 0).all()
    assert stretches.ends[-1] == frames
    on = stretches.starts[stretches.begins == Begin.ON].tolist()
    assert on == [e for e in at if e < frames]
    assert stretches.seconds.max() <= 2 * (within or BREATH) + 0.02
    values = np.random.default_rng(0).random((frames, 3))
    means = stretches.means(values)
    assert np.allclose((means * stretches.seconds[:, None]).sum(0) * RATE, values.sum(0))
    assert stretches.spread(np.ones((len(stretches.starts), 2), bool)).shape == (frames, 2)


def test_without_events_light_may_still_come_on_now_and_then() -> None:
    stretches = cut([], 1000, RATE, 0.15)
    free = stretches.starts[stretches.begins == Begin.ANY] / RATE
    assert free[0] == 0
    assert np.diff(free).min() > 1.5
    assert np.diff(free).max() < 2.5
