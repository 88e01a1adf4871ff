"""The separator beside a model: what it tells of a song, and what is refused."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper

from yulelight.core.errors import ModelError
from yulelight.encoder import catalogue, model, voices

RATE = 44_100
SHAPE = [1, 2, 512, 1024]


def separator(
    path: Path, above: float = 500.0, channel: str = "3", shape: Sequence[int] = SHAPE, most: float = 1.0
) -> Path:
    """A separator to whom ``most`` of everything above so many hertz is the voice."""
    share = most * np.broadcast_to(np.arange(1024) * RATE / 4096 > above, [*SHAPE[:2], 1, 1024])
    nodes = [
        helper.make_node("Mul", ["magnitudes", "zero"], ["nothing"]),
        helper.make_node("Add", ["nothing", "share"], ["voice"]),
    ]
    graph = helper.make_graph(
        nodes,
        "voices",
        [helper.make_tensor_value_info("magnitudes", TensorProto.FLOAT, list(shape))],
        [helper.make_tensor_value_info("voice", TensorProto.FLOAT, list(shape))],
        [
            numpy_helper.from_array(share.astype(np.float32), "share"),
            numpy_helper.from_array(np.array(0, np.float32), "zero"),
        ],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    helper.set_model_props(made, {"yulelight.voices": "1", "yulelight.channel": channel})
    path.write_bytes(made.SerializeToString())
    return path


def song(sings: np.ndarray) -> np.ndarray:
    """Stereo (n, 2): a steady bass, and a tone at 1 kHz in the seconds in which ``sings`` says so."""
    times = np.arange(len(sings) * RATE) / RATE
    tone = 0.4 * np.sin(2 * np.pi * 1000 * times) * np.repeat(sings, RATE)
    bass = 0.4 * np.sin(2 * np.pi * 80 * times)
    return np.stack([tone + bass, bass], axis=1).astype(np.float32)


def test_the_light_is_bright_while_somebody_sings(tmp_path: Path) -> None:
    sings = np.array([0, 0, 1, 1, 1, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0], float)
    made = voices.load(separator(tmp_path / "a.voices.onnx"))
    assert made is not None and made.channel == 2
    levels = made.levels(np.array_split(song(sings), 7))
    assert levels is not None and levels.min() >= 0 and levels.max() <= 1
    heard = np.repeat(sings, RATE)[np.minimum(np.arange(len(levels)) * 512, len(sings) * RATE - 1)]
    assert np.corrcoef(levels, heard)[0, 1] > 0.9
    assert len(levels) >= len(sings) * RATE // 512 - 2


def test_however_the_song_is_cut(tmp_path: Path) -> None:
    made = voices.load(separator(tmp_path / "a.voices.onnx"))
    assert made is not None
    samples = song(np.array([0, 1] * 8, float))
    whole, parts = made.levels([samples]), made.levels(np.array_split(samples, 50))
    assert whole is not None and parts is not None
    assert np.array_equal(whole, parts)


def test_nobody_sings(tmp_path: Path) -> None:
    made = voices.load(separator(tmp_path / "a.voices.onnx"))
    assert made is not None
    assert made.levels([song(np.zeros(14))]) is None
    assert made.levels([]) is None
    assert made.levels([np.zeros((14 * RATE, 2), np.float32)]) is None


@pytest.mark.parametrize(("share", "sung"), [(1.0, True), (0.8, True), (0.3, False)])
def test_what_only_resembles_a_voice_is_none(tmp_path: Path, share: float, sung: bool) -> None:
    """A separator finds a little of a voice in a synthesizer; in a song with a singer the voice dominates at times."""
    made = voices.load(separator(tmp_path / "a.voices.onnx", most=share))
    assert made is not None
    times = np.arange(20 * RATE) / RATE
    lead = (0.5 * np.sin(2 * np.pi * 1000 * times) * (times % 4 < 2)).astype(np.float32)
    assert (made.levels([np.stack([lead, lead], axis=1)]) is not None) == sung


def test_a_model_has_the_separator_beside_it(tmp_path: Path) -> None:
    alone = model.load(catalogue.find("pca"))
    copy = Path(shutil.copy(catalogue.find("pca"), tmp_path))
    separator(voices.beside(copy))
    both = model.load(copy)
    assert alone.voices is None and both.voices is not None
    assert both.mark != alone.mark, "kept shows are rendered anew"
    assert catalogue.known([tmp_path]).keys() == catalogue.known().keys(), "it is no model itself"


@pytest.mark.parametrize(
    "wrong", [{"channel": "0"}, {"channel": "9"}, {"channel": "x"}, {"shape": [1, 2, 512, 512]}]
)
def test_what_keeps_no_contract_is_refused(tmp_path: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(ModelError, match=r"a\.voices\.onnx"):
        voices.load(separator(tmp_path / "a.voices.onnx", **wrong))


def test_what_is_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.voices.onnx").write_bytes(b"none")
    with pytest.raises(ModelError, match=r"a\.voices\.onnx"):
        voices.load(tmp_path / "a.voices.onnx")
    assert voices.load(tmp_path / "b.voices.onnx") is None
