"""Checks that an ONNX model satisfies the contract in docs/architecture.md.

Every check raises ModelError without the file's name; ``model.load`` adds it.
"""

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from yulelight.core.errors import ModelError
from yulelight.core.messages import CHANNELS
from yulelight.encoder.manifest import BINS

Floats = npt.NDArray[np.float32]
State = dict[str, Floats]
"""The state of a model: its ``state_*`` tensors by name."""


class Answer(NamedTuple):
    """What a model answers for n frames."""

    levels: Floats
    """(n, channels) in [0, 1]."""
    voice: Floats
    """(n, 1) in [0, 1], how bright the voice is; (n, 0) of a model without a voice head."""
    state: State


Run = Callable[[Floats, State], Answer]

INPUT, OUTPUT, VOICE = "magnitudes", "levels", "voice"
_MAX_STATE = 1_000_000
_PROBE_LENGTHS = (1, 7, 32)


def check_shapes(
    inputs: Sequence[Any], outputs: Sequence[Any], *, voice: bool = False
) -> dict[str, tuple[int, ...]]:
    """Checks the declared names, types and shapes; returns the shape of each ``state_*`` tensor.

    ``inputs`` and ``outputs`` are onnxruntime's NodeArgs. ``voice``: whether the manifest names a channel for one.
    """
    for arg in (*inputs, *outputs):
        if arg.type != "tensor(float)":
            raise ModelError(f"has {arg.name[:40]!r} of type {arg.type}, must be float32; export it again")
    into, out = ({arg.name: tuple(arg.shape) for arg in args} for args in (inputs, outputs))
    _check_frames(INPUT, into.pop(INPUT, None), BINS)
    _check_frames(OUTPUT, out.pop(OUTPUT, None), CHANNELS)
    if voice:
        _check_frames(VOICE, out.pop(VOICE, None), 1)
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
            answer = run(probe[:length], state)
            state = answer.state
            _check_answer(name, length, answer, zeros())


def _check_answer(probe: str, length: int, answer: Answer, zeros: State) -> None:
    levels, voice, state = answer
    if levels.shape != (length, CHANNELS):
        raise ModelError(
            f"answers {length} frames with an array {levels.shape}, must be {(length, CHANNELS)}"
        )
    if not (np.isfinite(levels).all() and np.isfinite(voice).all()):
        raise ModelError(
            f"answers {probe} with numbers that are not finite; train it again or choose another"
        )
    if levels.min() < 0 or levels.max() > 1:
        raise ModelError(
            f"answers {probe} with levels from {levels.min():.3g} to {levels.max():.3g}, must be 0 to 1; "
            "train it again or choose another"
        )
    if voice.size and (len(voice) != length or voice.min() < 0 or voice.max() > 1):
        raise ModelError(f"answers {probe} with a voice that is not between 0 and 1; train it again")
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
