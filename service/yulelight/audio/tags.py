"""What a song file says of itself: title, artist and more, from its tags or else from its name."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mutagen

from yulelight.audio.covers import has_picture
from yulelight.audio.files import open_file
from yulelight.core.errors import AudioError
from yulelight.core.text import readable

LONGEST = 200
"""Characters kept of a tag."""


@dataclass(frozen=True, slots=True)
class Tags:
    """What a song calls itself. ``duration`` is in seconds, 0 when unknown."""

    title: str
    artist: str = ""
    album: str = ""
    duration: float = 0.0
    genre: str = ""
    track: int = 0
    """On its album; 0 when unknown."""
    picture: bool = False
    """Whether the file holds a cover."""


_NAMES = {
    "title": ("title", "TIT2", "\xa9nam"),
    "artist": ("artist", "TPE1", "\xa9ART", "Author"),
    "album": ("album", "TALB", "\xa9alb", "WM/AlbumTitle"),
    "genre": ("genre", "TCON", "\xa9gen", "WM/Genre"),
    "track": ("tracknumber", "TRCK", "trkn", "track", "WM/TrackNumber"),
}
"""What Vorbis comments and APE (whatever their case), ID3, MP4 and ASF call it."""


def tags(path: Path) -> Tags:
    """The tags of a file. Never raises: what is missing, damaged or hostile is replaced or left out.

    Tags are cleaned of control characters and cut to 200 characters. Without a title tag the file name is taken;
    "Artist - Title" and a leading track number are understood.
    """
    found = _read(path)
    artist, title = _from_name(path)
    if found is None:
        return Tags(title, artist)
    if named := _tag(found, "title"):
        artist, title = "", named
    return Tags(
        title,
        _tag(found, "artist") or artist,
        _tag(found, "album"),
        _duration(found),
        _tag(found, "genre"),
        _track(_tag(found, "track")),
        has_picture(found),
    )


def clean(text: str) -> str:
    """Text fit to be shown on one line: printable, no doubled spaces, at most 200 characters."""
    text = "".join(c if c.isprintable() else " " for c in text[: 4 * LONGEST])
    return " ".join(text.split())[:LONGEST].rstrip()


def _read(path: Path) -> Any:
    """What mutagen makes of the file; None for nothing."""
    try:
        with open_file(path) as file:
            return mutagen.File(file)
    except AudioError:
        return None
    except Exception:
        # mutagen lets many kinds of exceptions out on damaged files, and a song's name is never worth one.
        return None


def _tag(found: Any, name: str) -> str:
    for key in _NAMES[name]:
        try:
            value = found.get(key)
            value = getattr(value, "genres", value)  # ID3 has them as numbers, too
            while not isinstance(value, str) and hasattr(value, "__getitem__"):
                value = value[0]
        except Exception:  # as above; among them keys that a format does not allow
            continue
        if value is not None and (text := clean(str(value))):
            return text
    return ""


def _track(text: str) -> int:
    """The number in front: ``3/12`` is 3."""
    digits = text.partition("/")[0].strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 5 else 0


def _duration(found: Any) -> float:
    length = getattr(found.info, "length", 0.0)
    return float(length) if isinstance(length, int | float) and 0 <= length < 1e6 else 0.0


def _from_name(path: Path) -> tuple[str, str]:
    """(artist, title) as the file name tells them."""
    name = readable(path.stem).replace("_", " ")
    number, separator, rest = name.partition(" ")
    if separator and number.strip("-.").isdecimal() and len(number) <= 4:
        name = rest.lstrip("- ") or name
    artist, separator, title = name.partition(" - ")
    if not separator or not clean(title):
        artist, title = "", name
    return clean(artist), clean(title) or "Untitled"
