"""Writes a trained encoder as one ONNX file that keeps the contract of docs/architecture.md."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from yulelight.dsp.mel import mel_filters
from yulelight.encoder.manifest import BINS, CONTRACT, HOP, SAMPLE_RATE, WINDOW
from yulelight.messages import CHANNELS
from yulelight.training.calibrate import Calibration
from yulelight.training.dataset import FLOOR_DB, Track
from yulelight.training.mel import BANDS, MelEncoder
from yulelight.training.mel import FLOOR_DB as MEL_FLOOR_DB

Floats = npt.NDArray[np.float32]
Layer = tuple[Floats, Floats]
"""Weights (out, in) and bias (out,)."""

OPSET = 18
IR_VERSION = 10
"""The newest that onnxruntime 1.22 is sure to read."""


@dataclass(frozen=True, slots=True)
class Description:
    """What the file says about itself."""

    name: str
    licence: str
    training_set: Sequence[Track]
    metrics: Mapping[str, Any]


def export(path: Path, layers: Sequence[Layer], calibration: Calibration, description: Description) -> None:
    """Writes the tanh encoder ``layers``, the last one without its tanh, with scaling and calibration around it."""
    write(path, _graph([*layers[:-1], _calibrated(layers[-1], calibration)]), description)


def export_mel(path: Path, encoder: MelEncoder, description: Description) -> None:
    """Writes the linear mel encoder, from magnitudes on."""
    nodes = [
        helper.make_node("Mul", ["magnitudes", "magnitudes"], ["power"]),
        helper.make_node("MatMul", ["power", "filters"], ["bands"]),
        helper.make_node("Max", ["bands", "quietest"], ["audible"]),
        helper.make_node("Log", ["audible"], ["logarithm"]),
        helper.make_node("Mul", ["logarithm", "decibel"], ["decibels"]),
        helper.make_node("Gemm", ["decibels", "weights", "bias"], ["code"]),
        helper.make_node("Clip", ["code", "zero", "one"], ["levels"]),
    ]
    constants: dict[str, npt.ArrayLike] = {
        "filters": mel_filters(BANDS),
        "quietest": np.float32(10 ** (MEL_FLOOR_DB / 10)),
        "decibel": np.float32(10 / log(10)),
        "weights": encoder.weights,
        "bias": encoder.bias,
        "zero": np.float32(0),
        "one": np.float32(1),
    }
    write(path, _as_graph(nodes, constants), description)


def write(path: Path, graph: onnx.GraphProto, description: Description) -> None:
    """Checks the graph and writes it with what it says about itself."""
    model = helper.make_model(
        graph,
        producer_name="yulelight",
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
    )
    helper.set_model_props(
        model, {f"yulelight.{name}": value for name, value in _properties(description).items()}
    )
    onnx.checker.check_model(model, full_check=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(model.SerializeToString(deterministic=True))


def _calibrated(layer: Layer, calibration: Calibration) -> Layer:
    """The code's layer with order, sign, centre and spread of its channels folded into weights and bias."""
    weights, bias = layer
    order, gain = calibration.order, calibration.gain
    return weights[order] * gain[:, None], (bias[order] - calibration.centre) * gain


def _graph(layers: Sequence[Layer]) -> onnx.GraphProto:
    # (20 log10(m) + 80) / 80 clipped to [0, 1] is 1 + ln(m) / (4 ln 10) for m clipped to [1e-4, 1].
    constants: dict[str, npt.ArrayLike] = {
        "quietest": np.float32(10 ** (FLOOR_DB / 20)),
        "loudest": np.float32(1),
        "slope": np.float32(-20 / (FLOOR_DB * log(10))),
        "one": np.float32(1),
    }
    nodes = [
        helper.make_node("Clip", ["magnitudes", "quietest", "loudest"], ["clipped"]),
        helper.make_node("Log", ["clipped"], ["logarithm"]),
        helper.make_node("Mul", ["logarithm", "slope"], ["sloped"]),
        helper.make_node("Add", ["sloped", "one"], ["layer_0"]),
    ]
    for index, (weights, bias) in enumerate(layers):
        constants |= {f"weights_{index}": weights, f"bias_{index}": bias}
        names = [f"layer_{index}", f"weights_{index}", f"bias_{index}"]
        nodes.append(helper.make_node("Gemm", names, [f"sum_{index}"], transB=1))
        last = index == len(layers) - 1
        squash, out = ("Sigmoid", "levels") if last else ("Tanh", f"layer_{index + 1}")
        nodes.append(helper.make_node(squash, [f"sum_{index}"], [out]))
    return _as_graph(nodes, constants)


def _as_graph(nodes: Sequence[onnx.NodeProto], constants: Mapping[str, npt.ArrayLike]) -> onnx.GraphProto:
    return helper.make_graph(
        nodes,
        "encoder",
        [helper.make_tensor_value_info("magnitudes", TensorProto.FLOAT, ["frames", BINS])],
        [helper.make_tensor_value_info("levels", TensorProto.FLOAT, ["frames", CHANNELS])],
        [numpy_helper.from_array(np.asarray(value, np.float32), name) for name, value in constants.items()],
    )


def _properties(description: Description) -> dict[str, str]:
    songs = [f"{track.title} by {track.artist} ({track.licence})" for track in description.training_set]
    return {
        "contract": CONTRACT,
        "name": description.name,
        "sample_rate": str(SAMPLE_RATE),
        "window": str(WINDOW),
        "hop": str(HOP),
        "channels": str(CHANNELS),
        "latency_frames": "0",
        "training_set": "; ".join(songs),
        "licence": description.licence,
        "metrics": json.dumps(description.metrics),
    }
