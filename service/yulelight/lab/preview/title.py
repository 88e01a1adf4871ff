"""The title card in the sky at the beginning: title and artist of the song."""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from yulelight.lab.preview.canvas import Floats
from yulelight.lab.preview.plan import WIDTH

SECONDS = 3.0
_FADE = 0.8
_PLACE = (52, 46)
_ROOM = 500
"""Units between the left edge of the text and the star."""
_WARM = np.array([1.0, 0.93, 0.80], np.float32)


def card(size: tuple[int, int], title: str, artist: str) -> Floats:
    """The text as light, (height, width, 3), for a picture of ``size`` (width, height)."""
    unit = size[0] / WIDTH
    image = Image.new("L", size)
    draw = ImageDraw.Draw(image)
    left, top = (part * unit for part in _PLACE)
    font = _fitting(title, 36 * unit, _ROOM * unit)
    draw.text((left, top), title, 255, font)
    draw.text((left, top + 1.5 * font.size), artist, 170, _fitting(artist, 20 * unit, _ROOM * unit))
    ink = np.asarray(image)[..., None] / 255
    return np.asarray(2 * ink**2 * _WARM, np.float32)


def fades(count: int, fps: int) -> Floats:
    """Opacity of the card in each of ``count`` frames: it fades out and is invisible after 3 seconds."""
    seconds = np.arange(count, dtype=np.float32) / fps
    return np.asarray(((SECONDS - seconds) / _FADE).clip(0, 1), np.float32)


def _fitting(text: str, height: float, room: float) -> ImageFont.FreeTypeFont:
    """A font of at most ``height`` pixels in which the text is no wider than ``room``, but never below 6 pixels."""
    font = _font(text, max(6.0, height))
    width = font.getlength(text)
    return font if width <= room else _font(text, max(6.0, height * room / width))


def _font(text: str, height: float) -> ImageFont.FreeTypeFont:
    """Pillow's own font, or, for characters that it lacks, DejaVu if the system has it."""
    if not text.isascii():
        try:
            return ImageFont.truetype("DejaVuSans.ttf", height)
        except OSError:
            pass
    font = ImageFont.load_default(height)
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font
