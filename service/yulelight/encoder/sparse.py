"""From a model's codes, each stretched to its song's range, to levels that leave most lights dark.

Codes are about half up most of the time; a house lit like that has nothing to say with light. A small network, the
same for all songs, turns them into levels from which as much of the music can be read by one fixed linear reading,
yet of which half are dark (``lab/training/sparse.py`` learns it). Frame by frame, so live light has it, too.

A model file carries it as the property ``yulelight.sparse``: a JSON object of the five arrays below. Models without
it are shown as they are.
"""

import json
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from yulelight.core.errors import ModelError
from yulelight.core.messages import CHANNELS

Array = npt.NDArray[np.float32]

MOST_UNITS = 256
LARGEST = 100.0
"""Maximum weight, so that nothing overflows."""
LONGEST = 200_000
"""Maximum length of the property."""


@dataclass(frozen=True, slots=True, eq=False)
class Sparse:
    """levels = sigmoid(codes @ direct + bias + relu(codes @ into + offset) @ out)."""

    direct: Array
    """(channels, channels)."""
    bias: Array
    """(channels,)."""
    into: Array
    """(channels, units)."""
    offset: Array
    """(units,)."""
    out: Array
    """(units, channels)."""

    def levels(self, codes: Array) -> Array:
        """Levels (..., channels) in [0, 1] of ``codes`` (..., channels) in [0, 1]; no codes at all are dark."""
        hidden = np.maximum(codes @ self.into + self.offset, 0)
        shown = _sigmoid(codes @ self.direct + self.bias + hidden @ self.out)
        rest = _sigmoid(self.bias + np.maximum(self.offset, 0) @ self.out)
        return np.asarray(np.clip((shown - rest) / np.maximum(1 - rest, 1e-3), 0, 1), np.float32)

    def to_json(self) -> str:
        """The value of the model's property."""
        return json.dumps({one.name: np.round(getattr(self, one.name), 4).tolist() for one in fields(self)})


def parse(text: str) -> Sparse:
    """The inverse of ``to_json``. Raises ModelError, without the file's name, for anything else."""
    try:
        if len(text) > LONGEST:
            raise ValueError
        found = json.loads(text)
        arrays = {one.name: _array(found[one.name]) for one in fields(Sparse)}
        units = len(arrays["offset"])
        shapes = {
            "direct": (CHANNELS, CHANNELS),
            "bias": (CHANNELS,),
            "into": (CHANNELS, units),
            "offset": (units,),
            "out": (units, CHANNELS),
        }
        if units > MOST_UNITS or any(arrays[name].shape != shape for name, shape in shapes.items()):
            raise ValueError
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError) as error:
        raise ModelError(
            "has a property yulelight.sparse that is not what it must be; export it again"
        ) from error
    return Sparse(**arrays)


def _array(values: Any) -> Array:
    array = np.array(values, np.float32)
    if not np.isfinite(array).all() or np.abs(array).max(initial=0.0) > LARGEST:
        raise ValueError
    return array


def _sigmoid(values: npt.NDArray[np.floating]) -> Array:
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -60, 60))), np.float32)
