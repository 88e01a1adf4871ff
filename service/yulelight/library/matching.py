"""Finds the songs that playlists refer to: by path or, for lists from elsewhere, by the end of the path."""

import os
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from yulelight.library import m3u
from yulelight.library.songs import LibrarySong


class Index:
    """An index of the library's ``songs`` for the locations in lists. Building it resolves links on the disk."""

    def __init__(self, songs: Sequence[LibrarySong]) -> None:
        self.by_id = {song.song.id: song for song in songs}
        self._by_path: dict[str, LibrarySong] = {}
        self._by_name: dict[str, list[tuple[list[str], LibrarySong]]] = {}
        self._folders: dict[str, str] = {}
        for song in songs:
            path = str(song.path.absolute())
            self._by_path.setdefault(path, song)
            self._by_path.setdefault(self._real(path), song)
            names = _folded(m3u.parts(path))
            self._by_name.setdefault(names[-1], []).append((names, song))

    def find(self, location: str, folder: Path) -> LibrarySong | None:
        """The song that ``location`` refers to in a list in ``folder``; None if there is none or it is ambiguous.

        A path that does not exist here matches a song if its last components match only that song: two components
        (folder and name) of an absolute path, all of a relative one. Case is ignored then.
        """
        for path in m3u.paths(location, folder):
            if song := self._by_path.get(path) or self._by_path.get(self._real(path)):
                return song
        return self._by_end(location)

    def _by_end(self, location: str) -> LibrarySong | None:
        names = _folded(m3u.parts(location))
        if not names:
            return None
        least = min(2, len(names)) if m3u.is_absolute(location) else len(names)
        alike = [(_common(names, known), song) for known, song in self._by_name.get(names[-1], [])]
        best = max((count for count, _ in alike), default=0)
        if best < least:
            return None
        fitting = [song for count, song in alike if count == best]
        return fitting[0] if len(fitting) == 1 else None

    def _real(self, path: str) -> str:
        """``path`` with links among its folders resolved."""
        folder, name = os.path.split(path)
        if folder not in self._folders:
            self._folders[folder] = os.path.realpath(folder)
        return str(Path(self._folders[folder], name))


def _folded(names: list[str]) -> list[str]:
    """Names normalised for comparison: case-insensitive, and with composed characters."""
    return [unicodedata.normalize("NFC", name).casefold() for name in names]


def _common(left: list[str], right: list[str]) -> int:
    """The number of equal components, counted from the end."""
    count = 0
    for ours, theirs in zip(reversed(left), reversed(right), strict=False):
        if ours != theirs:
            break
        count += 1
    return count
