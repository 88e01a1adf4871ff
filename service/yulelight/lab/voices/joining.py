"""Puts a voice head (``head``) into the graph of an encoder, beside its levels, which stay as they are."""

from collections.abc import Sequence
from math import log
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from yulelight.core import storage
from yulelight.encoder.contract import INPUT, VOICE
from yulelight.lab.voices.head import SEEN, TIMES, Head, keeps
from yulelight.lab.voices.mixing import BANDS, FLOOR_DB, SPAN_DB, filters

PREFIX = "voice."
"""Of the names of the head's constants and tensors."""
STATE = "state_voice"
CHANNEL, TAUGHT = "yulelight.voice_channel", "yulelight.voice_training_set"
"""Properties of the model."""
ROWS = len(TIMES) + 2
"""Of the head's state: its leaky means, restlessness, and how much of the song's mean is known."""


def join(path: Path, head: Head, channel: int, voices: Sequence[str]) -> None:
    """Writes the ``head`` into the model at ``path``, in place of one that it has.

    ``channel``, from 1, is to show the voice; ``voices`` names the recordings of singing that it was taught with.
    """
    model = onnx.load(path)
    graph = model.graph
    part(graph)
    made = _head(head)
    graph.node.extend(made.nodes)
    graph.initializer.extend(made.constants)
    tensor, shape = helper.make_tensor_value_info, [ROWS, BANDS]
    graph.input.append(tensor(STATE, TensorProto.FLOAT, shape))
    graph.output.append(tensor(VOICE, TensorProto.FLOAT, ["frames", 1]))
    graph.output.append(tensor(f"next_{STATE}", TensorProto.FLOAT, shape))
    props = {one.key: one.value for one in model.metadata_props}
    props |= {CHANNEL: str(channel), TAUGHT: "; ".join(voices)}
    helper.set_model_props(model, props)
    onnx.checker.check_model(model, full_check=True)
    storage.save(path, model.SerializeToString(deterministic=True))


def part(graph: onnx.GraphProto) -> None:
    """Removes the head of a ``graph``, if it has one."""
    for values in (graph.node, graph.initializer, graph.input, graph.output):
        kept = [one for one in values if not _of_head(one)]
        del values[:]
        values.extend(kept)


def _of_head(one: onnx.NodeProto | onnx.TensorProto | onnx.ValueInfoProto) -> bool:
    names = one.output if isinstance(one, onnx.NodeProto) else [one.name]
    return any(name.startswith(PREFIX) or name in (VOICE, STATE, f"next_{STATE}") for name in names)


class _Part:
    """Nodes and constants of the head, under construction."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def op(self, kind: str, *inputs: str, out: str = "") -> str:
        name = out or f"{PREFIX}{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name]))
        return name

    def constant(self, name: str, value: npt.ArrayLike, dtype: npt.DTypeLike = np.float32) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value, dtype), f"{PREFIX}{name}"))
        return f"{PREFIX}{name}"


def _head(head: Head) -> _Part:
    """From the magnitudes to the voice."""
    made = _Part()
    op, constant = made.op, made.constant
    # The bins above the highest band need not be squared.
    bands = filters()
    highest = int(np.flatnonzero(bands.any(axis=1))[-1]) + 1
    bounds = (("first", 0), ("highest", highest), ("columns", 1))
    low = op("Slice", INPUT, *(constant(name, [at], np.int64) for name, at in bounds))
    power = op("MatMul", op("Mul", low, low), constant("filters", bands[:highest]))
    # (dB - FLOOR_DB) / SPAN_DB, and 0 below.
    audible = op("Max", power, constant("quietest", 10 ** (FLOOR_DB / 10)))
    scaled = op("Mul", op("Log", audible), constant("slope", 10 / log(10) / SPAN_DB))
    heard = op("Sub", scaled, constant("silence", FLOOR_DB / SPAN_DB))
    seen = f"{PREFIX}seen"
    made.nodes.append(
        helper.make_node(
            "Scan", [STATE, heard], [f"next_{STATE}", seen], body=_leaky_means(), num_scan_inputs=1
        )
    )
    flat = op("Reshape", seen, constant("flat", [-1, SEEN], np.int64))
    hidden = op("Relu", op("Gemm", flat, constant("into", head.into), constant("offset", head.offset)))
    op("Sigmoid", op("Gemm", hidden, constant("out", head.out), constant("bias", head.bias)), out=VOICE)
    return made


def _leaky_means() -> onnx.GraphProto:
    """One frame of ``head.remembered``: the means of the frame before (ROWS, BANDS) and what is heard (BANDS,) to the
    means now, and what is seen (ROWS - 1, BANDS). The last of the ROWS is how much of the song's mean is known.
    """
    made = _Part()
    op, constant = made.op, made.constant
    keep = keeps()[:, None]
    means, slowest = len(keep) - 1, len(keep) - 2
    before, heard = f"{PREFIX}before", f"{PREFIX}frame"
    sizes = constant("sizes", [means, 1, 1], np.int64)
    parts = [f"{PREFIX}means", f"{PREFIX}restless", f"{PREFIX}known"]
    made.nodes.append(helper.make_node("Split", [before, sizes], parts, axis=0))
    away = op("Sub", f"{PREFIX}means", heard)
    now = op("Add", op("Mul", away, constant("keep", keep[:means])), heard)
    note = op("Gather", now, constant("second", [1], np.int64))
    moved = op("Abs", op("Sub", heard, note))
    since = op("Sub", f"{PREFIX}restless", moved)
    restless = op("Add", op("Mul", since, constant("keep_last", keep[means:])), moved)
    one = constant("one", 1.0)
    unknown = op("Sub", f"{PREFIX}known", one)
    known = op("Add", op("Mul", unknown, constant("keep_slowest", keep[slowest:means])), one)
    quick = op("Slice", now, constant("none", [0], np.int64), constant("quick", [slowest], np.int64))
    last = op("Slice", now, constant("quick_end", [slowest], np.int64), constant("all", [means], np.int64))
    seen, after = f"{PREFIX}frame_seen", f"{PREFIX}after"
    made.nodes.append(helper.make_node("Concat", [quick, op("Div", last, known), restless], [seen], axis=0))
    made.nodes.append(helper.make_node("Concat", [now, restless, known], [after], axis=0))
    tensor = helper.make_tensor_value_info
    return helper.make_graph(
        made.nodes,
        f"{PREFIX}leaky_means",
        [tensor(before, TensorProto.FLOAT, [ROWS, BANDS]), tensor(heard, TensorProto.FLOAT, [BANDS])],
        [tensor(after, TensorProto.FLOAT, [ROWS, BANDS]), tensor(seen, TensorProto.FLOAT, [ROWS - 1, BANDS])],
        made.constants,
    )
