"""The songs in the music folders, identified by ids that never reveal a path."""

import contextlib
import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2s
from pathlib import Path

from yulelight.audio.covers import Cover
from yulelight.audio.song_name import from_name
from yulelight.audio.tags import Tags
from yulelight.core.errors import CommandError
from yulelight.core.messages import Song
from yulelight.library import index
from yulelight.library.index import Known, Stamp
from yulelight.library.reader import DirectReader, FileReader
from yulelight.library.walk import MAX_DEPTH, MAX_FILES, SUFFIXES, Candidate, candidates

__all__ = ["MAX_DEPTH", "MAX_FILES", "SUFFIXES", "Library", "LibrarySong"]


PROGRESS_INTERVAL = 1.0
"""Seconds between two progress reports while tags are read, and so much more for each further COUNTED songs: each
report is followed by a count of all of them."""
COUNTED = 5000
TRUSTED_SECONDS = 0.1
"""Seconds of difference up to which the declared length of a file is kept."""
UNTAGGED, UNSEEN = Tags(""), Stamp(0, 0)
NOWHERE = os.stat_result((0,) * 10)


@dataclass(frozen=True, slots=True)
class LibrarySong:
    """A song, its path and what is known about it."""

    song: Song
    path: Path
    tags: Tags = UNTAGGED
    stamp: Stamp = UNSEEN
    content: str = ""
    """Content key (see yulelight.library.content); empty while unknown."""
    problem: str = ""
    """Why it cannot be played, worded for the user; empty if no problem is known."""
    cover: Path | None = None
    """A cover file next to it; for an embedded cover see ``tags.picture``."""
    settings: Path | None = None
    """A settings file next to it."""


