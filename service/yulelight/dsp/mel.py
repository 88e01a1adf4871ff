"""The mel scale (Slaney 1998, Auditory Toolbox): linear up to 1 kHz, logarithmic above."""

from functools import cache

import numpy as np

from .samples import Floats
from .spectrum import BINS, RATE

_LINEAR = 200 / 3
"""Hz per mel below 1 kHz."""
_KNEE = 1000.0
_OCTAVES = 27 / np.log(6.4)
"""Mels per factor of e above."""


@cache
def mel_filters(bands: int, lowest: float = 20.0, highest: float = 11025.0) -> Floats:
    """Triangular filters (513, bands) from power spectra to mel bands, frequencies in Hz.

    A band reads the power density (per 100 Hz): filters have equal area, so that white noise reads the same in all.
    """
    edges = _hertz(np.linspace(_mels(lowest), _mels(highest), bands + 2))
    bins = np.arange(BINS)[:, None] * RATE / (2 * (BINS - 1))
    rising = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - bins) / (edges[2:] - edges[1:-1])
    density = 200 / (edges[2:] - edges[:-2])
    filters = np.asarray(np.maximum(np.minimum(rising, falling), 0) * density, np.float32)
    filters.flags.writeable = False  # the array is shared by all callers
    return filters


def _mels(hertz: float) -> float:
    if hertz < _KNEE:
        return hertz / _LINEAR
    return float(_KNEE / _LINEAR + _OCTAVES * np.log(hertz / _KNEE))


def _hertz(mels: np.ndarray) -> np.ndarray:
    knee = _KNEE / _LINEAR
    return np.where(mels < knee, mels * _LINEAR, _KNEE * np.exp((mels - knee) / _OCTAVES))
