"""Checks that an ONNX model satisfies the contract in docs/architecture.md.

Every check raises ModelError without the file's name; ``model.load`` adds it.
"""

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from yulelight.core.errors import ModelError
from yulelight.core.messages import CHANNELS
from yulelight.encoder.manifest import BINS

Floats = npt.NDArray[np.float32]
State = dict[str, Floats]
"""The state of a model: its ``state_*`` tensors by name."""
Run = Callable[[Floats, State], tuple[Floats, State]]

INPUT, OUTPUT = "magnitudes", "levels"
_MAX_STATE = 1_000_000
_PROBE_LENGTHS = (1, 7, 32)


def check_shapes(inputs: Sequence[Any], outputs: Sequence[Any]) -> dict[str, tuple[int, ...]]:
    """Checks the declared names, types and shapes; returns the shape of each ``state_*`` tensor.

    ``inputs`` and ``outputs`` are onnxruntime's NodeArgs.
    """
    for arg in (*inputs, *outputs):
        if arg.type != "tensor(float)":
            raise ModelError(f"has {arg.name[:40]!r} of type {arg.type}, must be float32; export it again")
    into, out = ({arg.name: tuple(arg.shape) for arg in args} for args in (inputs, outputs))
    _check_frames(INPUT, into.pop(INPUT, None), BINS)
    _check_frames(OUTPUT, out.pop(OUTPUT, None), CHANNELS)
    states = {name: _static(name, shape) for name, shape in into.items()}
    if {f"next_{name}": shape for name, shape in states.items()} != out:
        raise ModelError(
            f"has inputs {sorted(into)} but outputs {sorted(out)}; each state_x needs a next_state_x of its shape"
        )
    if sum(map(prod, states.values())) > _MAX_STATE:
        raise ModelError(f"remembers more than {_MAX_STATE} numbers from frame to frame; use a smaller model")
    return states


def check_answers(run: Run, zeros: Callable[[], State]) -> None:
    """Checks the output for silence, noise and a full-scale signal: one frame, then more with the resulting state."""
    noise = np.random.default_rng(0).random((max(_PROBE_LENGTHS), BINS), dtype=np.float32)
    probes: Mapping[str, Floats] = {
        "silence": np.zeros_like(noise),
        "noise": noise,
        "full scale": np.ones_like(noise),
    }
    for name, probe in probes.items():
        state = zeros()
        for length in _PROBE_LENGTHS:
            levels, state = run(probe[:length], state)
            _check_answer(name, length, levels, state, zeros())


def _check_answer(probe: str, length: int, levels: Floats, state: State, zeros: State) -> None:
    if levels.shape != (length, CHANNELS):
        raise ModelError(
            f"answers {length} frames with an array {levels.shape}, must be {(length, CHANNELS)}"
        )
    if not np.isfinite(levels).all():
        raise ModelError(
            f"answers {probe} with numbers that are not finite; train it again or choose another"
        )
    if levels.min() < 0 or levels.max() > 1:
        raise ModelError(
            f"answers {probe} with levels from {levels.min():.3g} to {levels.max():.3g}, must be 0 to 1; "
            "train it again or choose another"
        )
    for name, value in state.items():
        if value.shape != zeros[name].shape or not np.isfinite(value).all():
            raise ModelError(
                f"answers {probe} with an unusable next_{name}; train it again or choose another"
            )


def _check_frames(name: str, shape: tuple[Any, ...] | None, width: int) -> None:
    if shape is None:
        raise ModelError(f"has no tensor named {name!r}; export it as docs/architecture.md says")
    if len(shape) != 2 or isinstance(shape[0], int) or shape[1] != width:
        raise ModelError(
            f"has {name!r} of shape {list(shape)}, must be [any number of frames, {width}]; export it again"
        )


def _static(name: str, shape: tuple[Any, ...]) -> tuple[int, ...]:
    if not name.startswith("state_"):
        raise ModelError(f"wants an input {name[:40]!r} that Yulelight does not know; export it again")
    if not all(isinstance(size, int) and size > 0 for size in shape):
        raise ModelError(f"has {name[:40]!r} of shape {list(shape)}, must be fixed; export it again")
    return shape
