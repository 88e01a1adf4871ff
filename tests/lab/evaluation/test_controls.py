"""Noise in the place of the codes must not look like an encoder; nothing but codes tells the two apart."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

pytest.importorskip("librosa", reason="the [evaluate] extra is not installed")

from yulelight.app.settings import Settings
from yulelight.encoder.catalogue import find
from yulelight.encoder.model import load
from yulelight.lab.evaluation.controls import CONTROLS, noise, shifted
from yulelight.lab.evaluation.evaluate import evaluate
from yulelight.lab.evaluation.systems import systems
from yulelight.show.look import LIVELY

RATE = 44_100


def band(seed: int, seconds: int = 24) -> np.ndarray:
    """A bass, a melody, chords and a hi-hat, each of which plays in some bars and is silent in others: (n,)."""
    random, sound = np.random.default_rng(seed), np.zeros(seconds * RATE)
    times = np.arange(RATE // 4) / RATE
    parts = {"bass": (55, 110, 0.5), "chords": (260, 520, 0.15), "melody": (900, 1800, 0.15)}
    for beat in range(seconds * 4):
        if beat % 8 == 0:
            plays = {name: random.random() < 0.6 for name in (*parts, "hat")}
        at = slice(beat * RATE // 4, beat * RATE // 4 + len(times))
        for name, (low, high, loud) in parts.items():
            if plays[name] and random.random() < 0.7:
                pitch = low * (high / low) ** random.random()
                tone = sum(np.sin(2 * np.pi * pitch * k * times) / k for k in (1, 2, 3))
                sound[at] += loud * tone * np.exp(-times / 0.15)
        if plays["hat"]:
            sound[at] += 0.1 * random.standard_normal(len(times)) * np.exp(-times / 0.03)
    made: np.ndarray = sound / np.abs(sound).max() * 0.8
    return made


def test_noise_fails_where_the_encoder_succeeds(tmp_path: Path) -> None:
    songs = []
    for seed in range(4):
        songs.append(tmp_path / f"{seed}.flac")
        soundfile.write(songs[-1], band(seed), RATE)
    encoder = load(find(Settings().model))
    means = evaluate(songs, systems(encoder, {"lively": LIVELY}, {}, controls=CONTROLS)).means()
    assert means["lively"].cross > 0.5
    assert means["lively"].sw_cross > 0.2
    for name in CONTROLS:
        assert means[name].cross < 0.1, name
        assert means[name].sw_cross < 0.1, name


def test_noise_moves_as_codes_do() -> None:
    codes = np.random.default_rng(1).random((4000, 8)).astype(np.float32) * np.linspace(
        0.2, 0.8, 8, dtype=np.float32
    )
    made = noise(codes)
    assert made.shape == codes.shape and made.min() >= 0 and made.max() <= 1
    assert made.mean(0) == pytest.approx(codes.mean(0), abs=0.1)
    assert np.abs(np.atleast_2d(np.corrcoef(made.T))[np.triu_indices(8, 1)]).max() < 0.15


@pytest.mark.parametrize(("frames", "late"), [(6000, 2584), (100, 50), (1, 0)])
def test_shifted_codes_come_late(frames: int, late: int) -> None:
    codes = np.arange(frames, dtype=np.float32)[:, None]
    assert np.array_equal(shifted(codes)[late:], codes[: frames - late])
