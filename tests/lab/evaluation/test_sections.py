"""Boundaries that are heard, and how well shown ones fit them."""

import numpy as np
import pytest

pytest.importorskip("mir_eval", reason="the [evaluate] extra is not installed")

from yulelight.lab.evaluation.sections import boundary_match, heard_boundaries

RATE = 43.0


def test_boundaries_where_the_character_changes() -> None:
    kinds = np.random.default_rng(3).standard_normal((3, 25))
    frames = np.repeat(kinds, round(20 * RATE), axis=0)
    frames += 0.1 * np.random.default_rng(4).standard_normal(frames.shape)
    assert heard_boundaries(frames, RATE) == pytest.approx([20, 40], abs=0.6)


def test_short_music_has_none() -> None:
    assert len(heard_boundaries(np.random.default_rng(1).random((200, 25)), RATE)) == 0


def test_matches_within_the_window() -> None:
    heard = np.array([20.0, 40.0, 60.0])
    assert boundary_match(heard, heard, 0.5) == 1
    assert boundary_match(heard, heard + 2, 0.5) == 0
    assert boundary_match(heard, heard + 2, 3.0) == 1
    assert boundary_match(heard, heard[:1], 0.5) == pytest.approx(0.5)
    assert boundary_match(heard, np.empty(0), 3.0) == 0
    assert np.isnan(boundary_match(np.empty(0), heard, 3.0))
