"""The index of the library's files, stored so that a restart need not read all of them again. Blocking."""

import json
import logging
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from yulelight import __version__
from yulelight.audio.tags import Tags
from yulelight.core import storage

log = logging.getLogger(__name__)

VERSION = 1
READER_VERSION = 2
"""Increase it when tags or file names are read differently: then those of all songs are read again, once."""
MAX_BYTES = 100_000_000
"""Bytes of the file, ten times what 50,000 songs need."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Size and modification time, by which unchanged files are recognised."""

    changed: int
    """Nanoseconds, as reported by the file system."""
    size: int


@dataclass(frozen=True, slots=True)
class Known:
    """What is known about a file with this stamp."""

    stamp: Stamp
    tags: Tags
    content: str = ""
    """See yulelight.library.content; empty until the whole file has been read for some reason."""
    problem: str = ""
    """Why it cannot be played; empty if no problem is known."""
    stale: bool = False
    """Whether the tags must be read again, because an older version read them."""


def load(path: Path) -> dict[Path, Known]:
    """The stored index; an invalid file is set aside, and all songs are read again."""
    storage.tidy(path.parent, path.name)
    try:
        data = storage.read(path, MAX_BYTES)
        return {} if data is None else _parse(json.loads(data))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        storage.set_aside(path, error)
        return {}


def save(path: Path, known: dict[Path, Known]) -> None:
    """Stores the index atomically. Raises OSError."""
    files = {
        str(file): [one.stamp.changed, one.stamp.size, one.content, one.problem, *asdict(one.tags).values()]
        for file, one in known.items()
        if not one.stale  # it is read at the next start instead
    }
    body = {
        "version": VERSION,
        "program": __version__,
        "reader": READER_VERSION,
        "tags": [field.name for field in fields(Tags)],
        "files": files,
    }
    # File names need not be valid Unicode; escaped, all of them can be restored.
    storage.write(path, json.dumps(body, separators=(",", ":")).encode())


def _parse(body: Any) -> dict[Path, Known]:
    if body["version"] != VERSION or body["tags"] != [field.name for field in fields(Tags)]:
        log.info("the list of songs was written by another version; all songs are read again")
        return {}
    # This version may be able to play what the other could not.
    reads = body.get("reader", 1) == READER_VERSION
    plays = body["program"] == __version__ and reads
    return {
        Path(file): Known(
            Stamp(int(changed), int(size)),
            Tags(*tags) if reads else replace(Tags(*tags), duration=0.0),
            str(content),
            str(problem) if plays else "",
            stale=not reads,
        )
        for file, (changed, size, content, problem, *tags) in body["files"].items()
    }
