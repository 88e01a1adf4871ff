"""Walks the music folders: every song file, and related files next to it."""

import os
import stat
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SUFFIXES = frozenset(
    f".{name}"
    for name in (
        *("aac", "ac3", "aif", "aiff", "ape", "flac", "m4a", "m4b", "mka", "mkv", "mp2", "mp3", "mp4", "mpc"),
        *("oga", "ogg", "opus", "tta", "wav", "webm", "wma", "wv"),
    )
)
"""Extensions of songs in a folder; files that are named individually may have any name."""

MAX_DEPTH = 12
"""Maximum depth of folders below a music folder."""

MAX_FILES = 50_000
"""Maximum number of songs, so that a mistake such as a whole disk as music folder does not fill memory."""

NOT_MUSIC = frozenset(
    {
        *("$recycle.bin", "recycler", "recycled", "lost+found", "system volume information", "found.000"),
        *(
            "#recycle",
            "#snapshot",
            "@eadir",
            "@recycle",
            "@recently-snapshot",
            "@__thumb",
            "@tmp",
            "@sharebin",
        ),
        *("__macosx", "network trash folder", "temporary items"),
    }
)
"""Names, in lower case, of folders for deleted files, snapshots and thumbnails."""

COVERS = tuple(
    f"{name}.{suffix}" for name in ("cover", "folder", "front") for suffix in ("jpg", "jpeg", "png")
)
"""Names, in lower case, of covers for all songs of their folder, in order of precedence."""

SIDECAR_SUFFIX = ".yulelight.toml"
"""``Silent Night.mp3`` may have its settings in ``Silent Night.yulelight.toml``."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that looks like a song."""

    name: str
    """Its identifying path: relative to its folder, or absolute if it was named individually."""
    path: Path
    status: os.stat_result
    cover: Path | None = None
    settings: Path | None = None


def candidates(folders: Sequence[Path], files: Sequence[Path]) -> Iterator[Candidate]:
    """The songs of each folder sorted by relative path, then the files in the given order.

    Blocking; never raises. Missing or unreadable folders count as empty; hidden files and folders and those of
    deleted files are ignored; links are followed, but no folder is visited twice.
    """
    for folder in folders:
        yield from sorted(_walk(folder), key=lambda found: found.name)
    for path in files:
        status = _status(path)
        if status and stat.S_ISREG(status.st_mode):
            yield _candidate(str(path.absolute()), path, status, _listing(path.parent))


def _walk(folder: Path) -> Iterator[Candidate]:
    waiting = deque([(folder, 0)])
    seen: set[tuple[int, int]] = set()
    count = 0
    while waiting:
        here, depth = waiting.popleft()
        listing = _listing(here, seen)
        for name in sorted(listing.names):
            path = here / name
            status = None if name.startswith(".") else _status(path)
            if status is None:
                continue
            if stat.S_ISDIR(status.st_mode):
                if depth < MAX_DEPTH and name.lower() not in NOT_MUSIC:
                    waiting.append((path, depth + 1))
            elif stat.S_ISREG(status.st_mode) and path.suffix.lower() in SUFFIXES:
                yield _candidate(path.relative_to(folder).as_posix(), path, status, listing)
                count += 1
                if count >= MAX_FILES:
                    return


@dataclass(frozen=True, slots=True)
class _Listing:
    """The entries of a folder, and the cover among them."""

    names: frozenset[str] = frozenset()
    cover: str | None = None


def _candidate(name: str, path: Path, status: os.stat_result, listing: _Listing) -> Candidate:
    cover = path.parent / listing.cover if listing.cover else None
    settings = path.stem + SIDECAR_SUFFIX
    return Candidate(name, path, status, cover, path.parent / settings if settings in listing.names else None)


def _listing(folder: Path, seen: set[tuple[int, int]] | None = None) -> _Listing:
    """The entries of a folder; empty if it was ``seen`` before, under this or another name."""
    status = _status(folder)
    if status is None or (seen is not None and (status.st_dev, status.st_ino) in seen):
        return _Listing()
    if seen is not None:
        seen.add((status.st_dev, status.st_ino))
    try:
        names = {path.name for path in folder.iterdir()}
    except OSError:
        return _Listing()
    pictures = {name.lower(): name for name in names if name.lower() in COVERS}
    cover = next((pictures[wanted] for wanted in COVERS if wanted in pictures), None)
    return _Listing(frozenset(names), cover)


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except (OSError, ValueError):
        return None
