"""The songs in the music folders: found, named and told apart by ids that never show a path."""

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
"""Seconds between two words about how reading goes on."""
TRUSTED_SECONDS = 0.1
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

    ``reader`` reads the files, in this process unless told otherwise. Songs are listed, by the names of their files,
    before any of them is read.
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
        """All that songs may come from: the folders and the single files."""
        return *self.folders, *self._files

    @property
    def missing(self) -> tuple[Path, ...]:
        """Those of ``places`` that were not there at the last scan, or empty though songs were known in them."""
        return self._missing

    def scan(self, told: Callable[[], object] = lambda: None) -> list[LibrarySong]:
        """Looks for songs anew: those of the folders by relative path, then the single files as named.

        A song that cannot be read is listed too, by its file name. Tags are read again only when a file changed.
        ``told`` is called when the list is there, and now and then while tags are being read.
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
            last = time.monotonic()
            for id, candidate in found.items():
                if self._known[candidate.path].stale:
                    self._learn(candidate, self._reader.tags(candidate.path))
                self._refresh(id, candidate)
                if time.monotonic() - last >= PROGRESS_INTERVAL:
                    told()
                    last = time.monotonic()
            with self._lock:
                return list((self._songs or {}).values())

    def _list(self, found: dict[str, Candidate]) -> None:
        """The songs that there are, with what is known of them already."""
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
        """What is known of a file before it is read: by its name at least."""
        stamp, known = _stamp(candidate), self._known.get(candidate.path)
        if known is not None and known.stamp == stamp:
            return known
        artist, title = from_name(candidate.path)
        return Known(stamp, Tags(title, artist), stale=True)

    def _learn(self, candidate: Candidate, read: Tags) -> None:
        with self._lock:
            # What was noted meanwhile belongs to the same file, and a length that was counted is right.
            known = self._known[candidate.path]
            length = known.tags.duration or read.duration
            known = replace(known, tags=replace(read, duration=length), stale=False)
            self._known[candidate.path] = known

    def _refresh(self, id: str, candidate: Candidate) -> None:
        """The song as it is known now; a file can be in two folders of the settings."""
        with self._lock:
            known = self._known[candidate.path]
            if self._songs is not None and self._songs[id].tags is not known.tags:
                self._songs[id] = _song(id, candidate, known)

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

    def duration(self, song: str) -> float:
        """Seconds of the song with the id ``song``; 0 while nobody knows. Never blocks."""
        with self._lock:
            found = (self._songs or {}).get(song)
        return found.song.duration if found else 0.0

    def cover(self, found: LibrarySong) -> Cover | None:
        """The picture in the song's file, else the one beside it."""
        return self._reader.cover(found.path, found.cover)

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
            if abs(seconds - now.song.duration) > TRUSTED_SECONDS and seconds:
                song, tags = replace(now.song, duration=seconds), replace(now.tags, duration=seconds)
                now = replace(now, song=song, tags=tags)
            self._songs[now.song.id] = now
            stale = self._known[now.path].stale
            self._known[now.path] = Known(now.stamp, now.tags, now.content, now.problem, stale)
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
    """Whether it is gone, or empty as the folder is that a share was mounted on."""
    with contextlib.suppress(OSError):
        return next(folder.iterdir(), None) is None
    return True


def _stamp(candidate: Candidate) -> Stamp:
    return Stamp(candidate.status.st_mtime_ns, candidate.status.st_size)


def _identify(name: str) -> str:
    return blake2s(name.encode("utf-8", "surrogateescape")).hexdigest()[:16]
