"""The eight groups of lights: positions and colours of their bulbs.

From low to high notes, they go up the house: path and hedges, porch, door, windows, fir, the eaves on either side, and
the ridge with its star.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import cos, pi, sin

import numpy as np

from yulelight.lab.preview import plan
from yulelight.lab.preview.canvas import Canvas, Colour, along
from yulelight.lab.preview.house import panes
from yulelight.lab.preview.plan import Point

BULB = 1.9


@dataclass(frozen=True, slots=True)
class Group:
    """``bulbs`` draws the visible bulbs, ``shine`` light that is only visible on snow and walls."""

    colour: Colour
    power: float
    """Light at the centre of a bulb; 1 is diffuse white."""
    bulbs: Callable[[Canvas, Colour], None]
    shine: Callable[[Canvas, Colour], None] = lambda _canvas, _colour: None


def _string(canvas: Canvas, places: Iterable[Point], colour: Colour, size: float = BULB) -> None:
    for place in places:
        canvas.ellipse(place, size, colour)


def _icicles(canvas: Canvas, line: list[Point], colour: Colour, seed: int) -> None:
    """Strands of uneven length, hanging from a line."""
    draw = np.random.default_rng(seed)
    for k, (x, y) in enumerate(line):
        for j in range(int((2, 4, 3, 5)[k % 4] + draw.integers(0, 2))):
            canvas.ellipse((x, y + 5.5 * j), BULB * (0.95 - 0.08 * j), colour)


def _garden(canvas: Canvas, colour: Colour) -> None:
    draw = np.random.default_rng(1)
    for left, right, foot in plan.HEDGES:
        for row in range(3):
            for x in np.arange(left + 4 + 5 * (row % 2), right - 3, 11.5):
                _string(
                    canvas, [(x + draw.uniform(-2, 2), foot - 8 - 9.5 * row + draw.uniform(-2, 2))], colour
                )
    for edge, away in ((plan.PATH_LEFT, -1), (plan.PATH_RIGHT, 1)):
        for k, (x, y) in enumerate(along(edge[:4], 29)):
            size = 2.0 + 0.25 * k
            canvas.ellipse((x + away * (6 + k), y - 7 - k), size, colour)


def _garden_shine(canvas: Canvas, colour: Colour) -> None:
    for edge, away in ((plan.PATH_LEFT, -1), (plan.PATH_RIGHT, 1)):
        for k, (x, y) in enumerate(along(edge[:4], 29)):
            canvas.ellipse((x + away * (8 + k), y + 3), (13 + 2 * k, 4 + k * 0.7), colour)
    for left, right, foot in plan.HEDGES:
        canvas.box((left, foot + 3, right, foot + 9), colour)


def _porch(canvas: Canvas, colour: Colour) -> None:
    for x in plan.COLUMNS:
        turns = 7.5
        for t in np.linspace(0, 1, 34):
            angle = 2 * pi * turns * t
            if cos(angle) > -0.35:
                place = (
                    x + 6.5 * sin(angle),
                    plan.COLUMN_TOP + 6 + t * (plan.PORCH_FLOOR - plan.COLUMN_TOP - 14),
                )
                canvas.ellipse(place, BULB * 0.95, colour)
    for a, b in zip(plan.COLUMNS, plan.COLUMNS[1:], strict=False):
        swag = [(a + (b - a) * t, 458 + 13 * 4 * t * (1 - t)) for t in np.linspace(0, 1, 15)]
        _string(canvas, along(swag, 8.5), colour)


def _porch_shine(canvas: Canvas, colour: Colour) -> None:
    canvas.box((540, 564, 790, 572), colour)


def _door(canvas: Canvas, colour: Colour) -> None:
    left, top, right, bottom = plan.DOOR
    frame = ((left - 5, bottom - 2), (left - 5, top - 12), (right + 5, top - 12), (right + 5, bottom - 2))
    _string(canvas, along(frame, 6.5), colour, BULB * 0.85)
    x, y = plan.WREATH
    ring = [(x + 11 * sin(a), y - 11 * cos(a)) for a in np.linspace(0, 2 * pi, 17)]
    _string(canvas, ring, colour, BULB)


def _door_shine(canvas: Canvas, colour: Colour) -> None:
    canvas.polygon(((642, 566), (688, 566), (702, 590), (630, 590)), colour)


def _windows(canvas: Canvas, colour: Colour) -> None:
    """Lamplight between curtains, brighter below, a candle arch on the sill, and bulbs round the frame."""
    for left, top, right, bottom in plan.WINDOWS:
        height, width = bottom - top, right - left
        for k in range(12):
            part = 0.46 + 0.20 * (k / 11)
            y = top + height * k / 12
            canvas.box((left, y, right, y + height / 12 + 0.5), _dim(colour, part))
        for sign, edge in ((1, left), (-1, right)):
            fold = width * 0.24
            curtain = (
                (edge, top),
                (edge + sign * fold, top),
                (edge + sign * fold * 0.35, bottom),
                (edge, bottom),
            )
            canvas.polygon(curtain, _dim(colour, 0.38))
        middle = (left + right) / 2
        for k in range(-2, 3):
            foot = bottom - 5 - (2 - abs(k)) * height * 0.07
            canvas.ellipse((middle + k * width * 0.13, foot), (1.5, 2.6), colour)
        panes(canvas, (left, top, right, bottom), (0, 0, 0))
        rim = ((left - 3, bottom), (left - 3, top - 4), (right + 3, top - 4), (right + 3, bottom))
        _string(canvas, along(rim, 8), _dim(colour, 0.85), BULB * 0.7)


def _windows_shine(canvas: Canvas, colour: Colour) -> None:
    for left, _, right, bottom in plan.WINDOWS:
        if bottom > 500:
            canvas.polygon(
                ((left, 584), (right, 584), (right + 14, 616), (left - 14, 616)), _dim(colour, 0.62)
            )


def _fir(canvas: Canvas, colour: Colour) -> None:
    centre, tip, half, foot = plan.FIR
    draw = np.random.default_rng(12)
    for turn in range(10):
        t = (turn + 1) / 10.4
        wide, y = half * t**0.92 * 0.94, tip + (foot - tip) * t * 0.97 - 10
        garland = [(centre + wide * u, y + 13 * (1 - u * u) - 7 * u) for u in np.linspace(-1, 1, 15)]
        for x, height in along(garland, 10.5):
            place = (x + draw.uniform(-1.6, 1.6), height + draw.uniform(-2.4, 2.4))
            canvas.ellipse(place, BULB * draw.uniform(0.85, 1.25), colour)


def _fir_shine(canvas: Canvas, colour: Colour) -> None:
    canvas.ellipse((plan.FIR[0], plan.FIR[3] + 8), (100, 9), colour)


def _eaves_left(canvas: Canvas, colour: Colour) -> None:
    rake = [(x, y + 6) for x, y in plan.WING_RAKE]
    _icicles(canvas, along(rake[:2], 8), colour, 3)
    _icicles(canvas, along(rake[1:], 8), colour, 4)
    _icicles(canvas, along(((552, 352), (814, 352)), 8), colour, 8)


def _eaves_right(canvas: Canvas, colour: Colour) -> None:
    rake = [(x, y + 6) for x, y in plan.GARAGE_RAKE]
    _icicles(canvas, along(rake[:2], 8), colour, 5)
    _icicles(canvas, along(rake[1:], 8), colour, 6)
    left, top, right, bottom = plan.GARAGE_DOOR
    frame = ((left - 4, bottom - 2), (left - 4, top - 5), (right + 4, top - 5), (right + 4, bottom - 2))
    _string(canvas, along(frame, 8), colour)


def _eaves_left_shine(canvas: Canvas, colour: Colour) -> None:
    canvas.box((290, 604, 540, 640), _dim(colour, 0.75))
    canvas.box((560, 428, 790, 436), _dim(colour, 0.75))


def _eaves_right_shine(canvas: Canvas, colour: Colour) -> None:
    canvas.polygon(((830, 582), (1010, 582), (1080, 630), (860, 630)), _dim(colour, 0.75))


def _ridge(canvas: Canvas, colour: Colour) -> None:
    (_, y), (right, _) = plan.RIDGE
    _string(canvas, along(((436, y - 4), (right, y - 4)), 8.5), colour, BULB * 1.1)
    _string(canvas, along(((right, y - 2), (plan.MAIN_EAVE[1][0], plan.MAIN_EAVE[1][1] - 8)), 8.5), colour)
    for rake in (plan.DORMER_RAKE,):
        _string(canvas, along([(x, height - 3) for x, height in rake], 7.5), colour, BULB * 0.9)
    x, y = plan.STAR
    spikes = [
        (x + r * sin(pi * k / 5), y - r * cos(pi * k / 5)) for k in range(10) for r in ((34, 13.5)[k % 2],)
    ]
    _string(canvas, along([*spikes, spikes[0]], 6.2), colour, BULB)
    _string(canvas, along(((x, y + 15), (x, plan.RIDGE[0][1] - 6)), 8), colour, BULB * 0.8)
    canvas.polygon([(x + (a - x) * 0.62, y + (b - y) * 0.62) for a, b in spikes], _dim(colour, 0.5))


def _dim(colour: Colour, part: float) -> Colour:
    red, green, blue = (round(value * part) for value in colour)
    return red, green, blue


GROUPS = (
    Group((255, 58, 34), 7.0, _garden, _garden_shine),
    Group((255, 136, 40), 6.0, _porch, _porch_shine),
    Group((255, 196, 84), 6.5, _door, _door_shine),
    Group((255, 154, 60), 4.0, _windows, _windows_shine),
    Group((70, 255, 120), 6.5, _fir, _fir_shine),
    Group((80, 170, 255), 6.0, _eaves_left, _eaves_left_shine),
    Group((190, 110, 255), 6.0, _eaves_right, _eaves_right_shine),
    Group((255, 232, 196), 7.0, _ridge),
)
"""Channels 1 to 8."""
