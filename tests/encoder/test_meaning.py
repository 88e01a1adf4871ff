"""What states mean is checked when a model file brings it."""

import json

import numpy as np
import pytest

from yulelight.core.errors import ModelError
from yulelight.encoder.catalogue import find
from yulelight.encoder.meaning import Meaning, parse
from yulelight.encoder.model import load
from yulelight.encoder.sparse import Average


def some() -> Meaning:
    rng = np.random.default_rng(3)
    square = [rng.normal(size=(8, 8)).astype(np.float32) for _ in range(3)]
    usual, lags = rng.random(8).astype(np.float32), rng.normal(size=(48, 8)).astype(np.float32)
    return Meaning(square[0], square[1], square[2], usual, lags, square[0].T)


def test_it_comes_back_from_a_file() -> None:
    came = parse(some().to_json())
    for name in ("sound", "now", "leaky", "usual", "lags", "at_once"):
        assert getattr(came, name) == pytest.approx(getattr(some(), name), abs=1e-5)


def test_the_sound_of_a_louder_song_with_a_larger_range_is_the_same() -> None:
    codes = np.random.default_rng(4).random((30, 8)).astype(np.float32)
    mean = codes.mean(0)
    one = some().sound_of(codes, Average(mean, 0.04))
    other = some().sound_of(3 * codes + 0.1, Average(3 * mean + np.float32(0.1), 0.36))
    assert other == pytest.approx(one, abs=1e-3)
    assert one.mean(0) == pytest.approx(np.zeros(8), abs=1e-4)


@pytest.mark.parametrize(
    "wrong",
    [
        "", "[]", "null", "{}", '{"now": 1}', "x" * 300_000, "[" * 100_000,
        json.dumps(json.loads(some().to_json()) | {"usual": [0.0] * 7}),
        json.dumps(json.loads(some().to_json()) | {"usual": [float("nan")] * 8}),
        json.dumps(json.loads(some().to_json()) | {"usual": ["a"] * 8}),
        json.dumps(json.loads(some().to_json()) | {"now": [[1e9] * 8] * 8}),
    ],
)  # fmt: skip
def test_anything_else_is_refused(wrong: str) -> None:
    with pytest.raises(ModelError, match=r"yulelight\.meaning"):
        parse(wrong)


def test_the_default_model_says_what_its_lights_mean() -> None:
    """Each light says most of what its own channel follows: where it is on, the reading puts its channel higher."""
    manifest = load(find("wide")).manifest
    assert manifest.meaning is not None and manifest.sparse is not None
    own = np.linalg.pinv(manifest.meaning.sound.T) @ (manifest.meaning.now + manifest.meaning.leaky)
    assert (np.abs(own).argmax(0) == np.arange(8)).sum() >= 6
    assert manifest.meaning.usual.min() > 0.2 and manifest.meaning.usual.max() < 0.45
