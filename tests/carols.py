"""A shelf of carols for pictures: the bundled one under many names, each with a cover drawn here."""

import math
from pathlib import Path

import mutagen
from PIL import Image, ImageDraw

from yulelight.app.music import CAROL

SIZE = 400
CAROLS = (
    ("Carol of the Bells", "bell", ("#7a1f2b", "#2a0a12")),
    ("Deck the Halls", "wreath", ("#1f5c3a", "#0a2416")),
    ("God Rest Ye Merry, Gentlemen", "star", ("#23386e", "#0a1230")),
    ("Joy to the World", "star", ("#a8701c", "#3f2406")),
    ("O Christmas Tree", "tree", ("#24566b", "#0b1f2a")),
    ("Silent Night", "moon", ("#2b2a5e", "#0b0b24")),
)
GOLD = "#ffd98a"
ARTIST = "Yulelight"


def shelf(folder: Path) -> None:
    """Fills ``folder`` with them."""
    for title, drawing, colours in CAROLS:
        own = folder / title
        own.mkdir(parents=True)
        (own / "song.ogg").write_bytes(CAROL.read_bytes())
        tags = mutagen.File(own / "song.ogg")
        assert tags is not None
        tags["title"], tags["artist"], tags["album"] = title, ARTIST, "Carols"
        tags.save()
        cover(drawing, colours).save(own / "cover.png")


def cover(drawing: str, colours: tuple[str, str]) -> Image.Image:
    """A golden drawing on a sky that darkens upwards."""
    sky = Image.linear_gradient("L").resize((SIZE, SIZE))
    picture = Image.composite(
        Image.new("RGB", sky.size, colours[0]), Image.new("RGB", sky.size, colours[1]), sky
    )
    pen, middle = ImageDraw.Draw(picture), SIZE / 2
    match drawing:
        case "star":
            pen.polygon(_star(middle, middle, 130, 52), fill=GOLD)
        case "tree":
            for top, half, height in ((70, 60, 90), (130, 90, 100), (200, 120, 110)):
                pen.polygon(
                    [(middle, top), (middle - half, top + height), (middle + half, top + height)], fill=GOLD
                )
            pen.rectangle((middle - 16, 310, middle + 16, 350), fill=GOLD)
        case "moon":
            pen.ellipse((90, 80, 310, 300), fill=GOLD)
            pen.ellipse((150, 60, 350, 260), fill=picture.getpixel((340, 160)))
        case "wreath":
            pen.ellipse((80, 80, 320, 320), outline=GOLD, width=44)
            pen.polygon(_star(middle, 102, 44, 18), fill=picture.getpixel((5, 100)))
        case "bell":
            pen.pieslice((100, 80, 300, 320), 180, 360, fill=GOLD)
            pen.polygon([(100, 200), (300, 200), (335, 290), (65, 290)], fill=GOLD)
            pen.ellipse((175, 280, 225, 330), fill=GOLD)
    return picture


def _star(x: float, y: float, outer: float, inner: float) -> list[tuple[float, float]]:
    """Five points, one up."""
    corners = []
    for k in range(10):
        radius, angle = (outer if k % 2 == 0 else inner), math.pi * (k / 5 - 0.5)
        corners.append((x + radius * math.cos(angle), y + radius * math.sin(angle)))
    return corners
