"""Runs a model on one frame after the other, in arrays that are bound to its session once.

Live light without a look-ahead has one frame at a time; handing over its arrays and getting new ones took longer than
the model itself.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from yulelight.core.messages import CHANNELS
from yulelight.encoder.contract import INPUT, OUTPUT, VOICE, Answer, Floats, State
from yulelight.encoder.manifest import BINS


class SingleFrames:
    """For one stream. The state of an answer is valid until the run after the next."""

    def __init__(self, session: Any, states: Mapping[str, tuple[int, ...]], *, voice: bool) -> None:
        self._session = session
        self._frame = np.zeros((1, BINS), np.float32)
        self._levels = np.zeros((1, CHANNELS), np.float32)
        self._voice = np.zeros((1, int(voice)), np.float32)
        self._states: list[State] = [
            {name: np.zeros(shape, np.float32) for name, shape in states.items()} for _ in range(2)
        ]
        shown = {OUTPUT: self._levels} | ({VOICE: self._voice} if voice else {})
        self._bound = [
            _bound(
                session,
                {INPUT: self._frame, **before},
                shown | {f"next_{name}": value for name, value in after.items()},
            )
            for before, after in (self._states, self._states[::-1])
        ]
        self._turn = 0

    def run(self, magnitudes: Floats, state: State) -> Answer:
        """As ``Encoder.run``, for (1, 513) magnitudes."""
        before = self._states[self._turn]
        if state is not before:
            for name, value in before.items():
                value[...] = state[name]
        self._frame[...] = magnitudes
        self._session.run_with_iobinding(self._bound[self._turn])
        self._turn = 1 - self._turn
        return Answer(self._levels.copy(), self._voice.copy(), self._states[self._turn])


def _bound(session: Any, into: Mapping[str, Floats], out: Mapping[str, Floats]) -> Any:
    """Inputs and outputs of the session, which are read from these arrays and written into them."""
    binding = session.io_binding()
    for name, value in into.items():
        binding.bind_input(name, "cpu", 0, np.float32, value.shape, value.ctypes.data)
    for name, value in out.items():
        binding.bind_output(name, "cpu", 0, np.float32, value.shape, value.ctypes.data)
    return binding
