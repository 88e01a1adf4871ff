"""Beginnings of notes told at once: there, once each, and nowhere in what goes on."""

import numpy as np
import pytest

from yulelight.dsp.samples import Floats
from yulelight.dsp.spectrum import FRAME_RATE, RATE, SpectrumStream
from yulelight.dsp.trigger import APART, Trigger
from yulelight.lab.evaluation.latency import burst_train, bursts


def begins(samples: Floats) -> np.ndarray:
    spectrum = SpectrumStream()
    frames = np.concatenate([spectrum.push(samples), spectrum.flush()])
    return np.array(Trigger().step(frames))


@pytest.mark.parametrize("name", list(bursts()))
def test_each_sound_is_told_within_a_window(name: str) -> None:
    samples, starts = burst_train(bursts()[name], 20)
    told = np.flatnonzero(begins(samples)) / FRAME_RATE
    after = told[np.searchsorted(told, starts[2:] - 0.015)] - starts[2:]
    assert (after < 0.025).all()
    assert len(told) < 2.5 * len(starts)


def test_a_steady_sound_begins_once() -> None:
    t = np.arange(5 * RATE) / RATE
    tone = (0.4 * np.sin(2 * np.pi * 440 * t)).astype(np.float32)
    found = np.flatnonzero(begins(np.concatenate([np.zeros(RATE, np.float32), tone])))
    assert 1 <= len(found[found < len(t)]) <= 3
    assert ((found > 1.2 * FRAME_RATE) & (found < 5.8 * FRAME_RATE)).sum() == 0


def test_silence_begins_nothing_and_two_never_come_at_once() -> None:
    assert not begins(np.zeros(RATE, np.float32)).any()
    noise = np.random.default_rng(1).standard_normal(4 * RATE).astype(np.float32)
    noise *= np.repeat(np.random.default_rng(2).random(400), RATE // 100)
    found = np.flatnonzero(begins(noise))
    assert len(found) > 5
    assert np.diff(found).min() >= APART * FRAME_RATE - 1


def test_frames_may_come_in_any_pieces() -> None:
    frames = np.abs(np.random.default_rng(3).normal(size=(300, 513))).astype(np.float32)
    frames *= np.repeat(np.random.default_rng(4).random(30), 10)[:, None].astype(np.float32)
    whole, pieces = Trigger(), Trigger()
    assert whole.step(frames) == [b for part in np.array_split(frames, 37) for b in pieces.step(part)]
