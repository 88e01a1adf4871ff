"""Opens song files, with a clear error message for each way in which that can fail."""

import os
import stat
from io import FileIO
from pathlib import Path

from yulelight.core.errors import AudioError


def open_file(path: Path) -> FileIO:
    """Opens a regular, non-empty file for reading, unbuffered.

    Devices, pipes and sockets are refused without being read: they may block or never end.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as error:
        raise AudioError(_explain(path, error)) from error
    status = os.fstat(descriptor)
    problem = _refusal(status)
    if problem:
        os.close(descriptor)
        raise AudioError(f"{shown(path)} {problem}")
    file = FileIO(descriptor, "r", closefd=True)
    file.name = os.fspath(path)  # tag readers use it if the content is ambiguous
    return file


def shown(path: Path) -> str:
    """The path for a one-line message: quoted, with control characters escaped."""
    return repr(str(path))


def _refusal(status: os.stat_result) -> str:
    if stat.S_ISDIR(status.st_mode):
        return "is a folder; name a song file in it."
    if not stat.S_ISREG(status.st_mode):
        return "is not a file but a device, pipe or socket; name a song file."
    if status.st_size == 0:
        return "is empty (0 bytes); copy the song again."
    return ""


def _explain(path: Path, error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return f"There is no file {shown(path)}; check the name."
    if isinstance(error, PermissionError):
        return f"{shown(path)} may not be read; give this user the right to read it (chmod +r)."
    if isinstance(error, IsADirectoryError):
        return f"{shown(path)} is a folder; name a song file in it."
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"{shown(path)} cannot be opened ({reason}); name a song file."
