"""Controls for a trained encoder: eight straight lines through the mel spectrum, chosen well or not at all.

Both see 64 mel bands in dB of the song, 86 times a second, and scale each channel to its own 2nd and 98th percentile.
The principal components are those of the very song they are measured on, which no encoder has the benefit of.
"""

import numpy as np

from yulelight.dsp.samples import Floats
from yulelight.dsp.spectrum import FRAME_RATE, HOP
from yulelight.lab.evaluation.arrays import Array
from yulelight.lab.evaluation.baselines.frames import one_channel, padded, power_sums
from yulelight.lab.evaluation.baselines.mel import WINDOW, mel_weights

BANDS = 64
RANGE_DB = 80.0
SEED = 8


def principal_components(samples: Floats, *, channels: int = 8) -> tuple[Array, float]:
    """Levels (frames, channels) of the song's own first components, each turned so that louder is brighter."""
    frames = mel_frames(samples)
    centred = frames - frames.mean(0)
    _, directions = np.linalg.eigh(centred.T @ centred)
    strongest = directions[:, ::-1][:, :channels]
    strongest = strongest * np.where(strongest.sum(0) < 0, -1.0, 1.0)
    return spread(np.asarray(centred @ strongest, np.float64)), FRAME_RATE


def random_projection(samples: Floats, *, channels: int = 8) -> tuple[Array, float]:
    """Levels (frames, channels) of normally distributed weights, always the same ones."""
    weights = np.random.default_rng(SEED).normal(size=(BANDS, channels))
    return spread(mel_frames(samples) @ weights), FRAME_RATE


def mel_frames(samples: Floats) -> Array:
    """(frames, BANDS) in 0..1: dB from RANGE_DB under the song's loudest band."""
    power = power_sums(padded(one_channel(samples), WINDOW), WINDOW, HOP, mel_weights(BANDS))
    decibels = 10 * np.log10(np.maximum(power, 1e-12) / max(float(power.max()), 1e-12))
    return np.asarray(np.maximum(decibels / RANGE_DB + 1, 0.0), np.float64)


def spread(values: Array) -> Array:
    """Each channel of (frames, channels) from its 2nd (0) to its 98th percentile (1)."""
    low, high = np.quantile(values, (0.02, 0.98), axis=0)
    return np.asarray(np.clip((values - low) / np.maximum(high - low, 1e-9), 0.0, 1.0), np.float64)
