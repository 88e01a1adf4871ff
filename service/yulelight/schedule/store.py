"""The schedule's files, written atomically, so that a kill or a power cut leaves the old or the new version.
Blocking.
"""

import contextlib
import fcntl
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from yulelight.core import storage
from yulelight.core.errors import StorageError, UsageError
from yulelight.core.json_file import JsonFile
from yulelight.schedule.decide import Memory
from yulelight.schedule.ics import MAX_BYTES

log = logging.getLogger(__name__)

Signature = tuple[int, int, int] | None
"""A value that changes when the file changes; None if there is no file."""


def signature(path: Path) -> Signature:
    """The present signature of the file at ``path``. Raises OSError."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file that people and other programs may edit, too."""

    path: Path

    def signature(self) -> Signature:
        """The present signature of the file."""
        return signature(self.path)

    def load(self) -> bytes | None:
        """The content; None if there is no file. Raises UsageError if it is too large, and OSError."""
        try:
            return storage.read(self.path, MAX_BYTES)
        except ValueError as error:
            raise UsageError(str(error)) from None

    def read(self) -> str | None:
        """The content as text. Raises UsageError if it is too large or not text, and OSError."""
        data = self.load()
        try:
            return None if data is None else data.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise UsageError("it is not text (UTF-8)") from None

    def store(self, data: bytes) -> None:
        """Writes the file atomically and syncs it to the disk. Raises OSError."""
        storage.write(self.path.resolve(), data, shared=True)

    def write(self, text: str) -> None:
        """Like ``store``, for text."""
        self.store(text.encode())

    def copy_aside(self, now: datetime) -> Path:
        """Copies the file to another name; returns its path. Raises OSError."""
        aside = self.path.with_name(f"{self.path.name}.original-{now:%Y%m%d-%H%M%S}")
        storage.write(aside, self.path.read_bytes(), shared=True)
        return aside

    def set_aside(self, now: datetime) -> Path:
        """Renames an invalid file; returns its new path. Raises OSError."""
        return self.path.replace(self.path.with_name(f"{self.path.name}.broken-{now:%Y%m%d-%H%M%S}"))

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Locks the file against other processes that use this class. Raises OSError."""
        path = self.path.resolve()
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.with_name(f".{path.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def tidy(self) -> None:
        """Removes temporary files of killed processes. Raises OSError."""
        path = self.path.resolve()
        with self.locked():
            for left in path.parent.glob(f".{path.name}.*.tmp"):
                left.unlink(missing_ok=True)


class MemoryFile:
    """The scheduler's memory on the disk."""

    def __init__(self, path: Path) -> None:
        self._file = JsonFile(path, Memory)

    def load(self) -> Memory:
        """The saved memory, or an empty one; a damaged file is set aside."""
        try:
            return self._file.load() or Memory()
        except ValueError:
            pass  # It was set aside, which is in the log.
        except OSError as error:
            log.warning("the scheduler's memory in %s cannot be read: %s", self._file.path, error.strerror)
        return Memory()

    def save(self, memory: Memory) -> str:
        """Saves the memory; returns an error message or an empty string, since the show must continue."""
        try:
            self._file.save(memory)
        except OSError as error:
            problem = str(StorageError.of("the scheduler's memory", error))
            log.warning("%s", problem)
            return problem
        return ""
