"""The scripts that make the default model run from a folder of music to a show, as a stranger would use them."""

import csv
import runpy
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

pytest.importorskip("torch", reason="PyTorch is not installed")

from tests.lab.training.music import write
from yulelight.commands.cli import app
from yulelight.encoder.model import load
from yulelight.show.render import render

SCRIPTS = Path(__file__).resolve().parents[3] / "scripts"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    music = tmp_path / "music"
    music.mkdir()
    names = [write(music / f"{seed}.wav", 15, seed).name for seed in range(2)]
    with (music / "manifest.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["file", "title", "artist", "licence", "role"])
        rows.writerows([[name, f"Song {name}", "-", "CC0-1.0", "train"] for name in names])
    return music


def test_the_default_model_is_trained_made_sparse_and_lights_a_song(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "wide.onnx"
    result = CliRunner().invoke(app, ["train", str(folder), "-o", str(out), "--architecture", "wide"])
    assert result.exit_code == 0, result.output
    plain = load(out)
    assert plain.manifest.sparse is None
    monkeypatch.setattr(sys, "argv", ["sparse.py", str(folder), str(out), "--epochs", "1"])
    runpy.run_path(str(SCRIPTS / "sparse.py"), run_name="__main__")
    monkeypatch.setattr(sys, "argv", ["meaning.py", str(folder), str(out)])
    runpy.run_path(str(SCRIPTS / "meaning.py"), run_name="__main__")
    made = load(out)
    assert made.manifest.sparse is not None and made.manifest.meaning is not None
    assert made.manifest.training_set == plain.manifest.training_set
    show = render(folder / "0.wav", made)
    assert len(show.levels) > 15 * 80
    assert show.levels.std(0).min() > 0
