"""Metadata in the streams of radio stations (ICY), and their playlists. Pure."""

import re

from yulelight.core.messages import Song
from yulelight.inputs.plain import plain

MIN_STEP, MAX_STEP = 256, 1_000_000
"""Bytes of sound between two titles: a station that names another number sends none that could be parted."""
_TITLE = re.compile(r"StreamTitle='(.*?)';", re.DOTALL)
_ADDRESS = re.compile(r"^(?:File\d+=)?(https?://\S+)$", re.IGNORECASE)


class Icy:
    """Parts a stream into sound and titles: a byte and 16 times as many of text follow each ``step`` bytes of sound."""

    def __init__(self, step: int) -> None:
        self._step = self._sound = step
        self._text: int | None = None
        """Remaining bytes of text; None before the length byte."""
        self._held = b""

    def push(self, data: bytes) -> tuple[bytes, list[str]]:
        """The sound in ``data``, and completed titles."""
        sound, titles = [], []
        at = 0
        while at < len(data):
            if self._sound:
                piece = data[at : at + self._sound]
                at += len(piece)
                self._sound -= len(piece)
                sound.append(piece)
                continue
            if self._text is None:
                self._text, at = 16 * data[at], at + 1
            piece = data[at : at + self._text]
            at += len(piece)
            self._text -= len(piece)
            self._held += piece
            if not self._text:
                if found := _TITLE.search(self._held.rstrip(b"\0").decode(errors="replace")):
                    titles.append(found[1])
                self._held, self._text, self._sound = b"", None, self._step
        return b"".join(sound), titles


def step_in(header: str) -> int | None:
    """The bytes of sound between two titles that ``icy-metaint`` names; None if there are no titles."""
    if not (header.isascii() and header.isdecimal() and len(header) <= len(str(MAX_STEP))):
        return None
    step = int(header)
    return step if MIN_STEP <= step <= MAX_STEP else None


def song(title: str, station: str) -> Song:
    """Parses "Artist - Title"; without a title, the station's name is used."""
    text = plain(title)
    artist, dash, name = text.partition(" - ")
    return Song("", name.strip(), artist.strip(), album=station) if dash else Song("", text or station)


def first_address(text: str) -> str | None:
    """The first stream in a list (.m3u, .pls); None if there is none."""
    for line in text.splitlines():
        if found := _ADDRESS.match(line.strip()):
            return found[1]
    return None
