"""The folder of the playlists: which files there are, and reading and writing one of them whole. Blocking."""

import logging
import unicodedata
from pathlib import Path

from yulelight.core import storage
from yulelight.core.errors import CommandError, StorageError, UsageError, YulelightError
from yulelight.core.playlist_names import RULE, is_playlist_name
from yulelight.core.suggest import did_you_mean
from yulelight.core.text import folded, readable
from yulelight.library import m3u

log = logging.getLogger(__name__)

MAX_PLAYLISTS = 1000
MAX_SONGS = 5000
MAX_BYTES = 4 * 1024 * 1024
"""Bytes; larger files are not read."""

_SUFFIXES = (".m3u8", ".m3u")


class NoSuchPlaylist(CommandError):  # noqa: N818
    """There is no such list, or no such position in it."""


class PlaylistFolder:
    """The files in ``path`` (created when first needed). A list's id is the name of its file without suffix.

    Files with invalid names and hidden files are ignored. Files named .m3u are read, too, and become .m3u8 when
    changed. Not for several threads at once where one writes.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._swept = False
        self._told: set[Path] = set()
        """Ignored files that have already been logged."""

    def find(self, name: str) -> str:
        """The id of the list ``name``: an exact match, or else the only match that differs in case and accents.

        Raises NoSuchPlaylist with a suggestion.
        """
        known = self.files()
        exact = unicodedata.normalize("NFC", name)
        if exact in known:
            return exact
        alike = [id for id in known if folded(id) == folded(name)]
        if len(alike) == 1:
            return alike[0]
        hint = did_you_mean(name, known) or "; `yulelight playlist list` shows those there are"
        raise NoSuchPlaylist(f"there is no such playlist{hint}")

    def delete(self, id: str) -> None:
        """Deletes the list, not its songs. Raises NoSuchPlaylist, or YulelightError for disk errors."""
        id = self.find(id)
        path = self._path(id)
        try:
            for twin in (path, *(path.with_name(path.stem + suffix) for suffix in _SUFFIXES)):
                twin.unlink(missing_ok=True)
            storage.sync_folder(self.path)
        except OSError as error:
            raise StorageError.of(f"the removal of the playlist {id!r}", error) from error

    def stamps(self) -> dict[str, tuple[int, int, int]]:
        """A value per list that differs whenever any program has changed its file."""
        stamps = {}
        for id, path in self.files().items():
            try:
                status = path.stat()
            except OSError:
                continue
            stamps[id] = (status.st_mtime_ns, status.st_size, status.st_ino)
        return stamps

    def files(self) -> dict[str, Path]:
        """The file of each list; if two have the same name, the .m3u8."""
        found: dict[str, Path] = {}
        try:
            paths = sorted(self.path.iterdir(), key=lambda path: (path.suffix.lower() == ".m3u8", path))
        except OSError:
            return {}
        for path in paths:
            id = unicodedata.normalize("NFC", path.stem)
            if path.suffix.lower() not in _SUFFIXES or id.startswith("."):
                continue
            if is_playlist_name(id):
                found[id] = path
            elif path not in self._told:
                self._told.add(path)
                log.warning("the playlist %r is left out: %s; rename it", readable(path.name), RULE)
        return dict(list(found.items())[:MAX_PLAYLISTS])

    def _path(self, id: str) -> Path:
        try:
            return self.files()[id]
        except KeyError:  # removed after it was found
            raise NoSuchPlaylist("there is no such playlist any more") from None

    def read(self, id: str) -> m3u.M3u:
        """The content of the list. Raises NoSuchPlaylist, and YulelightError if it cannot be used."""
        path = self._path(id)
        try:
            with path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except OSError as error:
            raise YulelightError(f"cannot read the playlist {id!r}: {error.strerror}") from error
        if len(data) > MAX_BYTES:
            raise YulelightError(f"the playlist {id!r} is larger than {MAX_BYTES >> 20} MB; split it")
        if not m3u.is_text(data):
            raise YulelightError(f"{path.name} is some other file, not a playlist; move it elsewhere")
        return m3u.parse(data)

    def write(self, id: str, known: m3u.M3u) -> None:
        """Creates or replaces the list. Raises UsageError if there are too many or too long ones, and StorageError."""
        if len(known.entries) > MAX_SONGS:
            raise UsageError(f"a playlist has at most {MAX_SONGS} songs; make several")
        files = self.files()
        if id not in files and len(files) >= MAX_PLAYLISTS:
            raise UsageError(f"there are {MAX_PLAYLISTS} playlists already; delete some")
        # Next to the file that was read, with the same name.
        path = files.get(id, self.path / f"{id}.m3u8").with_suffix(".m3u8")
        try:
            if not self._swept:
                storage.tidy(self.path)
                self._swept = True
            storage.write(path, m3u.write(known), shared=True)
        except OSError as error:
            raise StorageError.of(f"the playlist {id!r}", error) from error
