"""Spleeter's two-stem separator (Hennequin et al. 2020, JOSS 5) as an ONNX graph with 8-bit weights.

Two U-Nets of six convolutions down and six up estimate the magnitudes of voice and accompaniment; the voice's share is
v² / (v² + a²). The weights are those of the checkpoint, with one scale per channel: a file of 20 MB instead of 79.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from yulelight.core.errors import ModelError
from yulelight.encoder.voices import BINS, CHANNEL, CONTRACT, FRAMES, INPUT, OUTPUT

Array = npt.NDArray[np.float32]
Weights = Mapping[str, Array]

STEPS = 6
EPSILON = 1e-3
OPSET, IR_VERSION = 18, 10


class _Graph:
    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def op(self, kind: str, *inputs: str, out: str = "", **attributes: Any) -> str:
        name = out or f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def constant(self, value: npt.NDArray[np.generic]) -> str:
        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def eight_bit(self, kernel: Array, axis: int) -> str:
        """Quantizes ``kernel`` to 8 bits: steps of 1/127 of each channel's largest weight."""
        other = tuple(k for k in range(kernel.ndim) if k != axis)
        scale = np.maximum(np.abs(kernel).max(axis=other), 1e-12).astype(np.float32) / 127
        shape = [1] * kernel.ndim
        shape[axis] = -1
        steps = np.round(kernel / scale.reshape(shape)).astype(np.int8)
        return self.op("DequantizeLinear", self.constant(steps), self.constant(scale), axis=axis)

    def known(self, kind: str, number: int, part: str) -> Array:
        """A variable of the checkpoint; Keras numbers the layers of a kind, but not the first."""
        name = f"{kind}{f'_{number}' if number else ''}/{part}"
        if name not in self.weights:
            raise ModelError(f"lacks {name}; take the two-stem checkpoint")
        return self.weights[name]


def _unet(graph: _Graph, heard: str, stem: int) -> str:
    """One stem's magnitudes, of ``heard`` (1, 2, FRAMES, BINS)."""
    skips, at = [], heard
    for k in range(STEPS):
        at = _down(graph, at, 7 * stem + k)
        skips.append(at)
        if k < STEPS - 1:
            at = graph.op("LeakyRelu", _normalised(graph, at, 12 * stem + k), alpha=0.2)
    for k in range(STEPS):
        at = _normalised(graph, graph.op("Relu", _up(graph, at, 6 * stem + k)), 12 * stem + STEPS + k)
        if k < STEPS - 1:
            at = graph.op("Concat", skips[STEPS - 2 - k], at, axis=1)
    last = 7 * stem + STEPS
    kernel = graph.eight_bit(graph.known("conv2d", last, "kernel").transpose(3, 2, 0, 1), 0)
    bias = graph.constant(graph.known("conv2d", last, "bias"))
    mask = graph.op("Conv", at, kernel, bias, dilations=[2, 2], pads=[3, 3, 3, 3])
    return graph.op("Mul", graph.op("Sigmoid", mask), heard)


def _down(graph: _Graph, at: str, number: int) -> str:
    kernel = graph.eight_bit(graph.known("conv2d", number, "kernel").transpose(3, 2, 0, 1), 0)
    bias = graph.constant(graph.known("conv2d", number, "bias"))
    # TensorFlow's "same" padding for 5 by 5 kernels and a stride of 2.
    return graph.op("Conv", at, kernel, bias, strides=[2, 2], pads=[1, 1, 2, 2])


def _up(graph: _Graph, at: str, number: int) -> str:
    kernel = graph.eight_bit(graph.known("conv2d_transpose", number, "kernel").transpose(3, 2, 0, 1), 1)
    bias = graph.constant(graph.known("conv2d_transpose", number, "bias"))
    return graph.op("ConvTranspose", at, kernel, bias, strides=[2, 2], pads=[1, 1, 2, 2])


def _normalised(graph: _Graph, at: str, number: int) -> str:
    gamma, beta, mean, variance = (
        graph.known("batch_normalization", number, part)
        for part in ("gamma", "beta", "moving_mean", "moving_variance")
    )
    scale = (gamma / np.sqrt(variance + EPSILON)).astype(np.float32)
    shift = (beta - mean * scale).astype(np.float32)
    scaled = graph.op("Mul", at, graph.constant(scale[None, :, None, None]))
    return graph.op("Add", scaled, graph.constant(shift[None, :, None, None]))


def write(weights: Weights, path: Path, channel: int) -> None:
    """Writes the separator to ``path``, for a model whose ``channel`` (from 1) is to follow the voice."""
    graph = _Graph(weights)
    squares = []
    for stem in range(2):
        made = _unet(graph, INPUT, stem)
        squares.append(graph.op("Mul", made, made))
    both = graph.op("Add", *squares)
    floor = graph.op("Add", both, graph.constant(np.array(1e-10, np.float32)))
    graph.op("Div", squares[0], floor, out=OUTPUT)
    shape = [1, 2, FRAMES, BINS]
    proto = helper.make_graph(
        graph.nodes,
        "voices",
        [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, shape)],
        graph.constants,
    )
    opsets = [helper.make_opsetid("", OPSET)]
    model = helper.make_model(proto, producer_name="yulelight", opset_imports=opsets, ir_version=IR_VERSION)
    helper.set_model_props(model, {CONTRACT: "1", CHANNEL: str(channel)})
    onnx.checker.check_model(model, full_check=True)
    path.write_bytes(model.SerializeToString(deterministic=True))
