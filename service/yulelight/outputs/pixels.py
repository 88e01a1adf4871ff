"""Maps channels to pixels or slots: parts of a strip, colours and byte order. Pure."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from yulelight.safety.physics import Light, emitted

Colour = tuple[int, int, int]
Order = Literal["rgb", "rbg", "grb", "gbr", "brg", "bgr", "rgbw", "grbw", "w"]
"""The slots of a pixel in the controller's order; ``w`` is a plain dimmer with one slot."""


Effect = Literal["dim", "length", "sparkle"]
"""How a level shows: all pixels as bright as it says, or as many at full light as give the same light in sum: from the
first on, or scattered."""


@dataclass(frozen=True, slots=True)
class Range:
    """Pixels that show a channel: ``count`` of them from number ``first`` (0 is the nearest) on, in ``colour``."""

    channel: int
    first: int
    count: int
    colour: Colour = (255, 255, 255)
    effect: Effect = "dim"


@dataclass(frozen=True)
class Strip:
    """The map from levels to slots: ``pixels`` in all, of which ``ranges`` light up, by the curve ``gamma``."""

    pixels: int
    ranges: tuple[Range, ...]
    gamma: float
    order: Order = "rgb"

    @property
    def size(self) -> int:
        """Slots (bytes) of a frame."""
        return self.pixels * len(self.order)

    @property
    def dark(self) -> bytes:
        """The dark frame."""
        return bytes(self.size)

    def lights(self, node: str) -> tuple[Light, ...]:
        """The lights for the limits: dimmers, weighted by the number of pixels and the luminance of the colour."""
        return tuple(
            Light(
                channel=one.channel,
                kind="dimmer",
                gamma=self.gamma,
                load=max(0.001, one.count * (1.0 if self.order == "w" else _luminance(one.colour))),
                node=node,
                red=0.0 if self.order == "w" else _saturated(one.colour),
            )
            for one in self.ranges
        )

    def painted(self, levels: Sequence[int]) -> bytes:
        """The frame for ``levels`` (0..255), one per range."""
        strip, width = bytearray(self.size), len(self.order)
        for level, one, pixels in zip(levels, self.ranges, self._pixels, strict=True):
            part = slice(width * one.first, width * (one.first + one.count))
            if one.effect == "dim":
                strip[part] = pixels[level] * one.count
            else:
                strip[part] = self._in_number(level, one, pixels[255])
        return bytes(strip)

    def _in_number(self, level: int, one: Range, full: bytes) -> bytes:
        """As many pixels ``full`` as give the light of ``level``; the last of them gives what is left."""
        whole, rest = divmod(emitted(self.gamma)[level] * one.count, 1)
        lit = int(whole)
        mask = _mask(one, lit)
        part, width = bytearray(len(full) * one.count), len(full)
        for slot, value in enumerate(full):
            part[slot::width] = mask.translate(bytes([0, value]) + bytes(254))
        if lit < one.count:
            last = _places(one)[lit]
            part[width * last : width * (last + 1)] = bytes(round(rest * value) for value in full)
        return bytes(part)

    @cached_property
    def _pixels(self) -> list[list[bytes]]:
        """Of each range, the slots of a pixel at each level."""
        return [_pixel(one.colour, self.gamma, self.order) for one in self.ranges]


def evenly(
    pixels: int, channels: Sequence[int], colours: Sequence[Colour], effect: Effect = "dim"
) -> tuple[Range, ...]:
    """A strip parted among ``channels`` in their order; colours are used in turn."""
    edges = [round(k * pixels / len(channels)) for k in range(len(channels) + 1)]
    return tuple(
        Range(channel, start, end - start, colours[k % len(colours)], effect)
        for k, (channel, start, end) in enumerate(zip(channels, edges, edges[1:], strict=False))
        if end > start
    )


@lru_cache(maxsize=64)
def _places(one: Range) -> tuple[int, ...]:
    """The fixed order in which pixels light up as the level rises."""
    places = list(range(one.count))
    if one.effect == "sparkle":
        random.Random(f"{one.first} {one.count}").shuffle(places)
    return tuple(places)


@lru_cache(maxsize=512)
def _mask(one: Range, lit: int) -> bytes:
    """1 for each of the pixels that are lit, 0 for the others."""
    mask = bytearray(one.count)
    for place in _places(one)[:lit]:
        mask[place] = 1
    return bytes(mask)


@lru_cache(maxsize=256)
def _pixel(colour: Colour, gamma: float, order: Order) -> list[bytes]:
    return [_slots(colour, light, order) for light in emitted(gamma)]


def _slots(colour: Colour, light: float, order: Order) -> bytes:
    if order == "w":
        return bytes([round(255 * light)])
    # The white LED provides the common part of all three colours.
    white = min(colour) if "w" in order else 0
    parts = dict(zip("rgbw", (*(part - white for part in colour), white), strict=True))
    return bytes(round(light * parts[slot]) for slot in order)


def _luminance(colour: Colour) -> float:
    """Share of white's light, by the primaries of Rec. 709 on a linear scale, as pixels are driven."""
    red, green, blue = (part / 255 for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _saturated(colour: Colour) -> float:
    """R - G - B of a saturated red, as WCAG defines it (R is at least 0.8 of the sum), 0 to 1; 0 for other colours."""
    red, green, blue = colour
    return max(0.0, (red - green - blue) / 255) if red and red >= 0.8 * sum(colour) else 0.0
