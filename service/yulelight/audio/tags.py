"""Title and artist of a song file, from its tags or else from its name."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mutagen

from yulelight.audio.files import open_file
from yulelight.errors import AudioError

LONGEST = 200
"""Characters kept of a tag."""


@dataclass(frozen=True, slots=True)
class Tags:
    """What a song calls itself. ``duration`` is in seconds, 0 when unknown."""

    title: str
    artist: str = ""
    album: str = ""
    duration: float = 0.0


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
    return Tags(title, _tag(found, "artist") or artist, _tag(found, "album"), _duration(found))


def clean(text: str) -> str:
    """Text fit to be shown on one line: printable, no doubled spaces, at most 200 characters."""
    text = "".join(c if c.isprintable() else " " for c in text[: 4 * LONGEST])
    return " ".join(text.split())[:LONGEST].rstrip()


def _read(path: Path) -> Any:
    """What mutagen makes of the file; None for nothing."""
    try:
        with open_file(path) as file:
            return mutagen.File(file, easy=True)
    except AudioError:
        return None
    except Exception:
        # mutagen lets many kinds of exceptions out on damaged files, and a song's name is never worth one.
        return None


def _tag(found: Any, name: str) -> str:
    try:
        value = found.get(name)
    except Exception:
        return ""
    if isinstance(value, list | tuple):
        value = value[0] if value else ""
    return clean(str(value)) if value is not None else ""


def _duration(found: Any) -> float:
    length = getattr(found.info, "length", 0.0)
    return float(length) if isinstance(length, int | float) and 0 <= length < 1e6 else 0.0


def _from_name(path: Path) -> tuple[str, str]:
    """(artist, title) as the file name tells them."""
    name = path.stem.encode("utf-8", "replace").decode("utf-8").replace("_", " ")
    number, separator, rest = name.partition(" ")
    if separator and number.strip("-.").isdecimal() and len(number) <= 4:
        name = rest.lstrip("- ") or name
    artist, separator, title = name.partition(" - ")
    if not separator or not clean(title):
        artist, title = "", name
    return clean(artist), clean(title) or "Untitled"
