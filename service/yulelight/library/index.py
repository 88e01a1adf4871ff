"""What is known of the library's files, kept so that a restart need not read thousands of them again. Blocking."""

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
"""Count it up when tags or file names are read in another way: those of all songs are then read again, once."""
MAX_BYTES = 100_000_000
"""Bytes of the file; ten times what 50,000 songs need."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """By which a file is taken for unchanged."""

    changed: int
    """Nanoseconds, as the file system has it."""
    size: int


@dataclass(frozen=True, slots=True)
class Known:
    """What was learnt about a file while it had this stamp."""

    stamp: Stamp
    tags: Tags
    content: str = ""
    """See yulelight.library.content; empty until somebody had to read the whole file."""
    problem: str = ""
    """Why it cannot be played; empty as far as is known."""
    stale: bool = False
    """Whether the tags are to be read again, because an older version read them."""


def load(path: Path) -> dict[Path, Known]:
    """What ``save`` kept; a file that cannot be used is set aside, and everything is read anew."""
    storage.tidy(path.parent, path.name)
    try:
        data = storage.read(path, MAX_BYTES)
        return {} if data is None else _parse(json.loads(data))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        storage.set_aside(path, error)
        return {}


def save(path: Path, known: dict[Path, Known]) -> None:
    """Atomically; raises OSError."""
    files = {
        str(file): [one.stamp.changed, one.stamp.size, one.content, one.problem, *asdict(one.tags).values()]
        for file, one in known.items()
        if not one.stale  # it is read at the next start
    }
    body = {
        "version": VERSION,
        "program": __version__,
        "reader": READER_VERSION,
        "tags": [field.name for field in fields(Tags)],
        "files": files,
    }
    # Names of files need not be Unicode; escaped, every one of them comes back as it was.
    storage.write(path, json.dumps(body, separators=(",", ":")).encode())


def _parse(body: Any) -> dict[Path, Known]:
    if body["version"] != VERSION or body["tags"] != [field.name for field in fields(Tags)]:
        log.info("the list of songs was kept by another version; all songs are read again")
        return {}
    # Another version may play what this one could not.
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
