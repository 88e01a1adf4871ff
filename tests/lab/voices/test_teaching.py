"""The head learns, and the script that teaches it runs from a folder of music to a model."""

import csv
import runpy
import shutil
import sys
import wave
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="PyTorch is not installed")

from tests.encoder.test_voices import separator
from tests.lab.training.music import samples, write
from yulelight.encoder.catalogue import find
from yulelight.encoder.model import load
from yulelight.lab.voices.mixing import Sound, mixed
from yulelight.lab.voices.teaching import fit

SCRIPTS = Path(__file__).resolve().parents[3] / "scripts"
RATE = 44100


def singing(seconds: int, seed: int) -> np.ndarray:
    """(n,): a tone with vibrato and overtones, in phrases of a second."""
    rng = np.random.default_rng(seed)
    times = np.arange(seconds * RATE) / RATE
    pitch = np.repeat(rng.uniform(200, 500, seconds), RATE) * (1 + 0.02 * np.sin(2 * np.pi * 5.5 * times))
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    on = np.repeat(rng.random(seconds) < 0.6, RATE)
    return np.asarray(0.2 * on * sum(np.sin(k * phase) / k for k in range(1, 7)), np.float32)


def test_it_tells_a_voice_that_it_has_not_heard() -> None:
    voices = [Sound.of(singing(25, seed)) for seed in range(4)]
    others = [Sound.of(samples(25, seed)) for seed in range(4)]
    order = np.random.default_rng(1)
    head = fit(lambda: mixed(voices[:3], others[:3], order), draws=2, epochs=6)
    lessons = [mixed(voices[3:], others[3:], order) for _ in range(40)]
    told = np.concatenate([head.voice(one.decibels)[100:] for one in lessons])
    sung = np.concatenate([one.voice[100:] for one in lessons])
    assert np.corrcoef(told, sung)[0, 1] > 0.5


def test_the_script_goes_from_a_folder_of_music_to_a_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    songs, stems = tmp_path / "songs", tmp_path / "stems"
    songs.mkdir()
    stems.mkdir()
    write(songs / "a.wav", 12, 1)
    write(songs / "b.wav", 12, 2)
    with (songs / "manifest.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["file", "title", "artist", "licence", "role"])
        rows.writerows([[name, "-", "-", "CC0-1.0", "train"] for name in ("a.wav", "b.wav")])
    with wave.open(str(stems / "voice.wav"), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes((singing(20, 9) * 32767).astype("<i2").tobytes())
    model = Path(shutil.copy(find("pca"), tmp_path))
    teacher = separator(tmp_path / "pca.voices.onnx", most=0.0)
    before = model.read_bytes()
    words = [
        "voice_head.py",
        str(songs),
        str(model),
        "--separator",
        str(teacher),
        "--draws",
        "1",
        "--epochs",
        "1",
    ]
    monkeypatch.setattr(sys, "argv", words)
    with pytest.raises(SystemExit, match="nobody sings in"):
        runpy.run_path(str(SCRIPTS / "voice_head.py"), run_name="__main__")
    assert model.read_bytes() == before
    monkeypatch.setattr(sys, "argv", [*words, "--stems", str(stems), "--channel", "4"])
    runpy.run_path(str(SCRIPTS / "voice_head.py"), run_name="__main__")
    assert "heard 2 songs" in capsys.readouterr().err
    made = load(model)
    assert made.manifest.voice_channel == 3
    assert made.stream().hear(np.full((5, 513), 0.01, np.float32)).voice.shape == (5, 1)
