"""Builds an encoder as an ONNX graph with magnitudes as input (contract: docs/architecture.md)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import log
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from google.protobuf.message import DecodeError
from onnx import TensorProto, helper, numpy_helper

from yulelight.core import storage
from yulelight.core.errors import ModelError
from yulelight.core.messages import CHANNELS
from yulelight.dsp.mel import mel_filters
from yulelight.encoder.manifest import BINS, CONTRACT, HOP, SAMPLE_RATE, WINDOW
from yulelight.lab.training.dataset import FLOOR_DB, Track

OPSET = 18
IR_VERSION = 10
"""The newest version that onnxruntime 1.22 supports."""


@dataclass(frozen=True, slots=True)
class Description:
    """The metadata of the file."""

    name: str
    licence: str
    training_set: Sequence[Track]
    metrics: Mapping[str, Any]


@dataclass
class Graph:
    """A graph under construction. Tensors are identified by name; ``magnitudes`` (frames, 513) is the input."""

    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: dict[str, npt.NDArray[Any]] = field(default_factory=dict)
    states: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def op(self, kind: str, *inputs: str, outputs: Sequence[str] = (), **attributes: Any) -> str:
        """Adds a node and returns the name of its first output."""
        names = list(outputs) or [f"{kind.lower()}_{len(self.nodes)}"]
        self.nodes.append(helper.make_node(kind, list(inputs), names, **attributes))
        return names[0]

    def constant(self, name: str, value: npt.ArrayLike, dtype: npt.DTypeLike = np.float32) -> str:
        """Adds a constant number or array; returns its name."""
        self.constants[name] = np.asarray(value, dtype)
        return name

    def after(self, name: str, frames: str, count: int, width: int) -> str:
        """``frames`` (n, width) after the ``count`` previous ones: (count + n, width), kept as state ``name``.

        Before a song's first frame there are zeros.
        """
        self.states[f"state_{name}"] = (count, width)
        joined = self.op("Concat", f"state_{name}", frames, axis=0)
        last = [
            self.constant(f"from_{-count}", [-count], np.int64),
            self.constant("end", [2**31 - 1], np.int64),
            self.constant("rows", [0], np.int64),
        ]
        self.op("Slice", joined, *last, outputs=[f"next_state_{name}"])
        return joined

    def rows(self, frames: str, begin: int, end: int) -> str:
        """``frames[begin:end]``; an ``end`` of 0 is their end."""
        bounds = [
            self.constant(f"from_{begin}", [begin], np.int64),
            self.constant(f"to_{end}" if end else "end", [end or 2**31 - 1], np.int64),
            self.constant("rows", [0], np.int64),
        ]
        return self.op("Slice", frames, *bounds)

    def gemm(self, values: str, name: str, weights: npt.ArrayLike, bias: npt.ArrayLike) -> str:
        """``values @ weights + bias``; weights (in, out)."""
        return self.op(
            "Gemm", values, self.constant(f"{name}.weight", weights), self.constant(f"{name}.bias", bias)
        )

    def clip(self, values: str, low: float = 0.0, high: float = 1.0) -> str:
        """``values`` clipped to [low, high]."""
        return self.op("Clip", values, self.constant(f"at_{low:g}", low), self.constant(f"at_{high:g}", high))

    def scaled_bins(self) -> str:
        """(dB + 80) / 80 of all 513 magnitudes, clipped to [0, 1]."""
        # It is 1 + ln(m) / (4 ln 10) for m clipped to [1e-4, 1].
        audible = self.clip("magnitudes", 10 ** (FLOOR_DB / 20), 1.0)
        slope = self.constant("slope", -20 / (FLOOR_DB * log(10)))
        return self.op("Add", self.op("Mul", self.op("Log", audible), slope), self.constant("at_1", 1.0))

    def scaled_mel(self, bands: int) -> str:
        """The same of mel bands' power (frames, bands); their filters are those of ``dsp.mel``."""
        filters = mel_filters(bands)
        highest = int(np.flatnonzero(filters.any(axis=1))[-1]) + 1
        # The bins above the highest band need not be squared and multiplied by zeros.
        columns = (("rows", 0), ("highest", highest), ("columns", 1))
        heard = self.op("Slice", "magnitudes", *(self.constant(name, [at], np.int64) for name, at in columns))
        power = self.op("MatMul", self.op("Mul", heard, heard), self.constant("filters", filters[:highest]))
        audible = self.clip(power, 10 ** (FLOOR_DB / 10), 1.0)
        slope = self.constant("slope", -10 / (FLOOR_DB * log(10)))
        return self.op("Add", self.op("Mul", self.op("Log", audible), slope), self.constant("at_1", 1.0))

    def finish(self, levels: str) -> "Graph":
        """Sets the output of the graph."""
        self.op("Identity", levels, outputs=["levels"])
        return self


def write(path: Path, graph: Graph, description: Description) -> None:
    """Checks the graph and writes it with its metadata. The same graph gives the same bytes."""
    model = helper.make_model(
        _proto(graph),
        producer_name="yulelight",
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
    )
    helper.set_model_props(
        model, {f"yulelight.{name}": value for name, value in _properties(description).items()}
    )
    onnx.checker.check_model(model, full_check=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    storage.save(path, model.SerializeToString(deterministic=True))


def weights_of(path: Path) -> dict[str, npt.NDArray[Any]]:
    """The constants of a model file by name, to continue its training. Raises ModelError."""
    try:
        return {one.name: numpy_helper.to_array(one) for one in onnx.load(path).graph.initializer}
    except (DecodeError, OSError, ValueError, TypeError) as error:
        raise ModelError(
            f"{path} is not a model, or it is damaged; name a .onnx file after --from"
        ) from error


def _proto(graph: Graph) -> onnx.GraphProto:
    def tensor(name: str, shape: Sequence[int | str]) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)

    return helper.make_graph(
        graph.nodes,
        "encoder",
        [tensor("magnitudes", ["frames", BINS]), *(tensor(n, s) for n, s in graph.states.items())],
        [tensor("levels", ["frames", CHANNELS]), *(tensor(f"next_{n}", s) for n, s in graph.states.items())],
        [numpy_helper.from_array(value, name) for name, value in graph.constants.items()],
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
