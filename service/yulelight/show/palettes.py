"""Palettes: the colours of a show, and which channel has which of them in each section of a song. Pure.

Colours are written as on a screen (``#rrggbb``); ``safety.colour`` makes those of lamps of them.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

OWN = "own"
"""Each output keeps the colours of its settings."""
SONG = "song"
"""The colours of the song's cover, or those that its sender tells."""
WITHOUT = "christmas"
"""What a song without colours gets instead."""
PALETTES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "christmas": ("#e0322a", "#ffd9a0", "#1f9e46", "#ffd9a0"),
        "candles": ("#ffc47a", "#ff9a3c", "#ffe3b8", "#ff7f2a"),
        "frost": ("#e6f2ff", "#8cc8ff", "#4a8cff", "#b9f0f5"),
        "forest": ("#1f9e46", "#ffcf5c", "#7fbf3f", "#ffe3b8"),
        "candy": ("#e0322a", "#fff4ec", "#ff6f91", "#fff4ec"),
        "jewels": ("#d02a5b", "#2f6bff", "#f2b632", "#1fa37a", "#8a4be0"),
    }
)
NAMES = (OWN, SONG, *PALETTES)
MAX_COLOURS = 8
"""Of a palette."""
FADE = 2.0
"""Seconds that a change of colours takes, so that sections follow each other softly."""


def colours_of(name: str, song: Sequence[str] = ()) -> tuple[str, ...]:
    """The colours of the palette ``name``; ``song``: those of the song that plays. Empty for ``OWN``."""
    if name == OWN:
        return ()
    return tuple(song[:MAX_COLOURS]) or PALETTES[WITHOUT] if name == SONG else PALETTES[name]


def assigned(colours: Sequence[str], section: int, channels: int) -> tuple[str, ...]:
    """The colour of each channel in a ``section`` (0 is the first): each section moves them on by one channel.

    Channels take the colours in turn, so neighbours differ, and a section with the same number looks the same in every
    song. Empty without ``colours``.
    """
    return (
        tuple(colours[(channel + section) % len(colours)] for channel in range(channels)) if colours else ()
    )
