"""Sections: boundaries where the character changes, and nowhere in what does not change."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yulelight.analysis.sections import boundaries

RATE = 86.13


def part(seconds: float, level: np.ndarray, seed: int) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0, 0.03, (int(seconds * RATE), 8))
    return (level + noise).astype(np.float32)


def test_finds_the_changes_of_a_song() -> None:
    quiet = np.array([0.1, 0.1, 0.2, 0.1, 0.6, 0.7, 0.1, 0.1])
    loud = np.array([0.9, 0.8, 0.7, 0.9, 0.3, 0.2, 0.8, 0.9])
    song = np.concatenate([part(20, quiet, 1), part(25, loud, 2), part(15, quiet, 3), part(30, loud, 4)])
    found = boundaries(song, RATE)
    assert found[0] == 0.0
    for change in (20, 45, 60):
        assert min(abs(change - s) for s in found) <= 1.0
    assert len(found) <= 6


@pytest.mark.parametrize("frames", [0, 1, 40, 200])
def test_short_songs_are_one_section(frames: int) -> None:
    assert boundaries(np.zeros((frames, 8), np.float32), RATE) == [0.0]


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 60))
def test_sections_are_in_order_and_apart(seed: int, seconds: int) -> None:
    codes = np.random.default_rng(seed).random((int(seconds * RATE), 8)).astype(np.float32)
    found = boundaries(codes, RATE)
    assert found[0] == 0.0
    assert all(b - a >= 7.9 for a, b in pairwise(found))
    assert found[-1] < max(seconds, 1)


def test_a_section_begins_where_it_gets_suddenly_louder() -> None:
    """Whatever the codes, which stay the same, say."""
    codes = part(60, np.full(8, 0.5), 1)
    loudness = np.full(len(codes), -30.0, np.float32)
    loudness[int(5 * RATE) : int(41.5 * RATE)] = -14.0
    found = boundaries(codes, RATE, loudness=loudness)
    for change in (5, 41.5):
        assert min(abs(change - s) for s in found) <= 0.1
    even = boundaries(codes, RATE, loudness=np.full(len(codes), -20.0, np.float32))
    assert even == boundaries(codes, RATE)
