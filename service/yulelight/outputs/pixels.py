"""Maps channels to pixels or slots: parts of a strip, colours and byte order. Pure."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from yulelight.safety.colour import LUMINANCE, Colour, luminance
from yulelight.safety.physics import Light, emitted

Order = Literal["rgb", "rbg", "grb", "gbr", "brg", "bgr", "rgbw", "grbw", "w"]
"""The slots of a pixel in the controller's order; ``w`` is a plain dimmer with one slot."""


Effect = Literal["dim", "length", "sparkle", "chase"]
"""How a level shows: all pixels as bright as it says, or as many at full light as give the same light in sum: from the
first on, scattered, or in a row that moves on with each step."""
CHASE = 8
"""Steps in which a chase goes once through its range."""


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
    """The map from levels to slots: ``pixels`` in all, of which ``ranges`` light up, by the curve ``gamma``.

    ``follows``: colours may change while it is lit, and are all of ``safety.colour``.
    """

    pixels: int
    ranges: tuple[Range, ...]
    gamma: float
    order: Order = "rgb"
    follows: bool = False

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
                load=max(0.001, one.count * self._light(one.colour)),
                node=node,
                red=0.0 if self.order == "w" or self.follows else _saturated(one.colour),
            )
            for one in self.ranges
        )

    @cached_property
    def moves(self) -> bool:
        """Whether any range depends on the step."""
        return any(one.effect == "chase" for one in self.ranges)

    def painted(self, levels: Sequence[int], colours: Sequence[Colour] = (), step: int = 0) -> bytes:
        """The frame for ``levels`` (0..255), one per range, in their own colours or in these."""
        strip, width, lit = bytearray(self.size), len(self.order), emitted(self.gamma)
        places = zip(levels, self.ranges, self._parts, colours or self.colours, strict=True)
        for level, one, part, colour in places:
            if one.effect == "dim":
                strip[part] = _slots(colour, lit[level], self.order) * one.count
            else:
                shown = self._in_number(level, one, _slots(colour, 1.0, self.order))
                moved = width * (step * one.count // CHASE % one.count) if one.effect == "chase" else 0
                strip[part] = shown[len(shown) - moved :] + shown[: len(shown) - moved]
        return bytes(strip)

    @cached_property
    def colours(self) -> tuple[Colour, ...]:
        """The own colour of each range."""
        return tuple(one.colour for one in self.ranges)

    @cached_property
    def _parts(self) -> tuple[slice, ...]:
        """The slots of each range."""
        width = len(self.order)
        return tuple(slice(width * one.first, width * (one.first + one.count)) for one in self.ranges)

    def _light(self, colour: Colour) -> float:
        """The light of a pixel, of white's."""
        if self.order == "w":
            return 1.0
        red, green, blue = (part / 255 for part in colour)
        return LUMINANCE if self.follows else luminance((red, green, blue))

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


@lru_cache(maxsize=8192)
def _slots(colour: Colour, light: float, order: Order) -> bytes:
    if order == "w":
        return bytes([round(255 * light)])
    # The white LED provides the common part of all three colours.
    white = min(colour) if "w" in order else 0
    parts = dict(zip("rgbw", (*(part - white for part in colour), white), strict=True))
    return bytes(round(light * parts[slot]) for slot in order)


def _saturated(colour: Colour) -> float:
    """R - G - B of a saturated red, as WCAG defines it (R is at least 0.8 of the sum), 0 to 1; 0 for other colours."""
    red, green, blue = colour
    return max(0.0, (red - green - blue) / 255) if red and red >= 0.8 * sum(colour) else 0.0
