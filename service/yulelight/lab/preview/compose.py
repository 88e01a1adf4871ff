"""Combines layers of light into screen pictures: many frames at a time, as one matrix product.

A frame is night + Σ lightₖ · layerₖ, all linear; the screen shows √(x / (1 + x)): a gamma of 2 with a shoulder that
approaches but never reaches white, so that bright bulbs are not clipped.
"""

import numpy as np
import numpy.typing as npt

from yulelight.lab.preview.canvas import Floats

_WHITE = 255.0**2
_ROUNDING = 0.05
"""Larger than the rounding error of float32 here, and too small to be visible."""
_BLOCK = 8192
"""Pixels mixed at once; with the frames of a batch, they fit into a core's cache."""


class Compositor:
    """Mixes ``layers`` (k, height, width, 3) over ``night`` (height, width, 3), both light ≥ 0.

    ``batch`` is the maximum number of frames per call.
    """

    def __init__(self, night: Floats, layers: Floats, batch: int = 8) -> None:
        self.shape = night.shape[:2]
        pixels = night.shape[0] * night.shape[1]
        planes = np.concatenate((night[None] + 1, layers)).reshape(len(layers) + 1, pixels, 3)
        self._planes = np.ascontiguousarray(np.moveaxis(planes, 2, 0))
        self._screen = np.empty((3, batch, pixels), np.uint8)
        self._room = np.empty((batch, _BLOCK), np.float32)

    def frames(self, light: Floats) -> npt.NDArray[np.uint8]:
        """Screen values (3, n, height, width), red, green and blue, for ``light`` (n, k, 3) ≥ 0.

        The arrays are valid until the next call, which reuses their memory.
        """
        count, pixels = len(light), self._planes.shape[2]
        weights = np.concatenate((np.ones((count, 1, 3), np.float32), light.astype(np.float32)), axis=1)
        screen = self._screen[:, :count]
        for colour in range(3):
            mix = np.ascontiguousarray(weights[..., colour])
            for start in range(0, pixels, _BLOCK):
                end = min(start + _BLOCK, pixels)
                x = self._room[:count, : end - start]
                np.matmul(mix, self._planes[colour, :, start:end], out=x)
                # x is 1 + light here: √(light / (1 + light)) = √(1 - 1/x).
                np.divide(-_WHITE, x, out=x)
                np.add(x, _WHITE + _ROUNDING, out=x)
                np.sqrt(x, out=x)
                np.add(x, 0.5, out=x)
                screen[colour, :, start:end] = x
        return screen.reshape(3, count, *self.shape)
