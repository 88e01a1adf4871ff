"""Identifies songs by their audio content, not by name or tags."""

from hashlib import blake2b
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, cast

from yulelight.audio.files import open_file
from yulelight.audio.id3 import skip_id3

_BLOCK = 1 << 20
_HEADERS = 64
"""Maximum number of tag headers skipped; if there are more, hashing starts there."""


def content_key(path: Path) -> str:
    """A hash of the file's audio data in 32 hexadecimal digits.

    Reads the whole file; raises AudioError and OSError. Tags of MP3 (ID3v2, ID3v1, APE) and metadata of FLAC are
    excluded, so that a song keeps its key when its tags are edited; other formats are hashed completely.
    """
    digest = blake2b(digest_size=16)
    with cast("BinaryIO", BufferedReader(open_file(path))) as file:
        size = path.stat().st_size
        start = skip_id3(file)
        file.seek(start)
        head = file.read(4)
        if head == b"fLaC":
            start, end = _skip_flac(file, start, digest), size
        elif start or path.suffix.lower() in (".mp3", ".mp2"):
            end = _without_tail(file, size)
        else:
            end = size
        if end <= start:  # nothing but tags, or a wrong size
            start, end = 0, size
        file.seek(start)
        left = end - start
        while left > 0 and (data := file.read(min(_BLOCK, left))):
            digest.update(data)
            left -= len(data)
    return digest.hexdigest()


def _skip_flac(file: BinaryIO, at: int, digest: "blake2b") -> int:
    """The offset of the first frame; the stream parameters, which affect the sound, are added to ``digest``."""
    at += 4
    for _ in range(_HEADERS):
        file.seek(at)
        head = file.read(4)
        if len(head) < 4:
            break
        if head[0] & 0x7F == 0:
            digest.update(file.read(34))
        at += 4 + int.from_bytes(head[1:], "big")
        if head[0] & 0x80:
            break
    return at


def _without_tail(file: BinaryIO, end: int) -> int:
    """The offset of the trailing tags of an MP3, in any order."""
    for _ in range(4):
        length = _tail(file, end)
        if not length:
            break
        end -= length
    return end


def _tail(file: BinaryIO, end: int) -> int:
    """The length of the tag that ends at ``end``; 0 if there is none."""
    if end < 128:
        return 0
    file.seek(end - 128)
    last = file.read(128)
    if last[:3] == b"TAG":
        return 128
    foot = last[96:]
    if foot[:8] == b"APETAGEX":
        header = 32 if foot[23] & 0x80 else 0
        return int.from_bytes(foot[12:16], "little") + header
    return 0
