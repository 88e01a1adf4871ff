"""A voice head in the graph of an encoder tells what it tells outside, and the encoder what it told before."""

import shutil
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

pytest.importorskip("onnx", reason="the [train] extra is not installed")

from yulelight.encoder.catalogue import find
from yulelight.encoder.model import load
from yulelight.lab.voices.head import SEEN, Head
from yulelight.lab.voices.joining import join
from yulelight.lab.voices.mixing import filters


def head(seed: int) -> Head:
    rng = np.random.default_rng(seed)
    into, offset, out = (rng.normal(0, 0.2, shape).astype(np.float32) for shape in ((SEEN, 6), 6, (6, 1)))
    return Head(into, offset, out, np.zeros(1, np.float32))


def spectra(frames: int) -> np.ndarray:
    quiet = np.random.default_rng(2).uniform(-4.5, -0.5, (frames, 513))
    return (10**quiet).astype(np.float32)


@pytest.mark.parametrize("name", ["pca", "glide"])
def test_it_tells_the_same_in_the_graph_and_levels_stay(tmp_path: Path, name: str) -> None:
    path = Path(shutil.copy(find(name), tmp_path))
    before = load(path)
    join(path, head(0), 1, ["one"])
    join(path, head(1), 6, ["one", "two"])  # replaces the first
    props = onnxruntime.InferenceSession(path).get_modelmeta().custom_metadata_map
    assert props["yulelight.voice_training_set"] == "one; two"
    after = load(path)
    assert (before.manifest.voice_channel, after.manifest.voice_channel) == (None, 5)
    song = spectra(400)
    assert np.array_equal(after.encode(song), before.encode(song))
    stream = after.stream()
    voice = np.concatenate([stream.hear(part).voice for part in np.split(song, [1, 2, 130])])
    known = head(1).voice(10 * np.log10(np.square(song) @ filters()))
    assert voice[:, 0] == pytest.approx(known, abs=1e-5)
    assert known.std() > 0.005


def test_what_is_heard_later_changes_nothing() -> None:
    song = 10 * np.log10(np.square(spectra(300)) @ filters())
    assert head(3).voice(song)[:200] == pytest.approx(head(3).voice(song[:200]), abs=1e-6)
