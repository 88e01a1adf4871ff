# A copy of service/yulelight/safety/colour.py, made by scripts/share.
"""Colours that may change at any moment, because a change of colour is no change of light.

All colours of a palette have the same luminance, whatever a screen shows of them, and none is a saturated red, which
WCAG 2.3.1 counts by itself (R of at least 0.8 of the sum). So what the limits allow of levels holds in every palette
and on the way to the next.
"""

import re

Colour = tuple[int, int, int]
"""Red, green and blue, 0 to 255, as pixels are driven: their light is proportional to them."""

PRIMARIES = (0.2126, 0.7152, 0.0722)
"""The share of each of the primaries in the luminance of white (Rec. 709)."""
LUMINANCE = 0.32
"""That of all colours of palettes, of white's: as much as the reddest permitted colour has at full light."""
MAX_RED = 0.76
"""The share of red in the sum of the three: WCAG's saturated red begins at 0.8, and rounding may add to it."""
_CODE = re.compile("#[0-9a-f]{6}", re.IGNORECASE)


def luminance(colour: tuple[float, float, float]) -> float:
    """The share of white's light; parts are 0 to 1."""
    return sum(weight * part for weight, part in zip(PRIMARIES, colour, strict=True))


def lamp_colour(code: str) -> Colour:
    """What a screen shows as ``#rrggbb``, as a colour of a palette on pixels. Raises ValueError."""
    if not _CODE.fullmatch(code):
        raise ValueError("a colour is written #rrggbb")
    return evened(tuple(255 * _linear(part) for part in bytes.fromhex(code[1:])))


def evened(colour: tuple[float, ...]) -> Colour:
    """``colour`` (0 to 255, as pixels are driven) with the luminance of all, less red where it is saturated red.

    Dark colours are mixed with white as far as they have to; black is white.
    """
    top = max(colour)
    red, green, blue = (part / top for part in colour) if top > 0 else (1.0, 1.0, 1.0)
    total = red + green + blue
    if red > MAX_RED * total:
        white = (red - MAX_RED * total) / (3 * MAX_RED - 1)
        red, green, blue = (
            (red + white) / (1 + white),
            (green + white) / (1 + white),
            (blue + white) / (1 + white),
        )
    light = luminance((red, green, blue))
    if light >= LUMINANCE:
        scale, white = LUMINANCE / light, 0.0
    else:
        white = (LUMINANCE - light) / (1 - light)
        scale = 1 - white
    red, green, blue = (round(255 * (scale * part + white)) for part in (red, green, blue))
    return red, green, blue


def _linear(part: int) -> float:
    """The light of a part of an sRGB colour."""
    share = part / 255
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)
