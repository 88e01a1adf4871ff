"""Channels as pixels: which range of a strip each lights, in which colour. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from yulelight.safety.physics import Light, emitted

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Range:
    """Pixels that show a channel: ``count`` of them from number ``first`` (0 is the nearest) on, in ``colour``."""

    channel: int
    first: int
    count: int
    colour: Colour = (255, 255, 255)


def evenly(pixels: int, channels: Sequence[int], colours: Sequence[Colour]) -> tuple[Range, ...]:
    """A strip parted among ``channels`` in their order; colours are used in turn."""
    edges = [round(k * pixels / len(channels)) for k in range(len(channels) + 1)]
    return tuple(
        Range(channel, start, end - start, colours[k % len(colours)])
        for k, (channel, start, end) in enumerate(zip(channels, edges, edges[1:], strict=False))
        if end > start
    )


def lights(ranges: Sequence[Range], gamma: float, node: str) -> tuple[Light, ...]:
    """As the limits see them: dimmers, weighed by the pixels and by how bright the colour is."""
    return tuple(
        Light(
            channel=one.channel,
            kind="dimmer",
            gamma=gamma,
            load=max(0.001, one.count * _luminance(one.colour)),
            node=node,
        )
        for one in ranges
    )


def painted(levels: Sequence[int], ranges: Sequence[Range], gamma: float, pixels: int) -> bytes:
    """The strip as RGB, 3 bytes a pixel; ``levels`` (0..255) has one item for each of ``ranges``."""
    curve, strip = emitted(gamma), bytearray(3 * pixels)
    for level, one in zip(levels, ranges, strict=True):
        pixel = bytes(round(curve[level] * part) for part in one.colour)
        strip[3 * one.first : 3 * (one.first + one.count)] = pixel * one.count
    return bytes(strip)


def _luminance(colour: Colour) -> float:
    """Share of white's light, by the primaries of Rec. 709 on a linear scale, as pixels are driven."""
    red, green, blue = (part / 255 for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
