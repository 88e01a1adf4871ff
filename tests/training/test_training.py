"""The parts of the training that need no PyTorch: splitting, calibration, measures, export."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yulelight.encoder.model import load
from yulelight.errors import UsageError
from yulelight.training import measure
from yulelight.training.calibrate import calibrate, centroids
from yulelight.training.dataset import Track, read_manifest, scale, split, trim
from yulelight.training.export import Description, export

TRACK = Track(Path("a.ogg"), "A", "B", "CC0-1.0", "train")


def random(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 1, shape).astype(np.float32)


@given(st.lists(st.integers(0, 9000), min_size=1, max_size=4))
@settings(max_examples=30, deadline=None)
def test_split_loses_and_repeats_nothing(lengths: list[int]) -> None:
    numbers = iter(range(sum(lengths)))
    songs = [np.array([next(numbers) for _ in range(n)], np.float32).reshape(-1, 1) for n in lengths]
    learn, stop = split(songs)  # type: ignore[arg-type]
    assert sorted([*learn[:, 0], *stop[:, 0]]) == list(range(sum(lengths)))
    assert len(stop) <= sum(lengths) / 5 + 431 * len(lengths)


def test_trim_keeps_pauses_and_drops_ends() -> None:
    song = np.zeros((10, 513), np.float32)
    song[[3, 6], 40] = 0.1
    assert len(trim(song)) == 4
    assert len(trim(np.zeros((10, 513), np.float32))) == 0


def test_scaling_is_fixed() -> None:
    assert scale(np.array([-200.0, -80.0, -40.0, 0.0, 12.0])) == pytest.approx([0, 0, 0.5, 1, 1])


def test_manifest_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read"):
        read_manifest(tmp_path)
    (tmp_path / "manifest.csv").write_text("file,title\nx.ogg,X\n")
    with pytest.raises(UsageError, match="lacks the column"):
        read_manifest(tmp_path)


def test_manifest_cannot_name_files_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "manifest.csv").write_text("file,title,artist,licence,role\n../../x.ogg,X,Y,CC0-1.0,train\n")
    assert [track.path for track in read_manifest(tmp_path)] == [tmp_path / "x.ogg"]


def bumps(code: np.ndarray) -> np.ndarray:
    """A decoder whose channel c lifts the bins around 20 * (8 - c)."""
    bins = np.arange(200)
    return np.asarray(
        sum(code[:, [c]] * np.exp(-(((bins - 20 * (8 - c)) / 5) ** 2)) for c in range(8)), np.float32
    )


def test_channels_are_ordered_by_what_they_decode_to() -> None:
    drive = random(4000, 8)
    assert list(np.argsort(centroids(drive, bumps))) == list(range(7, -1, -1))
    assert list(calibrate(drive, random(4000, seed=1), bumps).order) == list(range(7, -1, -1))


def test_louder_is_brighter_and_no_level_sticks() -> None:
    loudness = random(4000, seed=1)
    drive = random(4000, 8) * 0.1 + loudness[:, None] * [1, -1, 1, -1, 1, -1, 1, -1] + 30
    calibration = calibrate(drive.astype(np.float32), loudness, bumps)
    levels = calibration.levels(drive)
    assert measure.correlations(levels, loudness).min() > 0.8
    assert np.quantile(levels, 0.05) == pytest.approx(0.12, abs=0.01)
    assert np.quantile(levels, 0.95) == pytest.approx(0.88, abs=0.01)


def test_principal_components_explain_what_they_span() -> None:
    frames = random(500, 3) @ random(3, 20, seed=1) + 5
    mean, basis = measure.components(frames, 3)
    explained = measure.explained({"song": frames}, mean, measure.projection(mean, basis))
    assert explained == {"song": pytest.approx(1, abs=1e-3), "all": pytest.approx(1, abs=1e-3)}


def test_equal_channels_count_as_one() -> None:
    one = random(1000, 1)
    assert measure.participation(np.repeat(one, 8, axis=1)) == pytest.approx(1, abs=0.01)
    assert measure.participation(random(5000, 8)) == pytest.approx(8, abs=0.2)
    assert measure.mean_correlation(np.repeat(one, 8, axis=1)) == pytest.approx(1, abs=1e-3)


def test_exported_file_keeps_the_contract_and_answers_as_the_network(tmp_path: Path) -> None:
    sizes = (513, 16, 8)
    layers = [(random(b, a, seed=a) / np.sqrt(a), random(b, seed=b)) for a, b in pairwise(sizes)]
    magnitudes = (10 ** np.random.default_rng(3).uniform(-6, 1, (300, 513))).astype(np.float32)
    drive = (
        np.tanh(scale(20 * np.log10(magnitudes)) @ layers[0][0].T + layers[0][1]) @ layers[1][0].T
        + layers[1][1]
    )
    calibration = calibrate(drive, random(300), bumps)
    path = tmp_path / "model.onnx"
    export(path, layers, calibration, Description("test", "CC0-1.0", [TRACK], {"x": 1}))
    encoder = load(path)
    assert encoder.encode(magnitudes) == pytest.approx(calibration.levels(drive), abs=1e-4)
    assert encoder.manifest.training_set == "A by B (CC0-1.0)"
    assert encoder.manifest.metrics == {"x": 1}
    again = tmp_path / "again.onnx"
    export(again, layers, calibration, Description("test", "CC0-1.0", [TRACK], {"x": 1}))
    assert again.read_bytes() == path.read_bytes()
