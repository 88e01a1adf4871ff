"""The schedule's files: written so that a kill or a power cut leaves the old one or the new one. Blocking."""

import contextlib
import fcntl
import json
import logging
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from yulelight.core import storage
from yulelight.core.errors import StorageError, UsageError
from yulelight.schedule.decide import Key, Memory
from yulelight.schedule.ics import MAX_BYTES

log = logging.getLogger(__name__)

Signature = tuple[int, int, int] | None
"""Tells whether a file changed; None: there is none."""


@dataclass(frozen=True, slots=True)
class TextFile:
    """One file that people and other programs may edit, too."""

    path: Path

    def signature(self) -> Signature:
        """What the file is known by now."""
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return None
        return status.st_mtime_ns, status.st_size, status.st_ino

    def load(self) -> bytes | None:
        """What is in it; None when there is no file. Raises UsageError when it is too large, and OSError."""
        try:
            return storage.read(self.path, MAX_BYTES)
        except ValueError as error:
            raise UsageError(str(error)) from None

    def read(self) -> str | None:
        """Its text. Raises UsageError when it is too large or no text, and OSError."""
        data = self.load()
        try:
            return None if data is None else data.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise UsageError("it is not text (UTF-8)") from None

    def store(self, data: bytes) -> None:
        """Atomically and to the disk. Raises OSError."""
        storage.write(self.path.resolve(), data, shared=True)

    def write(self, text: str) -> None:
        """As ``store``."""
        self.store(text.encode())

    def copy_aside(self, now: datetime) -> Path:
        """Keeps the file as it is under another name; answers where. Raises OSError."""
        aside = self.path.with_name(f"{self.path.name}.original-{now:%Y%m%d-%H%M%S}")
        storage.write(aside, self.path.read_bytes(), shared=True)
        return aside

    def set_aside(self, now: datetime) -> Path:
        """Moves a file that cannot be used out of the way; answers where it is. Raises OSError."""
        return self.path.replace(self.path.with_name(f"{self.path.name}.broken-{now:%Y%m%d-%H%M%S}"))

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Alone among all processes that change the file by this class. Raises OSError."""
        path = self.path.resolve()
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.with_name(f".{path.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def tidy(self) -> None:
        """Removes what a killed write has left. Raises OSError."""
        path = self.path.resolve()
        with self.locked():
            for left in path.parent.glob(f".{path.name}.*.tmp"):
                left.unlink(missing_ok=True)


class MemoryFile:
    """What the scheduler remembers, on the disk."""

    def __init__(self, path: Path) -> None:
        self._file = TextFile(path)

    def load(self, now: datetime) -> Memory:
        """What was saved last, or nothing; a damaged file is set aside."""
        try:
            self._file.tidy()
            text = self._file.read()
            return Memory() if text is None else parse_memory(text)
        except (ValueError, UsageError) as error:
            broken = self._file.set_aside(now)
            log.warning("the scheduler's memory was damaged (%s) and is kept as %s", error, broken.name)
        except OSError as error:
            log.warning("the scheduler's memory in %s cannot be read: %s", self._file.path, error.strerror)
        return Memory()

    def save(self, memory: Memory) -> str:
        """What keeps it from being kept, in words, or nothing: the show must go on."""
        try:
            self._file.write(memory_text(memory))
        except OSError as error:
            problem = str(StorageError.of("what the scheduler has begun", error))
            log.warning("%s", problem)
            return problem
        return ""


def memory_text(memory: Memory) -> str:
    """What the scheduler remembers, as JSON."""
    return json.dumps({"version": 1, **asdict(memory)}, default=str, indent=1)


def parse_memory(text: str) -> Memory:
    """The reverse of ``memory_text``. Raises ValueError for anything else."""
    try:
        body = json.loads(text)
        if body.pop("version") != 1:
            raise ValueError("it was written by another version")
        playing = body.pop("playing")
        marks = {name: tuple(_key(pair) for pair in pairs) for name, pairs in body.items()}
        return Memory(playing and _key(playing), **marks)
    except (TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError(f"it is not what the scheduler writes: {error}") from None


def _key(pair: Any) -> Key:
    uid, day = pair
    return str(uid), date.fromisoformat(day)
