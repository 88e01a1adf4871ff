"""Rendered shows on disk, named by the song's audio content and everything else the show depends on. Blocking."""

import logging
import os
import re
import threading
from collections.abc import Container
from io import BytesIO
from pathlib import Path

from yulelight.core import storage
from yulelight.show.show import Show

log = logging.getLogger(__name__)

_NAME = re.compile(r"[0-9a-f]{32}-[0-9a-f]{16}\.npz")


def name_of(content: str, plan: str) -> str:
    """The name of the file for a song's content key (yulelight.library.content) and a Plan's key."""
    return f"{content}-{plan}.npz"


def store(path: Path, show: Show) -> None:
    """Writes a show atomically and syncs it to the disk. Raises OSError."""
    made = BytesIO()
    show.write(made)
    storage.write(path, made.getvalue())


class ShowCache:
    """The shows in ``folder``, by name, with a total of at most ``limit`` bytes.

    Thread-safe. The least recently used show is removed first. A file that cannot be read is removed and counts as
    missing.
    """

    def __init__(self, folder: Path, limit: int) -> None:
        self.limit = limit
        self.folder = folder
        self._lock = threading.Lock()
        self._sizes: dict[str, int] = {}
        """By name; the most recently used one is last."""
        self.bytes = 0

    def open(self) -> None:
        """Reads the folder and removes temporary files of killed processes. Raises OSError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        storage.tidy(self.folder)
        with os.scandir(self.folder) as entries:
            there = [(entry.stat(), entry.name) for entry in entries if _NAME.fullmatch(entry.name)]
        there.sort(key=lambda pair: pair[0].st_mtime_ns)
        with self._lock:
            self._sizes = {name: status.st_size for status, name in there}
            self.bytes = sum(self._sizes.values())

    def __contains__(self, name: object) -> bool:
        return name in self._sizes

    def get(self, name: str) -> Show | None:
        """The show ``name``, which becomes the most recently used one; None if there is none."""
        if name not in self._sizes:
            return None
        path = self.folder / name
        try:
            show = Show.load(path)
            os.utime(path)
        except (OSError, ValueError) as error:
            log.warning("a stored show is damaged and will be rendered again (%s)", error)
            self._remove(name)
            return None
        with self._lock:
            if name in self._sizes:
                self._sizes[name] = self._sizes.pop(name)
        return show

    def put(self, name: str, show: Show) -> None:
        """Makes room for ``show`` and stores it. Raises OSError."""
        store(self.folder / name, show)
        self.adopt(name)
        self.make_room(keep={name})

    def adopt(self, name: str) -> None:
        """Adds a show that another process wrote to the folder with ``store``. Raises OSError."""
        size = (self.folder / name).stat().st_size
        with self._lock:
            self.bytes += size - self._sizes.pop(name, 0)
            self._sizes[name] = size

    def make_room(self, keep: Container[str] = (), spare: int = 0) -> bool:
        """Removes shows not named in ``keep`` until ``spare`` bytes are free; returns whether that succeeded."""
        for name in [name for name in self._sizes if name not in keep]:
            if self.bytes + spare <= self.limit:
                break
            self._remove(name)
        return self.bytes + spare <= self.limit

    def _remove(self, name: str) -> None:
        with self._lock:
            self.bytes -= self._sizes.pop(name, 0)
        try:
            (self.folder / name).unlink(missing_ok=True)
        except OSError as error:
            log.warning("cannot remove %s: %s", name, error)
