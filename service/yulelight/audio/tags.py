"""Title, artist and other tags of a song file, or else from its name."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yulelight.audio.container import announced_length, from_container
from yulelight.audio.covers import has_picture
from yulelight.audio.metadata import read_all
from yulelight.audio.song_name import clean, from_name


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags of a song. ``duration`` is in seconds, 0 if unknown."""

    title: str
    artist: str = ""
    album: str = ""
    duration: float = 0.0
    genre: str = ""
    track: int = 0
    """Track number on the album; 0 if unknown."""
    picture: bool = False
    """Whether the file contains a cover."""


_NAMES = {
    "title": ("title", "TIT2", "\xa9nam", "Title"),
    "artist": ("artist", "TPE1", "\xa9ART", "Author"),
    "album": ("album", "TALB", "\xa9alb", "WM/AlbumTitle"),
    "genre": ("genre", "TCON", "\xa9gen", "WM/Genre"),
    "track": ("tracknumber", "TRCK", "trkn", "track", "WM/TrackNumber"),
}
"""Its keys in Vorbis comments and APE (case-insensitive), ID3, MP4 and ASF."""


def tags(path: Path) -> Tags:
    """The tags of a file.

    Never raises: missing, damaged or malicious values are replaced or left out. Control characters are removed and
    tags are cut to 200 characters. Without a title tag the file name is used; "Artist - Title" and a leading track
    number are recognised.
    """
    found = read_all(path)
    named = {name: next((text for one in found if (text := _tag(one, name))), "") for name in _NAMES}
    if not named["title"]:
        named |= {name: text for name, text in from_container(path).items() if not named[name]}
    artist, title = from_name(path)
    if named["title"]:
        artist, title = "", named["title"]
    return Tags(
        title,
        named["artist"] or artist,
        named["album"],
        announced_length(path, next((length for one in found if (length := _duration(one))), 0.0)),
        named["genre"],
        _track(named["track"]),
        has_picture(found),
    )


def _tag(found: Any, name: str) -> str:
    for key in _NAMES[name]:
        try:
            value = found.get(key)
            value = getattr(value, "genres", value)  # ID3 has them as numbers, too
            while not isinstance(value, str) and hasattr(value, "__getitem__"):
                value = value[0]
        except Exception:  # noqa: BLE001, S112  # mutagen raises many kinds, e.g. for keys that a format has not
            continue
        if value is not None and (text := clean(str(value))):
            return text
    return ""


def _track(text: str) -> int:
    """The track number: 3 for ``3/12``."""
    digits = text.partition("/")[0].strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 5 else 0


def _duration(found: Any) -> float:
    length = getattr(getattr(found, "info", None), "length", 0.0)
    return float(length) if isinstance(length, int | float) and 0 <= length < 1e6 else 0.0
