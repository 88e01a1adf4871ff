"""The mark: eight bulbs on a wire that hangs like a wave, in the channels' colours. Drawn large, then made small."""

import math
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from yulelight.node.drivers.simulated import COLOURS

BRAND = Path("custom_components/yulelight/brand")
APP = Path("app/yulelight")
OVER = 4
NIGHT = (16, 24, 48)


def bulb_places(size: int) -> list[tuple[float, float]]:
    """Centres of the eight bulbs, in a square of ``size`` pixels."""
    places = []
    for n in range(8):
        x = 0.13 + 0.74 * n / 7
        places.append((x * size, (0.5 + 0.17 * math.sin(2 * math.pi * n / 7)) * size))
    return places


def icon(size: int) -> Image.Image:
    """The square icon with ``size`` pixels a side."""
    side = size * OVER
    image = Image.new("RGBA", (side, side))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((0, 0, side - 1, side - 1), radius=side * 0.22, fill=(*NIGHT, 255))
    glow = Image.new("RGBA", (side, side))
    lights = ImageDraw.Draw(glow)
    wire = [
        (
            (0.05 + 0.9 * t / 100) * side,
            (0.5 - 0.09 + 0.17 * math.sin(2 * math.pi * (0.9 * t / 100 - 0.08) / 0.74)) * side,
        )
        for t in range(101)
    ]
    draw.line(wire, fill=(96, 118, 160, 255), width=max(1, side // 50), joint="curve")
    places = bulb_places(side)
    for (x, y), colour in zip(places, COLOURS, strict=True):
        lights.ellipse(
            (x - side * 0.11, y - side * 0.11, x + side * 0.11, y + side * 0.11), fill=(*colour, 150)
        )
    image.alpha_composite(glow.filter(ImageFilter.GaussianBlur(side * 0.035)))
    for (x, y), colour in zip(places, COLOURS, strict=True):
        draw.ellipse(
            (x - side * 0.042, y - side * 0.058, x + side * 0.042, y + side * 0.058), fill=(*colour, 255)
        )
        draw.ellipse(
            (x - side * 0.018, y - side * 0.034, x + side * 0.004, y - side * 0.004),
            fill=(255, 255, 255, 210),
        )
    mask = Image.new("L", (side, side))
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, side - 1, side - 1), radius=side * 0.22, fill=255)
    image.putalpha(mask)
    return image.resize((size, size), Image.Resampling.LANCZOS)


def logo(height: int, ink: tuple[int, int, int]) -> Image.Image:
    """The icon and the name beside it."""
    font = ImageFont.load_default(height * 0.6)
    left, top, right, bottom = font.getbbox("Yulelight")
    image = Image.new("RGBA", (round(height * 1.25 + right - left + height * 0.1), height))
    image.alpha_composite(icon(height))
    draw = ImageDraw.Draw(image)
    draw.text((height * 1.2, (height - (bottom - top)) / 2 - top), "Yulelight", font=font, fill=(*ink, 255))
    return image


def main() -> None:
    """Write all of them."""
    BRAND.mkdir(parents=True, exist_ok=True)
    APP.mkdir(parents=True, exist_ok=True)
    for name, size in (("icon", 256), ("icon@2x", 512)):
        icon(size).save(BRAND / f"{name}.png", optimize=True)
    for name, height, ink in (
        ("logo", 128, NIGHT),
        ("logo@2x", 256, NIGHT),
        ("dark_logo", 128, (236, 240, 250)),
        ("dark_logo@2x", 256, (236, 240, 250)),
    ):
        logo(height, ink).save(BRAND / f"{name}.png", optimize=True)
    icon(128).save(APP / "icon.png", optimize=True)
    logo(128, NIGHT).save(APP / "logo.png", optimize=True)


main()
