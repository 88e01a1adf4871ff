"""Artist and title from the name of a file."""

import re
from pathlib import Path

from yulelight.core.text import readable

MAX_LENGTH = 200
"""Characters kept of a name or tag."""

_TRACK = re.compile(
    r"""
    (?:\d{1,2}-)?0\d{1,2}[\s.)-]+(?=\S)  # 01 Silent Night, 1-01 Silent Night, 01 - Silent Night
    | \d{1,3}\s*[.)]\s*(?=\D)           # 1. Silent Night, 12) Silent Night
    | \d{1,3}\s+-\s+(?=\S)              # 12 - Silent Night
    """,
    re.VERBOSE,
)
"""A leading track number. A plain number is part of the title: 12 Days of Christmas, 2000 Miles."""


def from_name(path: Path) -> tuple[str, str]:
    """(artist, title) of ``03 - Pierpont - Jingle_Bells.mp3``; the artist may be empty, the title never is."""
    name = readable(path.stem).replace("_", " ")
    if number := _TRACK.match(name):
        name = name[number.end() :]
    artist, separator, title = name.partition(" - ")
    if not separator or not clean(title) or not clean(artist):
        artist, title = "", name
    return clean(artist), clean(title) or "Untitled"


def clean(text: str) -> str:
    """Text for display on one line: printable, without repeated spaces, at most 200 characters."""
    text = "".join(c if c.isprintable() else " " for c in text[: 4 * MAX_LENGTH])
    return " ".join(text.split())[:MAX_LENGTH].rstrip()
