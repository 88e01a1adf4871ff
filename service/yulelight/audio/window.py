"""A section of an open file as a separate file, for libraries that read to the end."""

import os
from typing import BinaryIO


class Window:
    """The bytes of ``file`` from ``start`` to ``end`` (None: its end).

    Supports what PyAV needs: read, seek and tell. Windows of the same file are independent of each other, but they
    move the position of ``file``.
    """

    def __init__(self, file: BinaryIO, start: int = 0, end: int | None = None) -> None:
        self._file, self._start, self._at = file, start, 0
        self.size = (size_of(file) if end is None else end) - start

    def part(self, start: int, end: int) -> "Window":
        """A window within this window."""
        return Window(self._file, self._start + start, self._start + end)

    def read(self, count: int = -1) -> bytes:
        """At most ``count`` bytes (negative: all remaining); empty at the end."""
        left = max(0, self.size - self._at)
        self._file.seek(self._start + self._at)
        data = self._file.read(left if count < 0 else min(count, left)) or b""
        self._at += len(data)
        return data

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Moves to ``offset`` and returns the new position."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self.size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        """The current position."""
        return self._at


def size_of(file: BinaryIO) -> int:
    """The size of an open file in bytes; its position is kept."""
    here = file.tell()
    size = file.seek(0, os.SEEK_END)
    file.seek(here)
    return size
