"""How codes become levels: what a model file says about it is checked, and dark stays dark."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yulelight.core.errors import ModelError
from yulelight.dsp.samples import Floats
from yulelight.encoder.catalogue import find
from yulelight.encoder.model import load
from yulelight.encoder.sparse import Sparse, parse


def some(units: int = 4) -> Sparse:
    rng = np.random.default_rng(1)

    def make(*shape: int) -> Floats:
        return np.asarray(rng.normal(size=shape), np.float32)

    return Sparse(make(8, 8), make(8), make(8, units), make(units), make(units, 8))


def test_it_comes_back_from_a_file() -> None:
    codes = np.random.default_rng(2).random((50, 8)).astype(np.float32)
    assert parse(some().to_json()).levels(codes) == pytest.approx(some().levels(codes), abs=1e-2)


@given(st.integers(0, 2**32 - 1))
def test_levels_are_levels_and_silence_is_dark(seed: int) -> None:
    codes = np.random.default_rng(seed).random((20, 8)).astype(np.float32)
    levels = some().levels(codes)
    assert levels.shape == (20, 8) and levels.min() >= 0 and levels.max() <= 1
    assert some().levels(np.zeros((1, 8), np.float32)).max() == 0


def test_one_frame_is_shown_as_all_are() -> None:
    codes = np.random.default_rng(3).random((5, 8)).astype(np.float32)
    assert some().levels(codes)[2] == pytest.approx(some().levels(codes[2]), abs=1e-6)


@pytest.mark.parametrize(
    "wrong",
    [
        "", "[]", "null", "{}", '{"direct": 1}', "x" * 300_000, "[" * 100_000,
        json.dumps(json.loads(some().to_json()) | {"bias": [0.0] * 7}),
        json.dumps(json.loads(some().to_json()) | {"bias": [1e9] * 8}),
        json.dumps(json.loads(some().to_json()) | {"bias": [float("nan")] * 8}),
        json.dumps(json.loads(some().to_json()) | {"bias": ["a"] * 8}),
        some(300).to_json(),
    ],
)  # fmt: skip
def test_anything_else_is_refused(wrong: str) -> None:
    with pytest.raises(ModelError, match=r"yulelight\.sparse"):
        parse(wrong)


def test_the_default_model_leaves_half_of_a_lit_house_dark() -> None:
    sparse = load(find("glide")).manifest.sparse
    assert sparse is not None
    codes = np.clip(np.random.default_rng(4).normal(0.5, 0.17, (4000, 8)), 0, 1).astype(np.float32)
    levels = sparse.levels(codes)
    assert 0.35 < (levels < 0.2).mean() < 0.75
    assert (levels > 0.6).mean() > 0.08
