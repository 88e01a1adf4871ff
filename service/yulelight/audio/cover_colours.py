"""The dominant colours of a cover.

The picture is reduced to a few thousand pixels, and the hues of those that have one are counted in a circle of bins,
each pixel by its colourfulness and brightness. The highest peaks that are far enough apart are the colours.
"""

from io import BytesIO

import av
import numpy as np
import numpy.typing as npt

_SIZE = 64
"""Pixels of a side that are looked at."""
_BINS = 36
_APART = 3
"""Bins between two colours: 30 degrees."""
_LEAST = 0.03
"""Share of all pixels, weighted, below which a hue is no colour of the picture."""
_GREY = 0.2
"""Saturation below which a pixel has no hue."""
MAX_COLOURS = 5


def cover_colours(picture: bytes) -> tuple[str, ...]:
    """The most prominent colours as ``#rrggbb``, the strongest first; empty if it is grey, or no picture."""
    try:
        with av.open(BytesIO(picture), "r") as file:
            frame = next(file.decode(video=0)).reformat(_SIZE, _SIZE, "rgb24")
        pixels = frame.to_ndarray().reshape(-1, 3).astype(np.float64) / 255
    except (OSError, ValueError, IndexError, StopIteration):  # PyAV's errors are of these kinds
        return ()
    return dominant(pixels)


def dominant(pixels: npt.NDArray[np.float64]) -> tuple[str, ...]:
    """The same of ``pixels``, (n, 3) from 0 to 1."""
    high, low = pixels.max(axis=1), pixels.min(axis=1)
    spread = high - low
    saturation = np.divide(spread, high, out=np.zeros_like(high), where=high > 0)
    weight = np.where(saturation >= _GREY, saturation * high, 0.0)
    bins = (_hues(pixels, high, spread) * _BINS).astype(int) % _BINS
    counts = np.bincount(bins, weight, _BINS)
    # A hue on the edge between two bins is one colour all the same.
    smooth = counts + (np.roll(counts, 1) + np.roll(counts, -1)) / 2
    found: list[str] = []
    while len(found) < MAX_COLOURS and smooth.max() > _LEAST * len(pixels):
        peak = int(smooth.argmax())
        near = (np.abs((bins - peak + _BINS // 2) % _BINS - _BINS // 2) <= 1) * weight
        if near.sum() > 0:
            mean = (pixels * near[:, None]).sum(axis=0) / near.sum()
            found.append("#" + bytes(np.round(255 * mean).astype(np.uint8)).hex())
        for offset in range(-_APART, _APART + 1):
            smooth[(peak + offset) % _BINS] = 0.0
    return tuple(found)


def _hues(
    pixels: npt.NDArray[np.float64], high: npt.NDArray[np.float64], spread: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Hue of each pixel, 0 to 1, as in HSV; 0 for grey."""
    safe = np.where(spread > 0, spread, 1.0)
    red, green, blue = pixels.T
    hue = np.select(
        [high == red, high == green],
        [((green - blue) / safe) % 6, (blue - red) / safe + 2],
        (red - green) / safe + 4,
    )
    found: npt.NDArray[np.float64] = np.where(spread > 0, hue / 6, 0.0) % 1.0
    return found
