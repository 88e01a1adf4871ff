"""Turns bulbs into light: each has a halo and illuminates its surroundings.

Both are the picture of the bulbs blurred by sums of Gaussians: narrow ones for the halo, wide ones, multiplied by the
reflectance of surfaces, for the light on walls and snow. This is a cheap approximation of the inverse-square law.
"""

from collections.abc import Sequence

import numpy as np

from yulelight.lab.preview.canvas import Floats
from yulelight.lab.preview.plan import WIDTH

HALO = ((2.2, 0.60), (6.0, 0.32), (20.0, 0.12), (90.0, 0.05))
SPILL = ((8.0, 0.50), (24.0, 1.00), (64.0, 1.20), (160.0, 0.80))
"""Standard deviation in units of the scene, weight."""


def lit(bulbs: Floats, shine: Floats, reflects: Floats) -> Floats:
    """The light of one group, all (height, width, 3): its bulbs, their halo, and the surfaces they illuminate."""
    return bulbs + blurred(bulbs, HALO) + reflects * blurred(bulbs + shine, SPILL)


def blurred(picture: Floats, gaussians: Sequence[tuple[float, float]]) -> Floats:
    """The weighted sum of the picture (height, width, 3) blurred by each Gaussian; beyond its edges it is dark."""
    height, width, _ = picture.shape
    unit = width / WIDTH
    edge = round(2 * max(sigma for sigma, _ in gaussians) * unit)
    shape = (_smooth(height + edge), _smooth(width + edge))
    down, across = np.fft.fftfreq(shape[0])[:, None], np.fft.rfftfreq(shape[1])[None, :]
    squared = 2 * (np.pi * unit) ** 2 * (down**2 + across**2)
    kernel = np.float32(sum(weight * np.exp(-squared * sigma**2) for sigma, weight in gaussians))
    result = np.empty_like(picture)
    for colour in range(3):
        spread = np.fft.irfft2(np.fft.rfft2(picture[..., colour], shape) * kernel, shape)
        result[..., colour] = spread[:height, :width]
    return np.maximum(result, 0)


def _smooth(length: int) -> int:
    """The next length that is fast for an FFT: no prime factor above 5."""
    while True:
        rest = length
        for prime in (2, 3, 5):
            while rest % prime == 0:
                rest //= prime
        if rest == 1:
            return length
        length += 1
