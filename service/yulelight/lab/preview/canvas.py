"""Smooth shapes on a picture in the scene's units."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from yulelight.lab.preview.plan import WIDTH, Point

Floats = npt.NDArray[np.float32]
Colour = tuple[int, int, int]
_FINER = 2
"""Supersampling factor, because Pillow's shapes have hard edges."""


class Canvas:
    """A picture of ``size`` (width, height) pixels with the coordinates of plan.py; colours are sRGB."""

    def __init__(self, size: tuple[int, int], fill: Colour = (0, 0, 0)) -> None:
        self._size = size
        self._scale = _FINER * size[0] / WIDTH
        self._image = Image.new("RGB", (size[0] * _FINER, size[1] * _FINER), fill)
        self._draw = ImageDraw.Draw(self._image)

    def polygon(self, points: Sequence[Point], colour: Colour) -> None:
        self._draw.polygon([self._at(p) for p in points], fill=colour)

    def box(self, box: tuple[float, float, float, float], colour: Colour) -> None:
        """Left, top, right, bottom."""
        left, top, right, bottom = box
        self.polygon(((left, top), (right, top), (right, bottom), (left, bottom)), colour)

    def line(self, points: Sequence[Point], width: float, colour: Colour) -> None:
        thick = max(1, round(width * self._scale))
        self._draw.line([self._at(p) for p in points], fill=colour, width=thick, joint="curve")

    def ellipse(self, centre: Point, radius: Point | float, colour: Colour) -> None:
        across, down = radius if isinstance(radius, tuple) else (radius, radius)
        (left, top), (right, bottom) = (
            self._at((centre[0] + sign * across, centre[1] + sign * down)) for sign in (-1, 1)
        )
        self._draw.ellipse((left, top, right, bottom), fill=colour)

    def linear(self) -> Floats:
        """The picture as light, (height, width, 3) in [0, 1]."""
        small = self._image.resize(self._size, Image.Resampling.BOX)
        light: Floats = (np.asarray(small, np.float32) / np.float32(255)) ** np.float32(2.2)
        return light

    def _at(self, point: Point) -> Point:
        return point[0] * self._scale, point[1] * self._scale


def along(points: Sequence[Point], spacing: float) -> list[Point]:
    """Points ``spacing`` apart on the line through ``points``, from its first to (about) its last."""
    corners = np.asarray(points, float)
    travelled = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))))
    count = max(1, round(float(travelled[-1]) / spacing))
    places = np.linspace(0, travelled[-1], count + 1)
    xs, ys = (np.interp(places, travelled, corners[:, axis]) for axis in (0, 1))
    return list(zip(xs.tolist(), ys.tolist(), strict=True))


def rough(shape: tuple[int, int], grain: float, seed: int) -> Floats:
    """Smooth noise in [-1, 1], (height, width), whose bumps are about ``grain`` units wide."""
    across = max(2, round(WIDTH / grain))
    down = max(2, round(across * shape[0] / shape[1]))
    noise = np.random.default_rng(seed).uniform(-1, 1, (down, across)).astype(np.float32)
    image = Image.fromarray(noise).resize((shape[1], shape[0]), Image.Resampling.BICUBIC)
    return np.clip(np.asarray(image, np.float32), -1, 1)
