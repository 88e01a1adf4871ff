"""Songs that are alike, and an order that flows."""

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from tests.lab.training.music import write
from yulelight.commands.cli import app
from yulelight.lab.similar import distances, fingerprint, flowing


@given(st.integers(1, 30), st.integers(0, 1000))
def test_every_song_plays_once(count: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    first = int(rng.integers(count))
    order = flowing(distances(rng.random((count, 24)).astype(np.float32)), first)
    assert order[0] == first
    assert sorted(order) == list(range(count))


def test_the_nearest_comes_next() -> None:
    apart = distances(np.array([[0.0], [5.0], [1.0], [3.0]], np.float32))
    assert flowing(apart, 0) == [0, 2, 3, 1]


def test_fingerprints_of_nothing_are_finite() -> None:
    assert np.isfinite(fingerprint(np.zeros((0, 8), np.float32))).all()


def test_the_command_names_and_orders(tmp_path: Path) -> None:
    paths = [write(tmp_path / f"{seed}.wav", 3, seed) for seed in range(3)]
    order = tmp_path / "order.m3u8"
    result = CliRunner().invoke(app, ["similar", str(paths[0]), str(tmp_path), "--playlist", str(order)])
    assert result.exit_code == 0, result.output
    assert "1.wav" in result.output
    assert "0.wav" not in result.output
    assert len(order.read_text().splitlines()) == 4
