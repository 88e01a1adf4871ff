"""The songs in the music folders: found, named and told apart by ids that never show a path."""

import os
import stat
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2s
from pathlib import Path

from yulelight.audio.tags import Tags, tags
from yulelight.errors import CommandError
from yulelight.messages import Song

SUFFIXES = frozenset(
    f".{name}"
    for name in (
        *("aac", "ac3", "aif", "aiff", "ape", "flac", "m4a", "m4b", "mka", "mp2", "mp3", "mp4", "mpc"),
        *("oga", "ogg", "opus", "tta", "wav", "webm", "wma", "wv"),
    )
)
"""What counts as a song in a folder; a file that is named on its own counts whatever its name."""

DEEPEST = 12
"""Folders below a music folder."""

MOST = 50_000
"""Songs of a library; a mistake such as a whole disk for a music folder must not fill memory."""


@dataclass(frozen=True, slots=True)
class LibrarySong:
    """A song and where it lies."""

    song: Song
    path: Path


class Library:
    """The songs below ``folders`` and the single ``files``. Blocking; safe to use from several threads.

    Folders that are missing or may not be read count as empty, hidden files and folders are left out, links are
    followed but no folder is visited twice. Ids are stable while a song stays where it is in its folder; a
    file found twice (by the same id) is listed once.
    """

    def __init__(self, folders: Sequence[Path], files: Sequence[Path] = ()) -> None:
        self._folders = tuple(folders)
        self._files = tuple(files)
        self._lock = threading.Lock()
        self._songs: dict[str, LibrarySong] | None = None
        self._read: dict[tuple[Path, int, int], Tags] = {}

    def scan(self) -> list[LibrarySong]:
        """Looks for songs anew: those of the folders by relative path, then the single files as named.

        A song that cannot be read is listed too, by its file name. Tags are read again only when a file changed.
        """
        found: dict[str, LibrarySong] = {}
        read: dict[tuple[Path, int, int], Tags] = {}
        for name, path, status in self._candidates():
            key = (path, status.st_mtime_ns, status.st_size)
            read[key] = known = self._read.get(key) or tags(path)
            song = Song(_identify(name), known.title, known.artist, known.duration)
            found.setdefault(song.id, LibrarySong(song, path))
            if len(found) >= MOST:
                break
        with self._lock:
            self._songs, self._read = found, read
        return list(found.values())

    def find(self, song: str) -> LibrarySong:
        """The song with the id ``song`` as of the last scan (the first is made here).

        Raises CommandError when there is none.
        """
        with self._lock:
            songs = self._songs
        if songs is None:
            self.scan()
            return self.find(song)
        try:
            return songs[song]
        except KeyError:
            raise CommandError("there is no such song; ask for the list of songs again.") from None

    def _candidates(self) -> Iterator[tuple[str, Path, os.stat_result]]:
        """(name to identify by, path, status) of every song file, in order."""
        for folder in self._folders:
            below = ((path.relative_to(folder).as_posix(), path, status) for path, status in _walk(folder))
            yield from sorted(below, key=lambda found: found[0])
        for path in self._files:
            status = _status(path)
            if status and stat.S_ISREG(status.st_mode):
                yield str(path.absolute()), path, status


def _walk(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """Song files below ``folder``, folder by folder; at most MOST of them."""
    waiting = deque([(folder, 0)])
    seen: set[tuple[int, int]] = set()
    count = 0
    while waiting:
        here, depth = waiting.popleft()
        for path in _entries(here, seen):
            status = _status(path)
            if status is None or path.name.startswith("."):
                continue
            if stat.S_ISDIR(status.st_mode) and depth < DEEPEST:
                waiting.append((path, depth + 1))
            elif stat.S_ISREG(status.st_mode) and path.suffix.lower() in SUFFIXES:
                yield path, status
                count += 1
                if count >= MOST:
                    return


def _entries(folder: Path, seen: set[tuple[int, int]]) -> list[Path]:
    """What is in a folder; nothing when it was ``seen`` before, by this or another name."""
    status = _status(folder)
    if status is None or (status.st_dev, status.st_ino) in seen:
        return []
    seen.add((status.st_dev, status.st_ino))
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except (OSError, ValueError):
        return None


def _identify(name: str) -> str:
    return blake2s(name.encode("utf-8", "surrogateescape")).hexdigest()[:16]
