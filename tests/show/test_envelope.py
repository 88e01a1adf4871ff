"""How light follows sound, and how a lamp's past is remembered: against the definition, written out step by step."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from yulelight.show.envelope import fade, follow, gate, smooth
from yulelight.show.normalise import Range, RunningQuantiles, quantiles
from yulelight.show.readout import SECONDS, decay, leaky, mean_share

LEVELS = hnp.arrays(
    np.float32, st.tuples(st.integers(0, 40), st.integers(1, 3)), elements=st.floats(0, 1, width=32)
)


@pytest.mark.parametrize(
    ("loudness", "share"), [(-90, 0), (-60, 0), (-55, 0.25), (-50, 0.5), (-40, 1), (0, 1)]
)
def test_the_gate_opens_over_its_span(loudness: float, share: float) -> None:
    assert float(gate(loudness, floor=-60.0, span=20.0)) == pytest.approx(share)


@given(st.floats(0.01, 10), st.floats(1, 200))
def test_light_falls_to_one_over_e_in_its_time(seconds: float, rate: float) -> None:
    assert fade(seconds, rate) ** (seconds * rate) == pytest.approx(1 / math.e, rel=1e-6)
    assert fade(0.0, rate) == 0.0


@given(LEVELS, st.floats(0, 0.99))
def test_light_rises_at_once_and_falls_slowly(levels: np.ndarray, keep: float) -> None:
    shown = follow(levels, keep)
    last = np.zeros(levels.shape[1])
    for level, light in zip(levels, shown, strict=True):
        last = np.maximum(level, keep * last)
        assert light == pytest.approx(last, abs=1e-6)


@given(LEVELS, st.floats(0, 30))
def test_smoothing_is_a_weighted_mean_of_what_is_around(levels: np.ndarray, width: float) -> None:
    size = max(1, round(width))
    smoothed = smooth(levels, width)
    assert smoothed.shape == levels.shape
    weights = [math.sin(math.pi * (k + 1) / (size + 1)) ** 2 for k in range(size)]
    for k in range(len(levels)):
        around = [levels[min(max(k - size // 2 + j, 0), len(levels) - 1)] for j in range(size)]
        expected = sum(w * row for w, row in zip(weights, around, strict=True)) / sum(weights)
        assert smoothed[k] == pytest.approx(expected, abs=1e-5)


def test_the_leaky_mean_follows_its_differential_equation() -> None:
    """Against many small steps of the differential equation: the memory goes towards the state, by its constant."""
    values, lengths = np.array([[1.0], [0.0], [0.5]]), np.array([0.1, 0.4, 0.05])
    ends = leaky(values, decay(lengths, SECONDS))
    memory, step = 0.0, 1e-5
    for value, length, end in zip(values[:, 0], lengths, ends[:, 0], strict=True):
        for _ in range(round(length / step)):
            memory += (value - memory) * step / SECONDS
        assert end == pytest.approx(memory, abs=1e-3)


@given(st.floats(0.001, 5))
def test_the_share_of_the_past_in_a_stretch_is_the_mean_of_what_is_left(seconds: float) -> None:
    moments = (np.arange(20_000) + 0.5) / 20_000 * seconds
    assert mean_share(np.array([seconds]))[0] == pytest.approx(np.exp(-moments / SECONDS).mean(), rel=1e-4)


def test_a_range_maps_what_is_in_it_and_halves_what_does_not_move() -> None:
    made = Range(np.array([0.2, 0.5], np.float32), np.array([0.6, 0.5], np.float32))
    values = np.array([[0.1, 0.5], [0.4, 0.9], [0.6, 0.0], [0.7, 0.5]], np.float32)
    expected = np.array([[0.0, 0.5], [0.5, 0.5], [1.0, 0.5], [1.0, 0.5]])
    assert made.apply(values) == pytest.approx(expected, abs=1e-6)


def test_quantiles_of_a_song_and_of_none() -> None:
    values = np.linspace(0, 1, 101, dtype=np.float32)[:, None] * np.array([1.0, 0.5], np.float32)
    found = quantiles(values, (0.1, 0.9))
    assert found.low == pytest.approx([0.1, 0.05], abs=1e-6)
    assert found.high == pytest.approx([0.9, 0.45], abs=1e-6)
    nothing = quantiles(np.zeros((0, 2), np.float32), (0.1, 0.9))
    assert nothing.low.tolist() == nothing.high.tolist() == [0.0, 0.0]


def test_a_stream_forgets_what_was_long_ago() -> None:
    """After ten times its memory, quantiles are those of what came lately; at first those of what was assumed."""
    running = RunningQuantiles(2, memory=400.0, prior=50.0, up_to=0.5)
    first = running.range((0.1, 0.9))
    assert first.low == pytest.approx([0.05, 0.05], abs=0.01)
    assert first.high == pytest.approx([0.45, 0.45], abs=0.01)
    rng = np.random.default_rng(0)
    for _ in range(1000):
        running.add(np.array([0.9, 1.0], np.float32))
    for _ in range(4000):
        running.add(rng.uniform([0.2, 0.0], [0.4, 1.0]).astype(np.float32))
    later = running.range((0.1, 0.9))
    assert later.low == pytest.approx([0.22, 0.1], abs=0.04)
    assert later.high == pytest.approx([0.38, 0.9], abs=0.04)


def test_a_stream_of_hours_does_not_overflow() -> None:
    running = RunningQuantiles(1, memory=1.0, prior=1.0)
    for k in range(2000):
        running.add(np.array([0.25 if k < 1990 else 0.75], np.float32))
    found = running.range((0.1, 0.9))
    assert np.isfinite(found.low).all()
    assert found.low == pytest.approx([0.75], abs=0.01)
