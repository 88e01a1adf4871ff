"""What the on/off states of the lights mean: a linear reading of the sound from them, the same for every song.

The sound is what the codes tell, about the song's average (``sparse.Average``): the directions of their space, each
weighed by how much of the mel spectrum it decodes to. The reading is sound = now @ (x - usual) + leaky @ (s - usual),
where x are the states (0 or 1) and s their leaky means (``show/readout.py``). It is learnt on many songs together with
the states that are chosen by it (``lab/training/meaning.py``), so it can be read in songs that it was not learnt from.

A model file carries it as the property ``yulelight.meaning``: a JSON object of the arrays below. For models without it,
each song gets a reading of its own.
"""

import json
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from yulelight.core.errors import ModelError
from yulelight.core.messages import CHANNELS
from yulelight.encoder.sparse import MAX_LENGTH, Average, array_of

Array = npt.NDArray[np.float32]

PROPERTY = "yulelight.meaning"
"""Its name in a model file."""

LAGS = 6
"""Steps of about a tenth of a second in the reading of levels."""


@dataclass(frozen=True, slots=True, eq=False)
class Meaning:
    """The arrays of the reading."""

    sound: Array
    """(channels, channels): codes about their average times it are the sound, with a mean square of about 1."""
    now: Array
    """(channels, channels): what each light that is on says of the sound, by its columns."""
    leaky: Array
    """(channels, channels): what its leaky mean says."""
    usual: Array
    """(channels,): share of the time for which each light is on."""
    lags: Array
    """(LAGS * channels, channels): levels about their mean, of now and of the tenths of a second before, times it are
    the sound."""
    at_once: Array
    """(channels, channels): those of now alone times it are the sound, as far as they tell it."""

    def sound_of(self, codes: Array, average: Average) -> Array:
        """The sound (..., channels) of ``codes`` (..., channels)."""
        about = (codes - average.mean) / np.float32(np.sqrt(average.square))
        return np.asarray(about @ self.sound, np.float32)

    def to_json(self) -> str:
        """As a model's property."""
        return json.dumps({one.name: np.round(getattr(self, one.name), 6).tolist() for one in fields(self)})


def parse(text: str) -> Meaning:
    """What ``to_json`` wrote. Raises ModelError, without the file's name, for anything else."""
    square = (CHANNELS, CHANNELS)
    shapes: dict[str, tuple[int, ...]] = {
        "sound": square,
        "now": square,
        "leaky": square,
        "usual": (CHANNELS,),
        "lags": (LAGS * CHANNELS, CHANNELS),
        "at_once": square,
    }
    try:
        if len(text) > MAX_LENGTH:
            raise ValueError
        found = json.loads(text)
        arrays = {name: array_of(found[name]) for name in shapes}
        if any(arrays[name].shape != shape for name, shape in shapes.items()):
            raise ValueError
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError) as error:
        raise ModelError(
            "has a property yulelight.meaning that is not what it must be; export it again"
        ) from error
    return Meaning(**arrays)
