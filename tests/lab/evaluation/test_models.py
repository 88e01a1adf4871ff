"""The figures of an encoder, on levels of which they are known."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

pytest.importorskip("librosa")

from tests.lab.training.music import write
from yulelight.commands.cli import app
from yulelight.dsp.spectrum import FRAME_RATE
from yulelight.encoder import decoder
from yulelight.lab.evaluation.models import Figures, beat_gain, head_figures, mean, peak_times, vocal_auc

SECONDS = 60


def frames(seconds: float = SECONDS) -> np.ndarray:
    return np.arange(int(seconds * FRAME_RATE)) / FRAME_RATE


def test_lights_that_rise_on_the_beat_gain_all_that_chance_does_not() -> None:
    beats = np.arange(0.5, SECONDS, 0.5)
    levels = np.exp(-8 * (frames() % 0.5))[:, None].repeat(8, axis=1).astype(np.float32)
    times = peak_times(levels)
    assert len(times) == pytest.approx(len(beats), abs=2)
    assert beat_gain(beats, times, SECONDS) > 0.5
    assert abs(beat_gain(beats, np.sort(np.random.default_rng(0).uniform(0, SECONDS, 120)), SECONDS)) < 0.1
    assert beat_gain(beats, peak_times(np.ones((500, 8), np.float32)), SECONDS) == 0


def test_a_channel_that_knows_the_singing() -> None:
    phrases = tuple((start, start + 3.0) for start in np.arange(1.0, SECONDS - 4, 7.0))
    sung = np.zeros(len(frames()))
    for start, end in phrases:
        sung[int(start * FRAME_RATE) : int(end * FRAME_RATE) + 1] = 1
    noise = np.random.default_rng(0).random((len(sung), 8)).astype(np.float32)
    assert vocal_auc(noise, phrases) == pytest.approx(0.5, abs=0.06)
    noise[:, 3] = 0.3 * noise[:, 3] + 0.5 * sung
    assert vocal_auc(noise, phrases) > 0.99
    assert np.isnan(vocal_auc(noise, ()))


def test_a_head_that_knows_the_singing() -> None:
    """Syllables with short gaps are one phrase; a head that guesses is worth nothing."""
    syllables = (*((start, start + 0.3) for start in np.arange(1.0, 20.0, 0.5)), (40.0, 50.0))
    sung = np.zeros((len(frames()), 1), np.float32)
    for start, end in ((1.0, 19.8), (40.0, 50.0)):
        sung[int(start * FRAME_RATE) : int(end * FRAME_RATE)] = 1
    auc, correlation = head_figures(sung, syllables)
    assert auc > 0.99 and correlation > 0.98
    noise = np.random.default_rng(0).random(sung.shape).astype(np.float32)
    auc, correlation = head_figures(noise, syllables)
    assert abs(auc - 0.5) < 0.05 and abs(correlation) < 0.05
    assert head_figures(np.zeros_like(sung), syllables)[1] == 0
    assert np.isnan(head_figures(sung[:, :0], syllables)).all()
    assert np.isnan(head_figures(sung, ())).all()


def test_a_decoder_rebuilds_what_the_levels_hold(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    levels = rng.random((4000, 8)).astype(np.float32)
    spectra = (levels @ rng.random((8, decoder.BANDS)) / 8).astype(np.float32)
    made = decoder.fit([(levels, spectra)])
    assert made.explained(levels, spectra) > 0.97
    assert made.explained(rng.permutation(levels), spectra) < 0.1
    made.save(tmp_path / "a.onnx")
    read = decoder.read(tmp_path / "a.onnx")
    assert read is not None
    assert read.explained(levels, spectra) == pytest.approx(made.explained(levels, spectra), abs=1e-3)
    (tmp_path / "a.decoder.npz").write_bytes(b"no")
    with pytest.raises(Exception, match="damaged"):
        decoder.read(tmp_path / "a.onnx")


def test_means_leave_out_what_a_song_has_not() -> None:
    nan = float("nan")
    a, b = Figures(0.8, 1, 0, 0, 0, 4, nan), Figures(0.6, 0, 0, 0, 0, 6, 0.9)
    assert mean([a, b]).explained_variance == pytest.approx(0.7)
    assert mean([a, b]).vocal_auc == pytest.approx(0.9)
    assert mean([a]).as_json()["vocal_auc"] is None


def test_the_command_prints_json(tmp_path: Path) -> None:
    song = write(tmp_path / "song.wav", 12)
    result = CliRunner().invoke(app, ["evaluate", str(song), "--models", "--json"])
    assert result.exit_code == 0, result.output
    models = json.loads(result.stdout)["models"]
    assert [name for name, one in models.items() if one["default"]] == ["wide"]
    keys = {"explained_variance", "onset_f", "beat_gain", "structure", "correlation", "rank", "vocal_auc"}
    assert all(keys <= set(one) for one in models.values())
    assert 0 < models["pca"]["explained_variance"] <= 1
