"""Normalisation of samples: finite, float, in one or two channels."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

LIMIT = 1e6
"""The largest sample that ``finite`` returns (120 dB over full scale), so that its square stays finite."""

_EXTRA_CHANNEL = 0.7071
"""Gain with which each channel beyond the front pair is added to both sides: half its power."""


def finite(samples: Floats) -> Floats:
    """The samples with NaN and infinities replaced by silence and all others clipped to ±LIMIT.

    Any shape. Returns the argument itself if nothing had to be changed, which is nearly always the case.
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

    A single channel is duplicated. With more than two, the first pair is taken as front left and right, as in WAV and
    FFmpeg, and every further channel is added to both sides at -3 dB; the sum is scaled so that it cannot exceed the
    loudest channel.
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
    """(n, 2) → (n,): the mean of left and right, from which the spectrum frames are computed."""
    mixed: Floats = block[:, 0] + block[:, 1]
    mixed *= np.float32(0.5)
    return mixed
