"""What a decision of live light is made from."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]
Frames = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """The data for a decision: frames from ``first`` on."""

    first: int
    levels: Array
    """(n, channels), dark in silence."""
    sound: Array
    """(n, k): what states should tell if the model has a reading for all songs; else the levels."""
    audible: npt.NDArray[np.bool_]
    """(n,)."""
    loudness: Array
    """(n,) in dBFS, over half a second."""
    sung: npt.NDArray[np.bool_]
    """(n,): somebody sings in this music, so that a channel is the voice's."""

    @property
    def end(self) -> int:
        return self.first + len(self.levels)

    def means(self, values: Array, starts: Frames, ends: Frames) -> npt.NDArray[np.float64]:
        """Mean of ``values`` (n, ...) between each of ``starts`` and ``ends``."""
        parts = [slice(a - self.first, b - self.first) for a, b in zip(starts, ends, strict=True)]
        return np.array([values[part].mean(0, np.float64) for part in parts])
