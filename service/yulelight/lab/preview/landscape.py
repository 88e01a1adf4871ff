"""The surroundings of the house: snow, path, drive, trees, a snowman, and the sky."""

import numpy as np

from yulelight.lab.preview.canvas import Canvas, Colour, Floats, rough
from yulelight.lab.preview.plan import FIR, HEIGHT, PATH_LEFT, PATH_RIGHT, WIDTH, Point

SNOW: Colour = (238, 242, 250)
SHADE: Colour = (196, 206, 226)
_NEEDLES: Colour = (52, 100, 70)
_MOON: Point = (1116, 104)


def behind(canvas: Canvas) -> None:
    """Hills and woods behind the house, and the snow in front of it."""
    draw = np.random.default_rng(5)
    ridge = [(x, 505 - 26 * np.sin(x / 190 + 1) - 12 * np.sin(x / 61)) for x in range(-20, 1320, 20)]
    canvas.polygon([(-20, 730), *ridge, (1300, 730)], (88, 96, 116))
    for x in [*np.arange(-10, 300, 21), *np.arange(1010, 1300, 19)]:
        height = draw.uniform(70, 170)
        foot = 545 + draw.uniform(-8, 8)
        spruce(canvas, (x + draw.uniform(-8, 8), foot - height, height * 0.22, foot), (26, 36, 40), snow=0.25)
    ground = [(x, 556 + 9 * np.sin(x / 150 + 2.2) + 4 * np.sin(x / 47)) for x in range(-20, 1320, 20)]
    canvas.polygon([(-20, 740), *ground, (1300, 740)], (228, 234, 246))


def before(canvas: Canvas) -> None:
    """Path and drive, the fir, a snowman, and drifts along the lower edge."""
    canvas.polygon(((836, 577), (1004, 577), (1180, 660), (1310, 724), (930, 724), (876, 650)), SHADE)
    for left, right in (((880, 580), (1030, 724)), ((958, 580), (1200, 724))):
        canvas.line((left, ((left[0] + right[0]) / 2 - 18, 645), right), 6, (172, 182, 204))
    canvas.polygon((*PATH_LEFT, *reversed(PATH_RIGHT)), (176, 168, 164))
    for edge, away in ((PATH_LEFT, -3), (PATH_RIGHT, 3)):
        canvas.line([(x + away, y) for x, y in edge], 7, SNOW)
    spruce(canvas, FIR, _NEEDLES, snow=0.5)
    canvas.ellipse((FIR[0], FIR[3] + 3), (110, 15), SNOW)
    _snowman(canvas, (1142, 636))
    for x, width, height in ((40, 210, 30), (330, 190, 17), (780, 150, 14), (1210, 190, 24)):
        canvas.ellipse((x, 726), (width, height), (246, 249, 255))


def spruce(canvas: Canvas, shape: tuple[float, float, float, float], colour: Colour, snow: float) -> None:
    """A conifer of drooping tiers; ``snow`` (0..1) is the amount on its boughs."""
    centre, tip, half, foot = shape
    draw = np.random.default_rng(1000 + round(centre))
    height = foot - tip
    canvas.box((centre - half * 0.07, foot - height * 0.08, centre + half * 0.07, foot + 8), (70, 50, 38))
    tiers = max(5, round(height / 30))
    for k in reversed(range(tiers)):
        top = tip + height * max(0.0, (k - 1.6) / tiers)
        low = tip + height * (k + 1) / tiers * 0.97
        wide = half * ((k + 1) / tiers) ** 0.85
        droop = height * 0.034
        edge = [
            (centre + wide * u, low - droop * u * u - (j % 2) * height * 0.02 + draw.uniform(-2, 2))
            for j, u in enumerate(np.linspace(-1, 1, 4 + 2 * (k + 2)))
        ]
        red, green, blue = (round(part * (0.75 + 0.5 * (tiers - k) / tiers)) for part in colour)
        canvas.polygon([(centre, top), *edge], (red, green, blue))
        for _ in range(round(snow * 5 * (k + 2))):
            u = draw.uniform(-0.93, 0.93)
            place = (centre + wide * u, low - droop * u * u - height * draw.uniform(0.02, 0.034))
            size = height * draw.uniform(0.008, 0.02)
            canvas.ellipse(place, (size * 1.3, size * 0.42), (214, 224, 238))


def _snowman(canvas: Canvas, foot: Point) -> None:
    x, y = foot
    canvas.ellipse((x + 14, y + 6), (40, 6), (150, 160, 186))
    for down, radius in ((-14, 25), (-47, 18), (-73, 13)):
        canvas.ellipse((x, y + down), radius, (150, 160, 186))
        canvas.ellipse((x - radius * 0.12, y + down - radius * 0.08), radius * 0.88, (205, 213, 230))
        canvas.ellipse((x - radius * 0.22, y + down - radius * 0.18), radius * 0.66, (255, 255, 255))
    canvas.line(((x - 15, y - 52), (x - 38, y - 66)), 2, (80, 58, 44))
    canvas.line(((x + 15, y - 52), (x + 38, y - 60)), 2, (80, 58, 44))
    canvas.polygon(((x - 12, y - 64), (x + 12, y - 64), (x + 11, y - 58), (x - 11, y - 58)), (176, 34, 40))
    canvas.polygon(((x + 3, y - 62), (x + 10, y - 62), (x + 12, y - 40), (x + 5, y - 41)), (176, 34, 40))
    canvas.box((x - 14, y - 84, x + 14, y - 81), (40, 40, 48))
    canvas.box((x - 9, y - 100, x + 9, y - 83), (40, 40, 48))
    for eye in (-4, 4):
        canvas.ellipse((x + eye, y - 75), 1.4, (30, 30, 34))
    canvas.polygon(((x, y - 72), (x - 12, y - 69), (x, y - 68)), (224, 120, 40))


def sky(size: tuple[int, int]) -> Floats:
    """The night sky as light, (height, width, 3): a gradient, thin cloud, stars and the moon."""
    width, height = size
    unit = WIDTH / width
    x = (np.arange(width, dtype=np.float32) * unit)[None, :, None]
    y = (np.arange(height, dtype=np.float32) * unit)[:, None, None]
    low = (y / HEIGHT / 0.72).clip(0, 1) ** 1.5
    top, bottom = np.array(((0.0035, 0.0060, 0.018), (0.022, 0.024, 0.055)), np.float32)
    picture = top * (1 - low) + bottom * low
    cloud = sum(rough((height, width), grain, 7 + k) / 2**k for k, grain in enumerate((310, 150, 70)))
    picture = picture * (1 + 0.28 * np.asarray(cloud, np.float32)[..., None])
    distance = np.hypot(x - _MOON[0], y - _MOON[1])
    halo = 0.05 * np.exp(-distance / 42) + 0.016 * np.exp(-distance / 150)
    moon = ((27 - distance) / unit).clip(0, 1) * (0.86 + 0.10 * rough((height, width), 15, 3)[..., None])
    picture = picture + halo * np.array((0.75, 0.85, 1.0)) + moon * np.array((1.5, 1.42, 1.22))
    return np.asarray(picture + _stars(size), np.float32)


def _stars(size: tuple[int, int]) -> Floats:
    canvas, draw = Canvas(size), np.random.default_rng(24)
    for _ in range(230):
        light = int(60 + 195 * draw.random() ** 3)
        place = (draw.uniform(0, WIDTH), draw.uniform(0, 1) ** 1.2 * HEIGHT * 0.66)
        canvas.ellipse(place, draw.uniform(0.5, 1.15), (light, light, min(255, light + 20)))
    return canvas.linear()
