"""Spectrum frames, for whole songs and for streams: docs/architecture.md, "Feature frames".

Frame k is the 1024-sample Hann window centred on sample k * 512, with half a window of silence before the
first sample and after the last: n samples make 1 + n // 512 frames. Magnitudes read 1.0 for a full-scale
sine in the middle of a bin. NaN and infinite samples count as silence (``samples.finite``): frames are always
finite.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from yulelight.dsp.samples import Floats, finite

RATE = 44100
WINDOW = 1024
HOP = 512
BINS = WINDOW // 2 + 1
FRAME_RATE = RATE / HOP
"""Frames per second: 86.13."""

SILENCE_DB = -120.0
"""The loudness of silence, and the lowest value of ``loudness``."""

_HALF = WINDOW // 2
_HANN = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)
_SCALED_HANN = (_HANN * 2 / _HANN.sum()).astype(np.float32)
_NOISE_BANDWIDTH = WINDOW * float((_HANN**2).sum()) / float(_HANN.sum()) ** 2
"""Equivalent noise bandwidth of the window in bins (1.5 for Hann): a sine's power summed over its bins."""
_BLOCK = 64
"""Frames transformed at a time, so that the block and its spectrum fit into the second-level cache."""


def magnitudes(samples: Floats) -> Floats:
    """Spectrum frames of a whole song.

    ``samples``: (n,) float32, mono at 44.1 kHz. Returns (1 + n // 512, 513) float32.
    Raises ValueError for another shape.
    """
    silence = np.zeros(_HALF, np.float32)
    return _transform(np.concatenate([silence, _checked(samples), silence]))


class SpectrumStream:
    """The same frames as ``magnitudes``, from samples that arrive in blocks of any size.

    A frame is returned by the push that completes its window, half a window (11.6 ms) after its time.
    """

    def __init__(self) -> None:
        self._pending = np.zeros(_HALF, np.float32)

    def push(self, samples: Floats) -> Floats:
        """Takes (n,) float32; returns the (k, 513) frames completed by them, possibly none."""
        pending = np.concatenate([self._pending, _checked(samples)])
        frames = _transform(pending)
        self._pending = pending[len(frames) * HOP :].copy()
        return frames

    def flush(self) -> Floats:
        """Ends the stream and returns its last (k, 513) frames. The next push starts a new stream."""
        frames = self.push(np.zeros(_HALF, np.float32))
        self._pending = np.zeros(_HALF, np.float32)
        return frames


def loudness(frames: Floats) -> Floats:
    """Loudness of magnitude frames in dBFS: (frames, 513) → (frames,) float32.

    The power of all bins over the window's noise bandwidth: a full-scale sine of any frequency reads 0 dB,
    and so does white noise of the same RMS; silence reads SILENCE_DB.
    """
    power = np.einsum("ij,ij->i", frames, frames) / _NOISE_BANDWIDTH
    level = 10 * np.log10(np.maximum(power, np.float32(1e-20)))
    return np.asarray(np.maximum(level, SILENCE_DB), np.float32)


def _checked(samples: Floats) -> Floats:
    samples = np.asarray(samples, np.float32)
    if samples.ndim != 1:
        raise ValueError(f"spectrum frames need mono samples of shape (n,), not {samples.shape}")
    return finite(samples)


def _transform(padded: Floats) -> Floats:
    """Magnitudes of every whole window of ``padded``: (n,) → (1 + (n - 1024) // 512, 513)."""
    if len(padded) < WINDOW:
        return np.empty((0, BINS), np.float32)
    # A push usually completes one frame, and creating a view of many is slower than transforming one.
    windows = (
        sliding_window_view(padded, WINDOW)[::HOP] if len(padded) >= WINDOW + HOP else padded[None, :WINDOW]
    )
    frames = np.empty((len(windows), BINS), np.float32)
    for start in range(0, len(windows), _BLOCK):
        block = windows[start : start + _BLOCK]
        np.abs(np.fft.rfft(block * _SCALED_HANN), out=frames[start : start + _BLOCK])
    return frames
