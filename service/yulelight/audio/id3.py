"""Finds the end of leading ID3v2 tags, which some programs put before any format."""

from typing import Protocol

_MAX_TAGS = 64
"""Consecutive tags that are read."""


class Readable(Protocol):
    """A seekable binary file."""

    def read(self, count: int = -1, /) -> bytes | None: ...
    def seek(self, offset: int, whence: int = 0, /) -> int: ...


def skip_id3(file: Readable, at: int = 0) -> int:
    """The offset after the ID3v2 tags that begin at ``at``; ``at`` itself if there are none."""
    for _ in range(_MAX_TAGS):
        file.seek(at)
        head = file.read(10) or b""
        if len(head) < 10 or head[:3] != b"ID3" or any(byte & 0x80 for byte in head[6:]):
            break
        length = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
        at += 10 + length + (10 if head[5] & 0x10 else 0)
    return at
