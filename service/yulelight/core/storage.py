"""Atomic file writes: after a kill or a power cut there is the old file or the new one, never a part. Blocking."""

import contextlib
import errno
import logging
import os
import tempfile
import time
from collections.abc import Iterable
from glob import escape
from pathlib import Path

from yulelight.core.errors import UsageError

log = logging.getLogger(__name__)

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def write(path: Path, data: bytes, *, shared: bool = False) -> None:
    """Writes ``data`` to ``path`` atomically and syncs it to the disk.

    Raises OSError. Only the owner may read the file; a ``shared`` file keeps its permissions, or gets those of its
    folder when it is new.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            if shared:
                os.fchmod(file.fileno(), _permissions(path))
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def save(path: Path, data: bytes) -> None:
    """Writes ``data`` to a path that the user named, completely or not at all.

    Raises UsageError. Links are followed; devices and pipes are written to directly; a new file gets the user's
    default permissions.
    """
    target = path.resolve()
    try:
        if target.exists() and not target.is_file():
            target.write_bytes(data)
            return
        draft = target.with_name(f".yulelight-{os.getpid()}.tmp")
        try:
            with draft.open("wb") as file:
                if target.exists():
                    os.fchmod(file.fileno(), target.stat().st_mode & 0o777)
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(target)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
    except OSError as error:
        why = error.strerror or str(error)
        room = "make room there, or " if error.errno in _FULL else ""
        raise UsageError(f"cannot write {path}: {why}; {room}choose another place") from error


def read(path: Path, largest: int) -> bytes | None:
    """The content of ``path``; None if it does not exist. Raises OSError, and ValueError above ``largest`` bytes."""
    try:
        with path.open("rb") as file:
            data = file.read(largest + 1)
    except FileNotFoundError:
        return None
    if len(data) > largest:
        raise ValueError(f"it is larger than {largest} bytes")
    return data


def set_aside(path: Path, why: object) -> None:
    """Renames a file that is not usable, so that it is not lost, and logs it."""
    broken = path.with_name(f"{path.name}.broken")
    with contextlib.suppress(OSError):
        path.replace(broken)
        log.warning(
            "%s cannot be used (%s); it is kept as %s, and a new one is begun", path, why, broken.name
        )


def sweep(folders: Iterable[Path], *, older: float = 10.0) -> None:
    """Removes temporary files that killed processes left in these folders; called at the start of the service.

    Files changed within the last ``older`` seconds are left alone, since another process may be writing them.
    """
    newest = time.time() - older
    for folder in folders:
        for left in folder.glob(".*.tmp"):
            with contextlib.suppress(OSError):
                if left.stat().st_mtime < newest:
                    left.unlink()


def tidy(folder: Path, name: str = "") -> None:
    """Removes temporary files left of ``name``, or of any file if it is empty. Only while nothing writes there."""
    for left in folder.glob(f".{escape(name)}*.tmp"):
        with contextlib.suppress(OSError):
            left.unlink()


def _permissions(path: Path) -> int:
    return (path if path.exists() else path.parent).stat().st_mode & 0o666


def sync_folder(folder: Path) -> None:
    """Syncs the directory itself, which removing or renaming a file does not do."""
    # Not every system can open a folder; there, the system alone determines how durable a rename is.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
