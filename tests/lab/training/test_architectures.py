"""Every architecture gives a model that keeps the contract, whole songs and frame by frame alike."""

import itertools
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from tests.lab.training.music import song
from yulelight.core.errors import UsageError
from yulelight.encoder.model import load
from yulelight.lab.training.architectures import ARCHITECTURES, Options, Task
from yulelight.lab.training.dataset import Track
from yulelight.lab.training.graph import Description, write

TRACK = Track(Path("a.ogg"), "A", "B", "CC0-1.0", "train")
FITTED = [name for name, one in ARCHITECTURES.items() if not one.network]
NETWORKS = [name for name, one in ARCHITECTURES.items() if one.network]
WITH_TORCH = pytest.mark.skipif(find_spec("torch") is None, reason="needs PyTorch")


@pytest.fixture(scope="module")
def music() -> list[np.ndarray]:
    return [song(16, seed) for seed in range(3)]


@pytest.fixture
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets networks pass that had no time to wake all their channels."""
    from yulelight.lab.training import loop

    monkeypatch.setattr(loop, "COLLAPSED", 0.0)


def trained(name: str, music: list[np.ndarray], path: Path, **more: object) -> Path:
    options = Options(epochs=1, seeds=1, **more.pop("options", {}))  # type: ignore[arg-type]
    fitted = ARCHITECTURES[name].fit(Task(music, options, lambda *_: None, **more))  # type: ignore[arg-type]
    write(path, fitted.graph, Description("test", "CC0-1.0", [TRACK], {"x": 1}))
    return path


def check(path: Path, unheard: np.ndarray) -> np.ndarray:
    encoder = load(path)
    assert encoder.manifest.training_set == "A by B (CC0-1.0)"
    levels = encoder.encode(unheard)
    stream = encoder.stream()
    cuts = [0, 1, 2, 7, 300, len(unheard)]
    steps = [stream.step(unheard[a:b]) for a, b in itertools.pairwise(cuts)]
    assert np.concatenate(steps) == pytest.approx(levels, abs=1e-4)
    return levels


@pytest.mark.parametrize("name", FITTED)
def test_fitted(name: str, music: list[np.ndarray], tmp_path: Path) -> None:
    levels = check(trained(name, music, tmp_path / "a.onnx"), song(10, 9))
    assert levels.std(axis=0).min() > 0.02
    again = trained(name, music, tmp_path / "b.onnx")
    assert again.read_bytes() == (tmp_path / "a.onnx").read_bytes()


@WITH_TORCH
@pytest.mark.usefixtures("brief")
@pytest.mark.parametrize("name", NETWORKS)
def test_networks(name: str, music: list[np.ndarray], tmp_path: Path) -> None:
    first = trained(name, music, tmp_path / "a.onnx")
    check(first, song(5, 9))
    check(trained(name, music, tmp_path / "b.onnx", start=first), song(5, 9))
    other = trained("bands", music, tmp_path / "c.onnx")
    with pytest.raises(UsageError, match="is no"):
        trained(name, music, tmp_path / "d.onnx", start=other)


@WITH_TORCH
@pytest.mark.usefixtures("brief")
def test_the_blogs_own_experiment(music: list[np.ndarray], tmp_path: Path) -> None:
    blog = {"loss": "bce", "per_bin": True}
    check(trained("dense", music, tmp_path / "a.onnx", options=blog), song(5, 9))


@pytest.mark.parametrize("name", ["mel", "glide"])
def test_silence_is_dark(name: str, music: list[np.ndarray], tmp_path: Path) -> None:
    assert load(trained(name, music, tmp_path / "a.onnx")).rest.max() < 0.01


def test_silence_reads_the_same_in_every_channel_of_wide(music: list[np.ndarray], tmp_path: Path) -> None:
    """At once, and after music."""
    encoder = load(trained("wide", music, tmp_path / "a.onnx"))
    assert encoder.rest == pytest.approx(np.full(8, 0.2), abs=0.01)
    after = encoder.encode(np.concatenate([music[0][:100], np.zeros((60, 513), np.float32)]))
    assert after[-1] == pytest.approx(encoder.rest, abs=1e-3)


def test_glide_keeps_still_between_onsets(music: list[np.ndarray], tmp_path: Path) -> None:
    """Against the same code without the gate, a steady tremble moves the levels less."""
    path = trained("glide", music, tmp_path / "a.onnx")
    rng = np.random.default_rng(0)
    steady = np.tile(music[0][200], (200, 1)) * (1 + 0.05 * rng.normal(size=(200, 513)))
    levels = load(path).encode(np.abs(steady).astype(np.float32))[20:]
    still = load(trained("mel", music, tmp_path / "b.onnx")).encode(np.abs(steady).astype(np.float32))[20:]
    assert np.abs(np.diff(levels, axis=0)).mean() < np.abs(np.diff(still, axis=0)).mean()
