"""Samples as they should have arrived: finite, float, in one or two channels."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

LIMIT = 1e6
"""No sample leaves ``finite`` louder than this (120 dB over full scale), so that its square stays finite."""

_EXTRA_CHANNEL = 0.7071
"""What each channel beyond the front pair adds to either side: half its power."""


def finite(samples: Floats) -> Floats:
    """The samples with NaN and infinities replaced by silence and the rest held within ±LIMIT.

    Any shape. Returns the argument itself when nothing had to be changed, which is nearly always.
    """
    if samples.size == 0 or (samples.max() <= LIMIT and samples.min() >= -LIMIT):
        return samples
    clean = np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0)
    return np.clip(clean, -LIMIT, LIMIT, out=clean)


def as_float(samples: NDArray[Any]) -> Floats:
    """Integer samples as float32 with full scale at 1.0; unsigned bytes are centred on 128. Any shape."""
    if samples.dtype == np.float32:
        return samples
    if samples.dtype == np.uint8:
        return (samples.astype(np.float32) - np.float32(128)) / np.float32(128)
    if samples.dtype.kind == "i":
        return samples.astype(np.float32) / np.float32(-float(np.iinfo(samples.dtype).min))
    with np.errstate(over="ignore"):
        return samples.astype(np.float32)


def stereo(samples: Floats) -> Floats:
    """(n, channels) → (n, 2), without clipping.

    One channel is doubled. Beyond two, the first pair is taken as front left and right, which holds for the
    channel orders of WAV and FFmpeg, and every further channel goes to both sides at -3 dB; the sum is scaled
    back so that it cannot exceed the loudest channel.
    """
    channels = samples.shape[1]
    if channels == 2:
        return samples
    if channels == 1:
        return np.repeat(samples, 2, axis=1)
    rest = samples[:, 2:].sum(axis=1, keepdims=True) * np.float32(_EXTRA_CHANNEL)
    mixed: Floats = (samples[:, :2] + rest) / np.float32(1 + _EXTRA_CHANNEL * (channels - 2))
    return mixed


def mono(block: Floats) -> Floats:
    """(n, 2) → (n,): the mean of left and right, which is what the spectrum frames are made of."""
    mixed: Floats = block[:, 0] + block[:, 1]
    mixed *= np.float32(0.5)
    return mixed
