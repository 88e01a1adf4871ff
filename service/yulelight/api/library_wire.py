"""The library as JSON, and validation of requests about it. Pure functions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from yulelight.api import wire
from yulelight.api.parse import Json
from yulelight.core.errors import UsageError
from yulelight.core.text import readable
from yulelight.library.librarian import LibraryState
from yulelight.library.shows import SongSettings
from yulelight.library.songs import LibrarySong
from yulelight.library.user_settings import as_json, checked
from yulelight.show.show import Show

PAGE = 1000
"""Maximum number of songs in one answer."""
PEAKS = 400
ACTIONS = ("rescan", "pause", "resume")


@dataclass(frozen=True, slots=True)
class Query:
    """A query for songs."""

    search: str = ""
    artist: str = ""
    album: str = ""
    offset: int = 0
    limit: int = PAGE


def query(values: Mapping[str, str]) -> Query:
    """Parses a query string. Raises UsageError."""
    known = {"search", "artist", "album", "offset", "limit"}
    if unknown := sorted(values.keys() - known):
        raise UsageError(f"unknown field {unknown[0][:40]!r}; known here: {', '.join(sorted(known))}")
    words = {name: values.get(name, "")[:200] for name in ("search", "artist", "album")}
    limit = _count("limit", values.get("limit", str(PAGE)))
    return Query(**words, offset=_count("offset", values.get("offset", "0")), limit=min(limit, PAGE))


def action(body: Json) -> str:
    """``{"action": "rescan"}``. Raises UsageError."""
    name = body.get("action")
    if name not in ACTIONS or len(body) != 1:
        raise UsageError(f'send {{"action": …}} with one of {", ".join(ACTIONS)}')
    return str(name)


def changes(body: Json, looks: Collection[str], models: Collection[str]) -> dict[str, Any]:
    """Parses changes of a song's settings. Raises UsageError."""
    values = checked(body)
    for name, known in (("look", looks), ("model", models)):
        if values.get(name) is not None and values[name] not in known:
            raise UsageError(f"there is no such {name}; there are {', '.join(known)}")
    return values


def state(value: LibraryState) -> dict[str, Any]:
    """The state of the library."""
    return {
        "songs": value.songs,
        "rendered": value.rendered,
        "waiting": value.waiting,
        "unplayable": value.unplayable,
        "missing": [readable(path) for path in value.missing],
        "rendering": value.rendering,
        "progress": value.progress,
        "paused": value.paused,
        "scanning": value.scanning,
        "cache": {"bytes": value.cache_bytes, "limit": value.cache_limit},
        "message": value.message,
    }


def song(value: LibrarySong, rendered: bool) -> dict[str, Any]:
    """A song in a list."""
    return {
        **wire.of_song(value.song),
        "genre": value.tags.genre,
        "track": value.tags.track,
        "rendered": rendered,
        "problem": value.problem,
    }


def details(
    value: LibrarySong, rendered: bool, settings: SongSettings, duplicates: list[str]
) -> dict[str, Any]:
    """All details of a song. Its path is reduced to the file's name."""
    return {
        **song(value, rendered),
        "settings": as_json(settings),
        "duplicates": duplicates,
        "size": value.stamp.size,
        "file": readable(value.path.name),
    }


def summary(value: Show) -> dict[str, Any]:
    """A summary of a show. ``peaks``: the brightest moment in each of several equal parts of the song, 0..255."""
    overall = value.levels.mean(axis=1) if len(value.levels) else np.zeros(0)
    parts = np.array_split(overall, min(PEAKS, len(overall))) if len(overall) else []
    return {
        "rate": value.rate,
        "duration": round(value.duration, 3),
        "sections": _rounded(value.sections),
        "beats": _rounded(getattr(value, "beats", ())),
        "downbeats": _rounded(getattr(value, "downbeats", ())),
        "peaks": [round(float(part.max())) for part in parts],
    }


def _rounded(times: Collection[float]) -> list[float]:
    return [round(time, 3) for time in times]


def _count(name: str, text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 8):
        raise UsageError(f'"{name}" must be a whole number, 0 or more')
    return int(text)
