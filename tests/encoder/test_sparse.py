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
from yulelight.encoder.sparse import Average, Hearing, Sparse, parse

REST = np.full(8, 0.2, np.float32)


def some(units: int = 4) -> Sparse:
    rng = np.random.default_rng(1)

    def make(*shape: int) -> Floats:
        return np.asarray(rng.normal(size=shape), np.float32)

    decode = make(9, 5)
    return Sparse(
        make(8, 8),
        make(8),
        make(8, units),
        make(units),
        make(units, 8),
        np.asarray(decode @ decode.T, np.float32),
        np.ones(9, np.float32),
    )


def codes(seed: int, count: int = 50) -> Floats:
    return np.random.default_rng(seed).random((count, 8)).astype(np.float32)


def test_it_comes_back_from_a_file() -> None:
    came = parse(some().to_json())
    heard = codes(2)
    levels = some().levels(heard, some().average(heard), REST)
    assert came.levels(heard, came.average(heard), REST) == pytest.approx(levels, abs=1e-2)


@given(st.integers(0, 2**32 - 1))
def test_levels_are_levels_and_silence_is_dark(seed: int) -> None:
    heard = codes(seed, 20)
    average = some().average(heard)
    levels = some().levels(heard, average, REST)
    assert levels.shape == (20, 8) and levels.min() >= 0 and levels.max() <= 1
    assert some().levels(REST, average, REST).max() == 0


@given(st.floats(0.3, 3), st.floats(-0.2, 0.2))
def test_a_song_of_other_loudness_or_range_is_lit_the_same(scale: float, offset: float) -> None:
    """What counts is where codes are about the song's average; here without what is taken off for silence."""
    decode = np.zeros((9, 9), np.float32)
    decode[:8, :8] = np.eye(8)
    fields = some()
    sparse = Sparse(fields.direct, fields.bias, fields.into, fields.offset, fields.out, decode, fields.usual)
    heard = codes(4) - 0.5
    other = (scale * heard + offset).astype(np.float32)
    one = Average(heard.mean(0), float(np.square(heard).sum(1).mean()))
    two = Average(other.mean(0), float(np.square(other - offset).sum(1).mean()))
    far = np.full(8, -100, np.float32)
    assert sparse.levels(other, two, far * scale) == pytest.approx(sparse.levels(heard, one, far), abs=1e-3)


def test_the_mean_square_is_that_of_what_codes_decode_to() -> None:
    decode = np.random.default_rng(5).normal(size=(9, 12)).astype(np.float32)
    fields = some()
    spread = np.asarray(decode @ decode.T / 12, np.float32)
    sparse = Sparse(fields.direct, fields.bias, fields.into, fields.offset, fields.out, spread, fields.usual)
    heard = codes(6)
    sound = heard @ decode[:8] + decode[8]
    assert sparse.average(heard).square == pytest.approx(float(np.square(sound).mean()), rel=1e-4)
    assert sparse.average(heard).mean == pytest.approx(heard.mean(0), abs=1e-6)
    assert sparse.average(heard[:0]).mean == pytest.approx(np.ones(8))


def near(seed: int, seconds: int) -> np.ndarray:
    """Codes of a second each that differ little, at one frame a second."""
    return 1 + 0.01 * codes(seed, seconds)


def test_a_stream_learns_its_average_slowly() -> None:
    """As a mean of what is heard and of a minute of what is usual, if what is heard is not far from it."""
    hearing = Hearing(some(), 1.0)
    assert hearing.average.mean == pytest.approx(np.ones(8))
    for row in near(7, 90):
        hearing.levels(row, REST, heard=True)
    known = (near(7, 90).sum(0) + 60) / 150
    assert hearing.average.mean == pytest.approx(known, abs=1e-3)
    quiet = hearing.levels(near(3, 1)[0] + 9, REST, heard=False)
    assert quiet.shape == (8,) and hearing.average.mean == pytest.approx(known, abs=1e-3)


def test_a_stream_that_is_far_from_its_average_becomes_it_soon() -> None:
    hearing = Hearing(some(), 1.0)
    for row in near(7, 400):
        hearing.add(row)
    before = hearing.average.mean.copy()
    for row in near(8, 30) + 3:
        hearing.add(row)
    assert np.all(hearing.average.mean - before > 0.8 * 3)
    for row in near(9, 1000) + 3:
        hearing.add(row)
    assert hearing.average.square == pytest.approx(some().average(near(9, 1000) + 3).square, rel=0.15)


def test_one_frame_is_shown_as_all_are() -> None:
    heard = codes(3, 5)
    average = some().average(heard)
    all_at_once = some().levels(heard, average, REST)
    assert all_at_once[2] == pytest.approx(some().levels(heard[2], average, REST), abs=1e-6)


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
    encoder = load(find("wide"))
    sparse = encoder.manifest.sparse
    assert sparse is not None
    around = sparse.usually()
    heard = np.random.default_rng(4).normal(around.mean, 0.14, (4000, 8)).clip(0, 1).astype(np.float32)
    levels = sparse.levels(heard, sparse.average(heard), encoder.rest)
    assert 0.35 < (levels < 0.2).mean() < 0.75
    assert (levels > 0.6).mean() > 0.08
