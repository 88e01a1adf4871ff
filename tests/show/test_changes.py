"""Switching with foresight: events, fairness between channels, and the promises of the relays."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.show.test_flash import flashes
from yulelight.show.changes import Relays, events, fair, scores
from yulelight.show.look import LIVELY

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


def test_fair_puts_a_quiet_channel_beside_a_loud_one() -> None:
    rng = np.random.default_rng(3)
    levels = rng.random((3000, 2)).astype(np.float32) * np.array([1.0, 0.1], np.float32)
    even = fair(levels, np.ones(3000, bool))
    assert abs(float(even[:, 0].mean() - even[:, 1].mean())) < 0.03
    assert np.array_equal(fair(levels, np.zeros(3000, bool)), levels)


def test_scores_look_ahead_to_the_next_event() -> None:
    footing = np.zeros((200, 2), np.float32)
    footing[50:90, 0] = 1.0
    footing[90:, 1] = 1.0
    first, second = scores(footing, [50, 90], RATE, LIVELY.reach)
    assert first[0] > 1.0 > first[1]
    assert second[1] > 1.0 > second[0]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.0, 1.0), st.integers(1, 30))
def test_relays_keep_times_and_the_flash_limit_whatever_they_are_fed(
    seed: int, swing: float, every: int
) -> None:
    rng = np.random.default_rng(seed)
    relays, since, shown = Relays.dark(LIVELY, 8), [-9.0] * 8, []
    for k in range(500):
        now, before = k / RATE, list(relays.on)
        level = np.clip(0.5 + swing * (rng.random(8) - 0.5) + (0.5 if (k // every) % 2 else -0.5), 0, 1)
        score = level.tolist() if k % every == 0 else None
        relays.step(now, level.tolist(), score, audible=bool(k % 170 < 150))
        for c in range(8):
            if relays.on[c] != before[c]:
                assert now - since[c] >= min(LIVELY.minimum) - 1e-9
                assert score is not None or not relays.on[c], "came on between events"
                since[c] = now
        shown.append(sum(relays.on) / 8)
    # Silence may darken the house at any time, as blackout may; the limit itself holds.
    assert flashes(np.arange(500) / RATE, shown) <= 3
