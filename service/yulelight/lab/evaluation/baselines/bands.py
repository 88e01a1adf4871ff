"""lightshowpi's lights, from its published description.

The left channel in chunks of 2048 samples without overlap, Hann window, power summed over eight bands of equal octaves
from 20 to 15,000 Hz, log10; a band's brightness goes from half a standard deviation below its mean (dark) to three
quarters above (full). Mean and deviation are those of what was heard so far, beginning as if two chunks had been
heard with mean 12 and deviation 1.5; or, for a file that was played before, of the whole song. The lights of a chunk
come on as it begins to sound. Optionally light fades by no more than a fixed step a chunk (its decay factor).
Samples count as 16-bit integers.
"""

import numpy as np

from yulelight.dsp.samples import Floats
from yulelight.dsp.spectrum import RATE
from yulelight.lab.evaluation.arrays import Array
from yulelight.lab.evaluation.baselines.frames import power_sums

CHUNK = 2048
LOWEST, HIGHEST = 20.0, 15_000.0
"""Hz."""
FULL_SCALE = 32768.0
FIRST_CHUNKS, FIRST_MEAN, FIRST_DEVIATION = 2, 12.0, 1.5
DECAY = 0.1
"""Level a chunk."""


def log_bands(
    samples: Floats, *, channels: int = 8, decay: float = 0.0, whole: bool = False
) -> tuple[Array, float]:
    """Levels (frames, channels) 21.5 times a second; ``whole`` takes mean and deviation of the whole song."""
    left = samples if samples.ndim == 1 else samples[:, 0]
    power = power_sums(left * np.float32(FULL_SCALE), CHUNK, CHUNK, _octaves(channels))
    loudness = np.log10(np.maximum(power, 1.0))
    mean, deviation = (loudness.mean(0), loudness.std(0)) if whole else _so_far(loudness)
    deviation = np.maximum(deviation, 1e-9)
    levels = np.clip((loudness - mean + 0.5 * deviation) / (1.25 * deviation), 0.0, 1.0)
    return fading(levels, decay), RATE / CHUNK


def _so_far(loudness: Array) -> tuple[Array, Array]:
    """Mean and deviation of each frame and those before it, both (frames, channels)."""
    heard = np.arange(1, len(loudness) + 1)[:, None] + FIRST_CHUNKS
    mean = (loudness.cumsum(0) + FIRST_CHUNKS * FIRST_MEAN) / heard
    squares = (loudness**2).cumsum(0) + FIRST_CHUNKS * (FIRST_MEAN**2 + FIRST_DEVIATION**2)
    return mean, np.sqrt(np.maximum(squares / heard - mean**2, 0.0))


def fading(levels: Array, decay: float) -> Array:
    """Levels that fall by no more than ``decay`` a frame; 0 lets them fall at once."""
    if decay <= 0:
        return levels
    out = levels.copy()
    for k in range(1, len(out)):
        np.maximum(out[k], out[k - 1] - decay, out=out[k])
    return out


def _octaves(channels: int) -> Array:
    """Which FFT bin belongs to which band: (bins, channels) of 0 and 1; each band has one bin at least."""
    edges = np.geomspace(LOWEST, HIGHEST, channels + 1) * CHUNK / RATE
    first = np.floor(edges[:-1]).astype(int)
    last = np.maximum(np.floor(edges[1:]).astype(int), first + 1)
    bins = np.arange(CHUNK // 2 + 1)[:, None]
    return np.asarray((bins >= first) & (bins < last), np.float64)
