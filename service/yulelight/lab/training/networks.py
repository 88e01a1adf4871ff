"""Autoencoders with a code of eight numbers. Each can be written as an ONNX graph.

dense: Michael C. Johnson's autoencoder ("Christmas lights and autoencoders", minimizeuncertainty.com, 2018): 513 bins,
128-64-32-16-8 and back, tanh between the layers. ae-mel: 96 mel bands, GELU, a sigmoid code (Colonel and Keene 2020
found it more even). conv-show: causal dilated convolutions over 15 frames of 96 mel bands (0.17 s), also trained to
move at onsets and for independent channels.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor, nn

from yulelight.core.messages import CHANNELS
from yulelight.lab.training.graph import Graph

BINS, BANDS = 513, 96
ACTIVATIONS = {"tanh": nn.Tanh, "relu": nn.ReLU, "gelu": nn.GELU, "sigmoid": nn.Sigmoid}


class Frames(nn.Module):  # type: ignore[misc,unused-ignore]
    """A network on single frames: scaled frames (…, sizes[0]) to the inputs of the code's activation (…, 8)."""

    context = 0

    def __init__(self, sizes: Sequence[int], between: str, code: str) -> None:
        super().__init__()
        self.width, self.between, self.code = sizes[0], between, code
        self.encoder = nn.ModuleList(nn.Linear(a, b) for a, b in pairwise(sizes))
        self.decoder = nn.ModuleList(nn.Linear(a, b) for a, b in pairwise(sizes[::-1]))
        self.bend, self.squash = ACTIVATIONS[between](), ACTIVATIONS[code]()

    def drive(self, frames: Tensor) -> Tensor:
        """(…, 8), unbounded."""
        for layer in self.encoder[:-1]:
            frames = self.bend(layer(frames))
        return self.encoder[-1](frames)

    def decode(self, code: Tensor) -> Tensor:
        """Scaled frames from the code."""
        for layer in self.decoder[:-1]:
            code = self.bend(layer(code))
        return torch.sigmoid(self.decoder[-1](code))

    def draw(self, graph: Graph, frames: str) -> str:
        """The encoder as nodes; returns the name of ``drive``."""
        for index, layer in enumerate(self.encoder):
            frames = graph.gemm(frames, f"encoder.{index}", _numbers(layer.weight).T, _numbers(layer.bias))
            if index < len(self.encoder) - 1:
                frames = bend(graph, self.between, frames)
        return frames


class Convolutions(nn.Module):  # type: ignore[misc,unused-ignore]
    """A network on sequences of mel frames (…, n, 96) that sees each frame and the 14 before it."""

    context = 14
    width, code = BANDS, "sigmoid"

    def __init__(self, channels: int = 64) -> None:
        super().__init__()
        self.encoder = nn.ModuleList(
            nn.Conv1d(a, channels, 3, dilation=d) for a, d in ((BANDS, 1), (channels, 2), (channels, 4))
        )
        self.last = nn.Conv1d(channels, CHANNELS, 1)
        self.decoder = nn.Sequential(nn.Linear(CHANNELS, 64), nn.GELU(), nn.Linear(64, BANDS))
        self.squash = nn.Sigmoid()

    def drive(self, frames: Tensor) -> Tensor:
        """(…, n, 8) for sequences (…, n, 96), before which there is silence."""
        values = nn.functional.pad(frames.transpose(-1, -2), (self.context, 0))
        for layer in self.encoder:
            values = nn.functional.gelu(layer(values))
        return self.last(values).transpose(-1, -2)

    def decode(self, code: Tensor) -> Tensor:
        """Scaled frames from the code."""
        return torch.sigmoid(self.decoder(code))

    def draw(self, graph: Graph, frames: str) -> str:
        """The encoder as nodes; returns the name of ``drive``."""
        past = graph.after("mel", frames, self.context, BANDS)
        one = graph.constant("first", [0], np.int64)
        values = graph.op("Unsqueeze", graph.op("Transpose", past, perm=[1, 0]), one)
        for index, layer in enumerate((*self.encoder, self.last)):
            weight = graph.constant(f"encoder.{index}.weight", _numbers(layer.weight))
            bias = graph.constant(f"encoder.{index}.bias", _numbers(layer.bias))
            values = graph.op("Conv", values, weight, bias, dilations=[layer.dilation[0]])
            if layer is not self.last:
                values = bend(graph, "gelu", values)
        return graph.op("Transpose", graph.op("Squeeze", values, one), perm=[1, 0])


def load_weights(network: nn.Module, known: dict[str, np.ndarray]) -> bool:
    """Loads the encoder's weights from those of a model file; False if it has another architecture."""
    layers = [*network.encoder, *([network.last] if isinstance(network, Convolutions) else [])]
    found = []
    for index, layer in enumerate(layers):
        weight, bias = known.get(f"encoder.{index}.weight"), known.get(f"encoder.{index}.bias")
        if weight is None or bias is None:
            return False
        found.append((layer, weight if isinstance(layer, nn.Conv1d) else weight.T, bias))
    if any(layer.weight.shape != weight.shape for layer, weight, _ in found):
        return False
    with torch.no_grad():
        for layer, weight, bias in found:
            layer.weight.copy_(torch.tensor(weight))
            layer.bias.copy_(torch.tensor(bias))
    return True


def bend(graph: Graph, activation: str, values: str) -> str:
    """An activation as nodes."""
    if activation != "gelu":
        return graph.op(activation.capitalize(), values)
    part = graph.op("Erf", graph.op("Mul", values, graph.constant("root_half", 0.5**0.5)))
    whole = graph.op("Mul", values, graph.op("Add", part, graph.constant("at_1", 1.0)))
    return graph.op("Mul", whole, graph.constant("half", 0.5))


def _numbers(tensor: Tensor) -> np.ndarray:
    return np.asarray(tensor.detach().numpy(), np.float32)
