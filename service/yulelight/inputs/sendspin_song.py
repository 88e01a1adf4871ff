"""What a Sendspin server says about the song: title, colours, picture and position, put together as one. Pure.

They come one by one and in any order. Everything is from others, so types are checked and sizes bounded.
"""

from dataclasses import replace
from typing import Any

from yulelight.core.messages import Song
from yulelight.inputs.base import Playing
from yulelight.inputs.plain import plain

COLOURS = ("primary", "accent", "background_light")
"""Those of a server's colours that are for lamps; the others are for text."""
MAX_COVER = 1_000_000
"""Bytes of a picture."""
JUMP = 1.5
"""Seconds by which a position must differ from the expected one to count as news."""


class NowPlaying:
    """Each method returns the news, or None where nothing has changed. ``song`` is told without a title."""

    def __init__(self, song: Song) -> None:
        self._song = self._titled = song
        self._colours: tuple[str, ...] = ()
        self._cover = b""
        self._begun: float | None = None
        """When the song began, by the service's clock; None if unknown."""
        self._told: Playing | None = None

    def metadata(self, told: Any, position: float | None, now: float) -> Playing | None:
        """``told``: title, artist, album and progress, or None; ``position`` in seconds at ``now``."""
        title = plain(getattr(told, "title", None))
        artist, album = plain(getattr(told, "artist", None)), plain(getattr(told, "album", None))
        length = getattr(getattr(told, "progress", None), "track_duration", 0)
        seconds = length / 1000 if isinstance(length, int) and 0 < length < 86_400_000 else 0.0
        self._titled = Song("", title, artist, seconds, album) if title else self._song
        self._begun = None if position is None or not title else now - position
        return self._news(now)

    def colours(self, told: Any, now: float) -> Playing | None:
        """``told``: its colours, or None."""
        parts = [getattr(told, name, None) for name in COLOURS]
        codes = ("#" + bytes(part).hex() for part in parts if isinstance(part, tuple))
        self._colours = tuple(dict.fromkeys(codes))
        return self._news(now)

    def cover(self, data: bytes, now: float) -> Playing | None:
        """``data``: a JPEG or PNG; anything else, and what is too large, is no picture."""
        known = data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) and len(data) <= MAX_COVER
        self._cover = data if known else b""
        return self._news(now)

    def _news(self, now: float) -> Playing | None:
        song, told = replace(self._titled, colours=self._colours), self._told
        if told is not None and (told.song, told.cover) == (song, self._cover) and not self._jumped(told):
            return None
        position = None if self._begun is None else max(0.0, now - self._begun)
        self._told = Playing(song, self._cover, position, now)
        return self._told

    def _jumped(self, told: Playing) -> bool:
        if self._begun is None or told.position is None:
            return (self._begun is None) != (told.position is None)
        return abs(told.at - told.position - self._begun) > JUMP
