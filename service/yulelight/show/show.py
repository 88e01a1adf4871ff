"""A rendered show: the light of a song, frame by frame."""

from dataclasses import dataclass, field, fields
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from yulelight.core import storage


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
    """Problems with the song, worded for the user; it is played as far as it could be read."""
    audible: tuple[float, ...] = ()
    """(first, last) moment in seconds at which there is sound; empty when there is none."""
    beats: tuple[float, ...] = ()
    """Seconds."""
    downbeats: tuple[float, ...] = ()
    """Those of ``beats`` at which a bar begins."""
    pan: npt.NDArray[np.int8] = field(default_factory=lambda: np.zeros(0, np.int8))
    """(frames,) where the sound is, from -127 (left) to 127 (right); empty when nobody knows."""
    sung: tuple[float, ...] = ()
    """Start and end in seconds of each stretch in which somebody sings, in turn; empty when nobody does, or knows."""

    @property
    def duration(self) -> float:
        """Seconds."""
        return len(self.levels) / self.rate

    def save(self, path: Path) -> None:
        """Writes the show as a NumPy archive: one array for each field, by its name. Raises UsageError.

        The file is whole or, on a full disk, not there.
        """
        archive = BytesIO()
        self.write(archive)
        storage.save(path, archive.getvalue())

    def write(self, file: BinaryIO) -> None:
        """The archive into an open file. Raises OSError."""
        # Without a type, an empty tuple of words would come back as numbers; it is none either way.
        arrays: dict[str, Any] = {one.name: np.array(getattr(self, one.name)) for one in fields(self)}
        np.savez_compressed(file, **arrays)

    @classmethod
    def load(cls, path: Path) -> "Show":
        """What ``save`` wrote; fields that an older version did not know keep their default.

        Raises OSError, and ValueError when the file is damaged or is no show.
        """
        try:
            with np.load(path, allow_pickle=False) as archive:
                known = {one.name: archive[one.name] for one in fields(cls) if one.name in archive}
            show = cls(**{name: value if name in _ARRAYS else _plain(value) for name, value in known.items()})
        except OSError:
            raise
        except Exception as error:  # zipfile, zlib and numpy each have their own
            raise ValueError(f"{path.name} is not a show: {error}") from error
        shape = show.levels.shape
        if show.levels.dtype != np.uint8 or show.switched.dtype != np.bool_ or show.switched.shape != shape:
            raise ValueError(f"{path.name} is not a show: its levels are of another kind")
        if show.pan.dtype != np.int8 or show.pan.shape not in ((0,), shape[:1]):
            raise ValueError(f"{path.name} is not a show: its pan is of another kind")
        return show


_ARRAYS = frozenset({"levels", "switched", "pan"})


def _plain(value: npt.NDArray[Any]) -> Any:
    """A number, a word or a tuple of them."""
    plain = value.tolist()
    return tuple(plain) if isinstance(plain, list) else plain
