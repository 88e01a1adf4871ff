"""Codes that are half up become levels that are mostly dark, and no less of the sound can be read from them."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="PyTorch is not installed")

from yulelight.lab.training.sparse import Lesson, fit


def lessons(count: int = 4) -> list[Lesson]:
    rng = np.random.default_rng(1)
    mixture = rng.normal(size=(8, 20)).astype(np.float32)
    made = []
    for _ in range(count):
        held = np.repeat(rng.normal(0.5, 0.18, (200, 8)), 6, axis=0).clip(0, 1).astype(np.float32)
        loudness = rng.uniform(-30, -10, len(held)).astype(np.float32)
        made.append(Lesson(held, 10 * held @ mixture, loudness))
    return made


def test_levels_are_dark_and_can_be_read() -> None:
    songs = lessons()
    sparse = fit(songs, np.zeros(8, np.float32), epochs=40)
    codes = np.concatenate([song.codes for song in songs]).astype(np.float32)
    sound = np.concatenate([song.mel for song in songs])
    levels = sparse.levels(codes, sparse.average(codes), np.zeros(8, np.float32))
    assert (levels < 0.2).mean() > (codes < 0.2).mean() + 0.2
    x = np.c_[levels, np.ones(len(levels))]
    told = x @ np.linalg.lstsq(x, sound, rcond=None)[0]
    assert 1 - ((sound - told) ** 2).sum() / ((sound - sound.mean(0)) ** 2).sum() > 0.5
    for channel in range(8):
        assert np.corrcoef(levels[:, channel], codes[:, channel])[0, 1] > 0.4, "a channel stays what it is"
