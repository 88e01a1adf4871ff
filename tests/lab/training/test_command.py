"""`yulelight train` from folder to model, as a person would use it."""

import json
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx")

from typer.testing import CliRunner

from tests.lab.training.music import song, write
from yulelight.commands.cli import app
from yulelight.encoder import decoder
from yulelight.encoder.catalogue import bundled
from yulelight.encoder.model import load
from yulelight.lab.training.architectures import ARCHITECTURES
from yulelight.lab.training.card import CONTROLS, FIGURES, UNHEARD, WEAK, measured
from yulelight.lab.training.cards import checksum
from yulelight.lab.training.checksums import checksums


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    music = tmp_path_factory.mktemp("music")
    for seed in range(2):
        write(music / f"song{seed}.wav", 20, seed)
    return music


def test_a_model_of_ones_own_music(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "mine.onnx"
    result = CliRunner().invoke(app, ["train", str(folder), "-o", str(out), "--architecture", "glide"])
    assert result.exit_code == 0, result.output
    assert "listening to 1 of 2: song0" in result.stderr and "fitting: glide to 2 songs" in result.stderr
    assert f"yulelight serve --models {tmp_path} --model mine" in result.stderr
    encoder = load(out)
    assert encoder.manifest.licence == "private"
    text = out.with_suffix(".md").read_text()
    assert all(part in text for part in ("song0", "--architecture glide", WEAK, "explained variance"))
    rebuild = decoder.read(out)
    assert rebuild is not None
    heard = song(20, 0)
    assert rebuild.explained(encoder.encode(heard), decoder.scaled_mel(heard)) > 0.5
    assert 0.5 < encoder.manifest.metrics["explained_variance"] <= 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.decoder.npz", "mine.md", "mine.onnx"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--architecture", "magic"], "no architecture"),
        (["--loss", "magic"], "no loss"),
        (["--from", "nothing.onnx"], "cannot go on from a model"),
        (["--architecture", "dense", "--from", "nothing.onnx"], "there is no model"),
        (["--architecture", "dense", "--from", __file__], "is not a model"),
    ],
)
def test_mistakes_are_told_in_a_line(folder: Path, tmp_path: Path, arguments: list[str], says: str) -> None:
    result = CliRunner().invoke(app, ["train", str(folder), "-o", str(tmp_path / "a.onnx"), *arguments])
    assert result.exit_code != 0
    assert says in result.output
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(find_spec("torch") is None, reason="needs PyTorch")
def test_training_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from yulelight.lab.training import loop, networks

    monkeypatch.setattr(loop, "COLLAPSED", 0.0)  # three epochs are not enough to wake all channels

    songs = [np.random.default_rng(seed).random((3000, 96), np.float32) for seed in range(2)]
    recipe = loop.Recipe(epochs=3, seeds=1)

    def make() -> networks.Frames:
        return networks.Frames((96, 16, 8), "gelu", "sigmoid")

    def stop_after_one(seed: int, epoch: int, epochs: int, loss: float) -> None:
        if epoch == 2:
            raise KeyboardInterrupt

    seen: list[int] = []
    whole = loop.best(make, songs, recipe, None, lambda *_: None)
    kept = tmp_path / "checkpoint"
    with pytest.raises(KeyboardInterrupt):
        loop.best(make, songs, recipe, kept, stop_after_one)
    resumed = loop.best(make, songs, recipe, kept, lambda seed, epoch, *_: seen.append(epoch))
    assert seen == [2, 3]
    assert resumed.loss == pytest.approx(whole.loss, abs=1e-7)
    assert not list(tmp_path.iterdir())


def test_shipped_models_are_those_of_the_manifest() -> None:
    manifest = json.loads((bundled() / "manifest.json").read_text())
    assert manifest["sha256"] == checksums(bundled())
    for model in bundled().glob("*.onnx"):
        assert model.with_suffix(".md").is_file()
        assert decoder.read(model) is not None


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_cards_say_what_one_needs_to_know(name: str) -> None:
    text = (bundled() / f"{name}.md").read_text(encoding="utf-8")
    sections = {part.splitlines()[0]: part for part in text.split("\n## ")}
    assert f"--architecture {name}" in text
    assert "Licence of the weights: Apache-2.0" in text
    assert "deterministic" in text or "seed " in text
    learnt = sections["Learnt from"].splitlines()
    assert len(learnt) > 10
    assert all(cell.strip() for line in learnt[2:] for cell in line.strip("|").split("|"))
    unheard = sections[UNHEARD]
    assert all(f"| {title} | " in unheard for title, _ in FIGURES.values())
    assert all(f"{control} (control)" in unheard for control in CONTROLS if control != name)
    assert "sign flips" in unheard
    assert sections[WEAK].count("\n- ") >= 3


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_cards_hold_the_figures_measured_on_these_files(name: str) -> None:
    found = json.loads((bundled() / "measured.json").read_text(encoding="utf-8"))
    again = json.loads((bundled() / "stability.json").read_text(encoding="utf-8"))
    assert found["sha256"][name] == checksum(bundled() / f"{name}.onnx")
    text = (bundled() / f"{name}.md").read_text(encoding="utf-8")
    assert measured(text, name, ARCHITECTURES[name], found["models"], again[name]) == text


def test_a_manifest_that_is_no_text_is_told_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "manifest.csv").write_bytes(b"\xff\xfe\x00")
    result = CliRunner().invoke(app, ["train", str(tmp_path), "-o", str(tmp_path / "a.onnx")])
    assert result.exit_code != 0
    assert "not a text table" in result.output
