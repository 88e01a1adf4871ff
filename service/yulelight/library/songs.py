"""The songs in the music folders: found, named and told apart by ids that never show a path."""

import contextlib
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import blake2s
from pathlib import Path

from yulelight.audio.tags import Tags, tags
from yulelight.core.errors import CommandError
from yulelight.core.messages import Song
from yulelight.library import index
from yulelight.library.index import Known, Stamp
from yulelight.library.walk import DEEPEST, MAX_FILES, SUFFIXES, Candidate, candidates

__all__ = ["DEEPEST", "MAX_FILES", "SUFFIXES", "Library", "LibrarySong"]


EXACT = 0.1
"""Seconds up to which a length that the file announces is left as it is."""
UNTAGGED, UNSEEN = Tags(""), Stamp(0, 0)
NOWHERE = os.stat_result((0,) * 10)


@dataclass(frozen=True, slots=True)
class LibrarySong:
    """A song, where it lies and what is known of it."""

    song: Song
    path: Path
    tags: Tags = UNTAGGED
    stamp: Stamp = UNSEEN
    content: str = ""
    """Names what sounds (see yulelight.library.content); empty while unknown."""
    problem: str = ""
    """Why it cannot be played, in words for the user; empty as far as is known."""
    cover: Path | None = None
    """A picture beside it; ``tags.picture`` tells of one inside."""
    settings: Path | None = None
    """A settings file beside it."""


class Library:
    """The songs below ``folders`` and the single ``files``. Blocking; safe to use from several threads.

    Folders that are missing or may not be read count as empty, hidden files and folders are left out, links are
    followed but no folder is visited twice. Ids are stable while a song stays where it is in its folder; a
    file found twice (by the same id) is listed once. With ``index``, a file, what was read is remembered there, also
    of songs whose folder has vanished: a disk that is plugged in again, a share that is mounted again.
    """

    def __init__(
        self, folders: Sequence[Path], files: Sequence[Path] = (), index: Path | None = None
    ) -> None:
        self.folders = tuple(folders)
        self._files = tuple(files)
        self._index = index
        self._lock = threading.Lock()
        self._scanning = threading.Lock()
        self._songs: dict[str, LibrarySong] | None = None
        self._known: dict[Path, Known] = {}
        self._saved: dict[Path, Known] = {}
        self._absent: tuple[LibrarySong, ...] = ()
        self._missing: tuple[Path, ...] = ()

    @property
    def places(self) -> tuple[Path, ...]:
        """All that songs may come from: the folders and the single files."""
        return *self.folders, *self._files

    @property
    def missing(self) -> tuple[Path, ...]:
        """Those of ``places`` that were not there at the last scan, or empty though songs were known in them."""
        return self._missing

    def scan(self) -> list[LibrarySong]:
        """Looks for songs anew: those of the folders by relative path, then the single files as named.

        A song that cannot be read is listed too, by its file name. Tags are read again only when a file changed.
        """
        with self._scanning:
            if self._songs is None and self._index is not None:
                self._known = self._saved = index.load(self._index)
            found: dict[str, Candidate] = {}
            read: dict[Path, Known] = {}
            for candidate in candidates(self.folders, self._files):
                if found.setdefault(_identify(candidate.name), candidate) is candidate:
                    read[candidate.path] = self._read(candidate)
                if len(found) >= MAX_FILES:
                    break
            vanished = [folder for folder in self.folders if _vanished(folder)]
            away = {folder: self._below(folder) for folder in vanished}
            self._missing = tuple(place for place in self.places if away.get(place) or not place.exists())
            self._absent = tuple(
                _song(_identify(path.relative_to(folder).as_posix()), Candidate("", path, NOWHERE), known)
                for folder, files in away.items()
                for path, known in files.items()
            )
            for files in away.values():
                read.update(files)
            with self._lock:
                # What was noted during the scan belongs to the same files.
                self._known = {path: self._newest(path, known) for path, known in read.items()}
                self._songs = {
                    id: _song(id, candidate, self._known[candidate.path]) for id, candidate in found.items()
                }
                return list(self._songs.values())

    def songs(self) -> list[LibrarySong]:
        """The songs as of the last scan (the first is made here)."""
        songs = self._scanned()
        with self._lock:
            return list(songs.values())

    def absent(self) -> Sequence[LibrarySong]:
        """What is remembered of songs whose folder was not there at the last scan; they are not among ``songs``."""
        return self._absent

    def find(self, song: str) -> LibrarySong:
        """The song with the id ``song`` as of the last scan (the first is made here).

        Raises CommandError when there is none.
        """
        try:
            return self._scanned()[song]
        except KeyError:
            raise CommandError("there is no such song; ask for the list of songs again.") from None

    def duplicates(self, found: LibrarySong) -> list[str]:
        """Ids of the other songs that sound the same, as far as is known."""
        others = (song for song in self.songs() if found.content and song.content == found.content)
        return [song.song.id for song in others if song.song.id != found.song.id]

    def note(
        self, found: LibrarySong, *, content: str = "", problem: str = "", seconds: float = 0.0
    ) -> LibrarySong:
        """Remembers what was learnt about a song while it was read, unless the file has changed since.

        ``seconds``: how long it is, as it was counted; 0 leaves it as it was.
        """
        with self._lock:
            now = (self._songs or {}).get(found.song.id)
            if self._songs is None or now is None or now.stamp != found.stamp or now.path != found.path:
                return found
            now = replace(now, content=content or now.content, problem=problem)
            if abs(seconds - now.song.duration) > EXACT and seconds:
                song, tags = replace(now.song, duration=seconds), replace(now.tags, duration=seconds)
                now = replace(now, song=song, tags=tags)
            self._songs[now.song.id] = now
            self._known[now.path] = Known(now.stamp, now.tags, now.content, now.problem)
            return now

    def save(self) -> None:
        """Writes the index, if there is one and it changed. Raises OSError."""
        if self._index is None:
            return
        with self._lock:
            known = dict(self._known)
        if known != self._saved:
            index.save(self._index, known)
            self._saved = known

    def _scanned(self) -> dict[str, LibrarySong]:
        with self._lock:
            songs = self._songs
        if songs is None:
            self.scan()
            return self._scanned()
        return songs

    def _below(self, folder: Path) -> dict[Path, Known]:
        start = f"{folder}{os.sep}".replace(2 * os.sep, os.sep)
        return {path: known for path, known in self._known.items() if str(path).startswith(start)}

    def _read(self, candidate: Candidate) -> Known:
        stamp = _stamp(candidate)
        known = self._known.get(candidate.path)
        if known is None or known.stamp != stamp:
            return Known(stamp, tags(candidate.path))
        return replace(known, tags=tags(candidate.path), stale=False) if known.stale else known

    def _newest(self, path: Path, read: Known) -> Known:
        known = self._known.get(path)
        return known if known and known.stamp == read.stamp and not known.stale else read


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
    """Whether it is gone, or empty as the folder is that a share was mounted on."""
    with contextlib.suppress(OSError):
        return next(folder.iterdir(), None) is None
    return True


def _stamp(candidate: Candidate) -> Stamp:
    return Stamp(candidate.status.st_mtime_ns, candidate.status.st_size)


def _identify(name: str) -> str:
    return blake2s(name.encode("utf-8", "surrogateescape")).hexdigest()[:16]
