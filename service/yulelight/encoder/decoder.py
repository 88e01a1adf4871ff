"""Reconstructs the mel spectrum from levels, to evaluate how much of the sound they preserve. Not used by shows.

One decoder for all models, so that they can be compared: ridge regression on the levels of three frames, the one
before to the one after, each as it is and as its root. More frames, squares or a network explained songs held back from
the training set no better. A model's decoder lies beside it as NAME.decoder.npz and was fitted to the songs the model
learnt from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt

from yulelight.core import storage
from yulelight.core.errors import ModelError
from yulelight.core.messages import CHANNELS
from yulelight.dsp.mel import mel_filters
from yulelight.dsp.samples import Floats

BANDS = 96
FLOOR_DB = -80.0
AROUND = 1
"""Frames before and after the reconstructed one."""
SHRINK = 5e-4
SILENCE = 10 ** (-60 / 20)
"""A song begins and ends with the first and last frame that holds a magnitude above this."""
FEATURES = 2 * CHANNELS * (2 * AROUND + 1)
SUFFIX = ".decoder.npz"


@dataclass(frozen=True, eq=False)
class Decoder:
    """Weights (FEATURES + 1, BANDS), the last row the bias, and the mean spectrum (BANDS,) of the training songs."""

    weights: Floats
    mean: Floats

    def spectra(self, levels: Floats) -> Floats:
        """Scaled mel spectra (n, BANDS) from the levels (n, 8) of a song."""
        return np.asarray(_features(levels) @ self.weights[:-1] + self.weights[-1], np.float32)

    def explained(self, levels: Floats, spectra: Floats) -> float:
        """Explained variance 1 - SSE / SSE of the training songs' mean. NaN without frames."""
        missed, all_there_is = (
            float(np.square(spectra - guess, dtype=np.float64).sum())
            for guess in (self.spectra(levels), self.mean)
        )
        return 1 - missed / all_there_is if all_there_is > 0 else float("nan")

    def save(self, model: Path) -> None:
        """Saves it next to ``model``. Raises UsageError."""
        archive = BytesIO()
        np.savez(archive, weights=self.weights.astype(np.float16), mean=self.mean.astype(np.float32))
        storage.save(beside(model), archive.getvalue())


def beside(model: Path) -> Path:
    """The path of the decoder of the model file ``model``."""
    return model.with_name(model.stem + SUFFIX)


def read(model: Path) -> Decoder | None:
    """The decoder of the model file; None if there is none. Raises ModelError if it is damaged."""
    path = beside(model)
    if not path.is_file():
        return None
    try:
        with np.load(path, allow_pickle=False) as file:
            weights, mean = file["weights"].astype(np.float32), file["mean"].astype(np.float32)
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{path.name} is damaged; train the model again or remove the file") from error
    if weights.shape != (FEATURES + 1, BANDS) or mean.shape != (BANDS,):
        raise ModelError(f"{path.name} is of another version; train the model again or remove the file")
    return Decoder(weights, mean)


def scaled_mel(magnitudes: Floats, bands: int = BANDS) -> Floats:
    """(dB + 80) / 80 of the mel bands' power, clipped to [0, 1]: (n, 513) to (n, bands)."""
    power = np.square(magnitudes) @ mel_filters(bands)
    power = np.clip(power, 10 ** (FLOOR_DB / 10), 1.0)
    return np.asarray(1 - 10 / FLOOR_DB * np.log10(power), np.float32)


def sounding(magnitudes: Floats) -> slice:
    """The frames from the first to the last that is not silent."""
    loud = np.flatnonzero(magnitudes.max(axis=1, initial=0.0) > SILENCE)
    return slice(int(loud[0]), int(loud[-1]) + 1) if loud.size else slice(0, 0)


def fit(songs: Sequence[tuple[Floats, Floats]]) -> Decoder:
    """The decoder for ``songs``: the levels (n, 8) and scaled mel spectra (n, BANDS) of each."""
    square = np.zeros((FEATURES + 1,) * 2)
    cross = np.zeros((FEATURES + 1, BANDS))
    count = 0
    for levels, spectra in songs:
        features = np.column_stack([_features(levels), np.ones(len(levels))])
        square += features.T @ features
        cross += features.T @ spectra
        count += len(levels)
    shrink = np.eye(len(square)) * SHRINK * max(count, 1)
    shrink[-1, -1] = 1e-9
    mean = cross[-1] / max(count, 1)
    return Decoder(np.linalg.solve(square + shrink, cross).astype(np.float32), mean.astype(np.float32))


def _features(levels: Floats) -> npt.NDArray[np.float64]:
    shapes = np.concatenate([levels, np.sqrt(levels)], axis=1).astype(np.float64)
    padded = np.pad(shapes, ((AROUND, AROUND), (0, 0)), mode="edge") if len(shapes) else shapes
    return np.concatenate([padded[k : k + len(shapes)] for k in range(2 * AROUND + 1)], axis=1)
