"""Small ONNX models made on the spot: some keep the contract, some break one clause of it."""

import numpy as np
from onnx import GraphProto, ModelProto, NodeProto, TensorProto, ValueInfoProto, helper, numpy_helper

PROPERTIES = {
    "contract": "1",
    "name": "test",
    "sample_rate": "44100",
    "window": "1024",
    "hop": "512",
    "channels": "8",
    "latency_frames": "0",
    "training_set": "noise (CC0-1.0)",
    "licence": "CC0-1.0",
    "metrics": "{}",
}


def model(
    *,
    properties: dict[str, str | None] | None = None,
    bins: int = 513,
    channels: int = 8,
    frames: int | str = "frames",
    kind: int = TensorProto.FLOAT,
    input_name: str = "magnitudes",
    output_name: str = "levels",
    last: str = "Sigmoid",
) -> bytes:
    """Levels = last(magnitudes @ weights). A property set to None is left out."""
    weights = np.random.default_rng(7).normal(0, 0.3, (bins, channels))
    nodes = [
        helper.make_node("MatMul", [input_name, "weights"], ["sums"]),
        helper.make_node(last, ["sums"], [output_name]),
    ]
    graph = helper.make_graph(
        nodes,
        "test",
        [helper.make_tensor_value_info(input_name, kind, [frames, bins])],
        [helper.make_tensor_value_info(output_name, kind, [frames, channels])],
        [numpy_helper.from_array(weights.astype(helper.tensor_dtype_to_np_dtype(kind)), "weights")],
    )
    return _serialised(graph, properties)


def undefined_for_silence() -> bytes:
    """Divides the spectrum by itself: 0 / 0 in silence."""
    nodes = [
        helper.make_node("Div", ["magnitudes", "magnitudes"], ["ones"]),
        helper.make_node("MatMul", ["ones", "weights"], ["sums"]),
        helper.make_node("Sigmoid", ["sums"], ["levels"]),
    ]
    return _serialised(_graph(nodes, {}, {}), None)


def with_voice(
    *, channel: str | None = "3", output: str = "voice", width: int = 1, last: str = "Sigmoid"
) -> bytes:
    """As ``model``, with a voice that is as bright as the magnitude of bin 100."""
    nodes = [
        helper.make_node("MatMul", ["magnitudes", "weights"], ["sums"]),
        helper.make_node("Sigmoid", ["sums"], ["levels"]),
        helper.make_node("Slice", ["magnitudes", "hundred", "end", "columns"], ["loud"]),
        helper.make_node(last, ["loud"], [output]),
    ]
    bounds = {"hundred": 100, "end": 100 + width, "columns": 1}
    graph = helper.make_graph(
        nodes,
        "test",
        [_tensor("magnitudes", ("frames", 513))],
        [_tensor("levels", ("frames", 8)), _tensor(output, ("frames", width))],
        [
            numpy_helper.from_array(
                np.random.default_rng(7).normal(0, 0.3, (513, 8)).astype(np.float32), "weights"
            ),
            *(numpy_helper.from_array(np.array([value], np.int64), name) for name, value in bounds.items()),
        ],
    )
    return _serialised(graph, {"voice_channel": channel})


def with_memory(
    *, next_name: str = "next_state_past", next_shape: tuple[int, int] = (2, 513), past: int | str = 2
) -> bytes:
    """levels[k] = sigmoid((magnitudes[k] - magnitudes[k - 2]) @ weights); remembers the last two frames."""
    nodes = [
        helper.make_node("Concat", ["state_past", "magnitudes"], ["all"], axis=0),
        helper.make_node("Slice", ["all", "minus_two", "end", "zero"], [next_name]),
        helper.make_node("Slice", ["all", "zero", "minus_two", "zero"], ["earlier"]),
        helper.make_node("Sub", ["magnitudes", "earlier"], ["change"]),
        helper.make_node("MatMul", ["change", "weights"], ["sums"]),
        helper.make_node("Sigmoid", ["sums"], ["levels"]),
    ]
    return _serialised(_graph(nodes, {"state_past": (past, 513)}, {next_name: next_shape}), None)


def _graph(
    nodes: list[NodeProto], states: dict[str, tuple[int | str, int]], after: dict[str, tuple[int, int]]
) -> GraphProto:
    weights = np.random.default_rng(7).normal(0, 0.3, (513, 8)).astype(np.float32)
    indices = {"zero": 0, "minus_two": -2, "end": 2**31 - 1}
    return helper.make_graph(
        nodes,
        "test",
        [_tensor("magnitudes", ("frames", 513)), *(_tensor(name, shape) for name, shape in states.items())],
        [_tensor("levels", ("frames", 8)), *(_tensor(name, shape) for name, shape in after.items())],
        [
            numpy_helper.from_array(weights, "weights"),
            *(numpy_helper.from_array(np.array([value], np.int64), name) for name, value in indices.items()),
        ],
    )


def _tensor(name: str, shape: tuple[int | str, int]) -> ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def _serialised(graph: GraphProto, properties: dict[str, str | None] | None) -> bytes:
    proto: ModelProto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    merged = PROPERTIES | (properties or {})
    helper.set_model_props(proto, {f"yulelight.{k}": v for k, v in merged.items() if v is not None})
    return bytes(proto.SerializeToString())
