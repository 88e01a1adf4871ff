"""A rendered show: what a song looks like, frame by frame."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True, eq=False)
class Show:
    """``levels`` uint8 and ``switched`` bool, both (frames, channels), at ``rate`` frames a second.

    Frame k belongs to the moment k / rate seconds of the song. ``sections`` are start times in seconds.
    """

    levels: npt.NDArray[np.uint8]
    switched: npt.NDArray[np.bool_]
    rate: float
    sections: tuple[float, ...]
    model: str
    warnings: tuple[str, ...] = ()
    """What was wrong with the song, in words for the user: it plays as far as it could be read."""

    @property
    def duration(self) -> float:
        """Seconds."""
        return len(self.levels) / self.rate

    def save(self, path: Path) -> None:
        """Writes the arrays as a NumPy archive: levels, switched, rate, sections, model."""
        with path.open("wb") as file:
            np.savez_compressed(
                file,
                levels=self.levels,
                switched=self.switched,
                rate=np.float64(self.rate),
                sections=np.array(self.sections, np.float64),
                model=np.array(self.model),
            )
