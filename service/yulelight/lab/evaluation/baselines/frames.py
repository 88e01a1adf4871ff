"""Windows of a song and their power spectra, as the baselines want them."""

import numpy as np

from yulelight.dsp.samples import Floats, mono
from yulelight.lab.evaluation.arrays import Array

BLOCK = 512
"""Windows transformed at a time, so that an hour of music fits into memory."""


def one_channel(samples: Floats) -> Floats:
    """(n,) of (n,) or (n, 2)."""
    return samples if samples.ndim == 1 else mono(samples)


def padded(samples: Floats, size: int) -> Floats:
    """With half a window of silence at both ends, so that window k is centred on sample k * hop."""
    silence = np.zeros(size // 2, np.float32)
    return np.concatenate([silence, samples, silence])


def power_sums(samples: Floats, size: int, hop: int, weights: Array) -> Array:
    """Power of Hann windows of ``size`` samples every ``hop``, summed into bands: (frames, bands).

    ``weights`` is (size // 2 + 1, bands). A last window that is not full is left out; there is at least one frame.
    """
    if len(samples) < size:
        samples = np.pad(samples, (0, size - len(samples)))
    windows = np.lib.stride_tricks.sliding_window_view(samples, size)[::hop]
    hann = np.hanning(size)
    return np.concatenate(
        [
            np.abs(np.fft.rfft(windows[k : k + BLOCK] * hann)) ** 2 @ weights
            for k in range(0, len(windows), BLOCK)
        ]
    )
