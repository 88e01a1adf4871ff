"""The position of the sound between left and right, for every spectrum frame.

It is computed from the difference between successive samples: that attenuates the bass, which is usually mixed to the
centre and would mask everything else.
"""

import numpy as np

from yulelight.dsp.samples import Floats, finite
from yulelight.dsp.spectrum import HOP, WINDOW

FULL = 0.3
"""(R - L) / (R + L) of the amplitudes from which the sound counts as fully on one side: few mixes go further."""
HELD = 0.3
"""Smoothing time in seconds, so that lights shift gradually to a side."""
SILENT = 1e-8
"""Power below which the sound has no position."""


class SidesStream:
    """Power of left and right in the windows of ``SpectrumStream``: the same number of frames from the same
    pushes.
    """

    def __init__(self) -> None:
        self._start()

    def _start(self) -> None:
        self._pending = np.zeros((2, WINDOW // 2), np.float32)
        self._last = np.zeros((2, 1), np.float32)

    def push(self, block: Floats) -> Floats:
        """Takes (n, 2) samples; returns the (k, 2) frames completed by them, possibly none."""
        sides = np.concatenate([self._last, finite(block).T], axis=1)
        self._last = sides[:, -1:].copy()
        pending = np.concatenate([self._pending, sides[:, 1:] - sides[:, :-1]], axis=1)
        frames = max(0, 1 + (pending.shape[1] - WINDOW) // HOP)
        self._pending = pending[:, frames * HOP :].copy()
        if not frames:
            return np.empty((0, 2), np.float32)
        hops = pending[:, : (frames + 1) * HOP].reshape(2, frames + 1, HOP)
        power = np.einsum("skh,skh->ks", hops, hops) / np.float32(WINDOW)
        return np.asarray(power[1:] + power[:-1], np.float32)

    def flush(self) -> Floats:
        """Ends the stream and returns its last (k, 2) frames. The next push starts a new stream."""
        frames = self.push(np.zeros((WINDOW // 2, 2), np.float32))
        self._start()
        return frames


def pan(power: Floats) -> Floats:
    """The position (...) from the power of left and right (..., 2): -1 for left to 1 for right, 0 in silence."""
    amplitude = np.sqrt(power)
    left, right = amplitude[..., 0], amplitude[..., 1]
    aside = (right - left) / (right + left + np.float32(SILENT**0.5))
    return np.asarray(np.clip(aside / np.float32(FULL), -1, 1), np.float32)
