"""The scene as light: the night without lamps, and the contribution of each group of lights."""

from dataclasses import dataclass

import numpy as np

from yulelight.lab.preview import house, landscape
from yulelight.lab.preview.canvas import Canvas, Colour, Floats, rough
from yulelight.lab.preview.glow import lit
from yulelight.lab.preview.lights import GROUPS, Group
from yulelight.lab.preview.plan import WIDTH

_NOTHING: Colour = (0, 0, 0)
_MOONLIGHT = np.array((0.018, 0.028, 0.060), np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """Light, not screen values: ``night`` (height, width, 3) and ``layers`` (groups, height, width, 3), float32 ≥ 0."""

    night: Floats
    layers: Floats


def draw(size: tuple[int, int]) -> Scene:
    """The scene for a picture of ``size`` (width, height); about 3 seconds of work for 1280 by 720."""
    canvas = Canvas(size, _NOTHING)
    landscape.behind(canvas)
    house.paint(canvas)
    landscape.before(canvas)
    reflects = canvas.linear()
    solid = (reflects.sum(axis=2, keepdims=True) > 0.004).astype(np.float32)
    reflects *= 1 + 0.06 * _texture(size)
    night = reflects * _MOONLIGHT + (1 - solid) * landscape.sky(size)
    # Grain of about one step of the screen keeps the dark gradients from showing bands.
    night *= 1 + 0.05 * np.random.default_rng(0).standard_normal(night.shape[:2], np.float32)[..., None]
    layers = np.stack([_light(group, size, reflects) for group in GROUPS])
    return Scene(np.maximum(night, 0), layers)


def _light(group: Group, size: tuple[int, int], reflects: Floats) -> Floats:
    bulbs, shine = Canvas(size), Canvas(size)
    group.bulbs(bulbs, group.colour)
    group.shine(shine, group.colour)
    return lit(group.power * bulbs.linear(), shine.linear(), reflects)


def _texture(size: tuple[int, int]) -> Floats:
    """Uneven snow and paint, (height, width, 1)."""
    shape = (size[1], size[0])
    fine = max(4.0, 2 * WIDTH / size[0])
    bumps: Floats = rough(shape, 60, 1) + 0.7 * rough(shape, 18, 2) + 0.4 * rough(shape, fine, 3)
    return bumps[..., None]
