"""Where the sound is between left and right, for every spectrum frame.

What is looked at is the difference from sample to sample: it weakens the bass, which is mixed into the middle and would
hide everything else.
"""

import numpy as np

from yulelight.dsp.samples import Floats, finite
from yulelight.dsp.spectrum import HOP, WINDOW

FULL = 0.3
"""(R - L) / (R + L) of the amplitudes from which the sound counts as wholly on one side: few mixes go further."""
HELD = 0.3
"""Seconds over which it is evened out: lights lean to a side, they do not jump there."""
SILENT = 1e-8
"""Power below which there is nothing to be on a side."""


class SidesStream:
    """Power of left and right in the windows of ``SpectrumStream``: as many frames, from pushes of the same samples."""

    def __init__(self) -> None:
        self._start()

    def _start(self) -> None:
        self._pending = np.zeros((WINDOW // 2, 2), np.float32)
        self._last = np.zeros((1, 2), np.float32)

    def push(self, block: Floats) -> Floats:
        """Takes (n, 2) samples; returns the (k, 2) frames that became complete, possibly none."""
        block = finite(block)
        edges = np.diff(np.concatenate([self._last, block]), axis=0)
        if len(block):
            self._last = block[-1:].copy()
        pending = np.concatenate([self._pending, edges])
        frames = max(0, 1 + (len(pending) - WINDOW) // HOP)
        self._pending = pending[frames * HOP :].copy()
        if not frames:
            return np.empty((0, 2), np.float32)
        hops = pending[: (frames + 1) * HOP].reshape(frames + 1, HOP, 2)
        power = np.einsum("khs,khs->ks", hops, hops) / np.float32(WINDOW)
        return np.asarray(power[1:] + power[:-1], np.float32)

    def flush(self) -> Floats:
        """Ends the stream: returns its last (k, 2) frames. The next push begins a new stream."""
        frames = self.push(np.zeros((WINDOW // 2, 2), np.float32))
        self._start()
        return frames


def pan(power: Floats) -> Floats:
    """Powers of left and right (..., 2) to the side that the sound is on: (...), -1 left to 1 right; 0 in silence."""
    amplitude = np.sqrt(power)
    left, right = amplitude[..., 0], amplitude[..., 1]
    aside = (right - left) / (right + left + np.float32(SILENT**0.5))
    return np.asarray(np.clip(aside / np.float32(FULL), -1, 1), np.float32)