class Library:
    """The songs below ``folders`` and the single ``files``.

    Blocking; thread-safe. Missing or unreadable folders count as empty, hidden files and folders are ignored, and
    links are followed, but no folder is visited twice. Ids are stable as long as a song keeps its path within its
    folder; a file found twice (with the same id) is listed once. With ``index``, the path of a file, results are
    stored there, also for songs whose folder is unavailable, such as an unplugged disk. ``reader`` reads the files,
    by default in this process. Songs are listed by their file names before any of them is read.
    """

    def __init__(
        self,
        folders: Sequence[Path],
        files: Sequence[Path] = (),
        index: Path | None = None,
        reader: FileReader | None = None,
    ) -> None:
        self._reader = reader or DirectReader()
        self.folders = tuple(folders)
        self._files = tuple(files)
        self._index = index
        self._lock = threading.Lock()
        self._scanning = threading.Lock()
        self._listed = threading.Event()
        self._songs: dict[str, LibrarySong] | None = None
        self._known: dict[Path, Known] = {}
        self._saved: dict[Path, Known] = {}
        self._absent: tuple[LibrarySong, ...] = ()
        self._missing: tuple[Path, ...] = ()

    @property
    def places(self) -> tuple[Path, ...]:
        """The folders and the single files."""
        return *self.folders, *self._files

    @property
    def missing(self) -> tuple[Path, ...]:
        """Those of ``places`` that were missing at the last scan, or empty although songs had been found in them
        before.
        """
        return self._missing

    def scan(self, told: Callable[[], object] = lambda: None) -> list[LibrarySong]:
        """Scans for songs: those of the folders sorted by relative path, then the single files in the given order.

        Unreadable songs are listed by their file name. Tags are only read again if a file has changed. ``told`` is
        called when the list is complete, and periodically while tags are being read.
        """
        with self._scanning:
            if self._songs is None and self._index is not None:
                self._known = self._saved = index.load(self._index)
            found: dict[str, Candidate] = {}
            for candidate in candidates(self.folders, self._files):
                found.setdefault(_identify(candidate.name), candidate)
                if len(found) >= MAX_FILES:
                    break
            self._list(found)
            told()
            last, interval = time.monotonic(), max(PROGRESS_INTERVAL, len(found) / COUNTED)
            for id, candidate in found.items():
                if self._known[candidate.path].stale:
                    self._learn(candidate, self._reader.tags(candidate.path))
                self._refresh(id, candidate)
                if time.monotonic() - last >= interval:
                    told()
                    last = time.monotonic()
            with self._lock:
                return list((self._songs or {}).values())

    def _list(self, found: dict[str, Candidate]) -> None:
        """The existing songs with what is already known about them."""
        vanished = [folder for folder in self.folders if _vanished(folder)]
        away = {folder: self._below(folder) for folder in vanished}
        self._missing = tuple(place for place in self.places if away.get(place) or not place.exists())
        self._absent = tuple(
            _song(_identify(path.relative_to(folder).as_posix()), Candidate("", path, NOWHERE), known)
            for folder, files in away.items()
            for path, known in files.items()
        )
        with self._lock:
            known = {candidate.path: self._before(candidate) for candidate in found.values()}
            for files in away.values():
                known.update(files)
            self._known = known
            self._songs = {id: _song(id, candidate, known[candidate.path]) for id, candidate in found.items()}
        self._listed.set()

    def _before(self, candidate: Candidate) -> Known:
        """What is known about a file before it is read, at least from its name."""
        stamp, known = _stamp(candidate), self._known.get(candidate.path)
        if known is not None and known.stamp == stamp:
            return known
        artist, title = from_name(candidate.path)
        return Known(stamp, Tags(title, artist), stale=True)

    def _learn(self, candidate: Candidate, read: Tags) -> None:
        with self._lock:
            # What was recorded in the meantime refers to the same file, and a counted length is exact.
            known = self._known[candidate.path]
            length = known.tags.duration or read.duration
            known = replace(known, tags=replace(read, duration=length), stale=False)
            self._known[candidate.path] = known

    def _refresh(self, id: str, candidate: Candidate) -> None:
        """The song with current information; a file can be in several folders of the settings."""
        with self._lock:
            known = self._known[candidate.path]
            if self._songs is not None and self._songs[id].tags is not known.tags:
                self._songs[id] = _song(id, candidate, known)

    def songs(self) -> list[LibrarySong]:
        """The songs as of the last scan; the first call scans."""
        songs = self._scanned()
        with self._lock:
            return list(songs.values())

    def absent(self) -> Sequence[LibrarySong]:
        """Known songs whose folder was missing at the last scan; they are not in ``songs``."""
        return self._absent

    def find(self, song: str) -> LibrarySong:
        """The song with the id ``song`` as of the last scan; the first call scans.

        Raises CommandError if there is none.
        """
        try:
            return self._scanned()[song]
        except KeyError:
            raise CommandError("there is no such song; ask for the list of songs again.") from None

    def duration(self, song: str) -> float:
        """The duration in seconds of the song with the id ``song``; 0 while unknown. Never blocks."""
        with self._lock:
            found = (self._songs or {}).get(song)
        return found.song.duration if found else 0.0

    def cover(self, found: LibrarySong) -> Cover | None:
        """The cover embedded in the song's file, otherwise the one next to it."""
        return self._reader.cover(found.path, found.cover)

    def colours(self, found: LibrarySong) -> tuple[str, ...]:
        """The dominant colours of its cover (``#rrggbb``), the strongest first; empty if it has none."""
        return self._reader.colours(found.path, found.cover)

    def duplicates(self, found: LibrarySong) -> list[str]:
        """Ids of other songs that are known to have the same audio content."""
        others = (song for song in self.songs() if found.content and song.content == found.content)
        return [song.song.id for song in others if song.song.id != found.song.id]

    def note(
        self, found: LibrarySong, *, content: str = "", problem: str = "", seconds: float = 0.0
    ) -> LibrarySong:
        """Records what became known about a song while it was read, unless the file has changed since.

        ``seconds``: its exact length; 0 leaves the length unchanged.
        """
        with self._lock:
            now = (self._songs or {}).get(found.song.id)
            if self._songs is None or now is None or now.stamp != found.stamp or now.path != found.path:
                return found
            now = replace(now, content=content or now.content, problem=problem)
            if abs(seconds - now.song.duration) > TRUSTED_SECONDS and seconds:
                song, tags = replace(now.song, duration=seconds), replace(now.tags, duration=seconds)
                now = replace(now, song=song, tags=tags)
            self._songs[now.song.id] = now
            stale = self._known[now.path].stale
            self._known[now.path] = Known(now.stamp, now.tags, now.content, now.problem, stale)
            return now

    def save(self) -> None:
        """Writes the index, if there is one and it has changed. Raises OSError."""
        if self._index is None:
            return
        with self._lock:
            known = dict(self._known)
        if known != self._saved:
            index.save(self._index, known)
            self._saved = known

    def _scanned(self) -> dict[str, LibrarySong]:
        while True:
            with self._lock:
                songs = self._songs
            if songs is not None:
                return songs
            if self._scanning.locked():
                self._listed.wait(0.1)
            else:
                self.scan()

    def _below(self, folder: Path) -> dict[Path, Known]:
        start = f"{folder}{os.sep}".replace(2 * os.sep, os.sep)
        return {path: known for path, known in self._known.items() if str(path).startswith(start)}


def _song(id: str, candidate: Candidate, known: Known) -> LibrarySong:
    named = known.tags
    cover = named.picture or candidate.cover is not None
    return LibrarySong(
        Song(id, named.title, named.artist, named.duration, named.album, cover),
        candidate.path,
        named,
        known.stamp,
        known.content,
        known.problem,
        candidate.cover,
        candidate.settings,
    )


def _vanished(folder: Path) -> bool:
    """Whether it is missing, or empty like an unmounted mount point."""
    with contextlib.suppress(OSError):
        return next(folder.iterdir(), None) is None
    return True


def _stamp(candidate: Candidate) -> Stamp:
    return Stamp(candidate.status.st_mtime_ns, candidate.status.st_size)


def _identify(name: str) -> str:
    return blake2s(name.encode("utf-8", "surrogateescape")).hexdigest()[:16]
