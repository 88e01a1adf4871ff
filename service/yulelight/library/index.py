"""The index of the library's files, stored so that a restart need not read all of them again. Blocking."""

import logging
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal

from yulelight import __version__
from yulelight.audio.tags import Tags
from yulelight.core.json_file import JsonFile

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


class _Codec:
    """File names and titles need not be valid Unicode, which pydantic refuses; escaped, all of them can be restored."""

    def validate_python(self, object: Any, /) -> dict[Path, Known]:
        try:
            return _parse(object)
        except (TypeError, KeyError, AttributeError) as error:
            raise ValueError(f"it is not an index of songs: {error!r}") from None

    def dump_python(self, instance: dict[Path, Known], /, *, mode: Literal["json"]) -> dict[str, Any]:
        files = {
            str(file): [
                one.stamp.changed,
                one.stamp.size,
                one.content,
                one.problem,
                *asdict(one.tags).values(),
            ]
            for file, one in instance.items()
            if not one.stale  # it is read at the next start instead
        }
        return {
            "program": __version__,
            "reader": READER_VERSION,
            "tags": [field.name for field in fields(Tags)],
            "files": files,
        }


def load(path: Path) -> dict[Path, Known]:
    """The stored index; an invalid file is set aside, and all songs are read again."""
    try:
        return _file(path).load() or {}
    except (OSError, ValueError) as error:
        log.info("all songs are read again: %s", error)
        return {}


def save(path: Path, known: dict[Path, Known]) -> None:
    """Stores the index atomically. Raises OSError."""
    _file(path).save(known)


def _file(path: Path) -> JsonFile[dict[Path, Known]]:
    return JsonFile(path, _Codec(), version=VERSION, largest=MAX_BYTES)


def _parse(body: Any) -> dict[Path, Known]:
    if body["tags"] != [field.name for field in fields(Tags)]:
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
