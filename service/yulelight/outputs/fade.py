"""The way of colours from one palette to the next. Pure."""

from yulelight.safety.colour import Colour
from yulelight.show.palettes import FADE

Colours = tuple[Colour, ...]


class Fade:
    """The colours of a strip's ranges, which go evenly from one set to the next. Times are seconds."""

    def __init__(self, colours: Colours) -> None:
        self._from = self._to = self._now = colours
        self._began = float("-inf")

    @property
    def fading(self) -> bool:
        """Whether the colours had not arrived at the last moment asked for."""
        return self._now != self._to

    def to(self, colours: Colours, now: float) -> bool:
        """Goes to ``colours`` from those of ``now``; whether they differ from where it went."""
        if colours == self._to:
            return False
        self._from, self._to, self._began = self.at(now), colours, now
        return True

    def at(self, now: float) -> Colours:
        """The colours at ``now``."""
        if self._now is self._to:
            return self._now
        part = min(1.0, max(0.0, (now - self._began) / FADE))
        if part == 1.0:
            self._now = self._to
        else:
            self._now = tuple(_between(a, b, part) for a, b in zip(self._from, self._to, strict=True))
        return self._now


def _between(one: Colour, other: Colour, part: float) -> Colour:
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(one, other, strict=True))
    return red, green, blue
