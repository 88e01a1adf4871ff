"""Covers: embedded in a song file, or in the same folder."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2s
from pathlib import Path
from typing import Any

from mutagen.flac import Picture

from yulelight.audio.files import open_file
from yulelight.audio.metadata import read_all
from yulelight.core.errors import AudioError

MAX_COVER_BYTES = 5_000_000
"""Bytes; larger pictures are ignored."""


@dataclass(frozen=True, slots=True)
class Cover:
    """A picture whose first bytes identify its format."""

    data: bytes
    media_type: str

    @property
    def mark(self) -> str:
        """A hash that identifies the picture."""
        return blake2s(self.data).hexdigest()[:16]


def cover(song: Path, beside: Path | None = None) -> Cover | None:
    """The cover embedded in ``song``, otherwise the one at ``beside``; None without one of at most 5 MB. Never
    raises.
    """
    for data in (_inside(song), _read(beside)):
        if data and (media_type := _kind(data)) and len(data) <= MAX_COVER_BYTES:
            return Cover(data, media_type)
    return None


def has_picture(found: Iterable[Any]) -> bool:
    """Whether anything that mutagen read from a file contains a picture."""
    return any(_picture(one) is not None for one in found)


def _inside(song: Path) -> bytes | None:
    return next((picture for one in read_all(song) if (picture := _picture(one))), None)


def _picture(found: Any) -> bytes | None:
    """The front cover, otherwise the first picture."""
    try:
        pictures = _pictures(found)
    except Exception:  # noqa: BLE001  # damaged files cause many kinds of exceptions, and a cover is never worth an error
        return None
    chosen = next((data for kind, data in pictures if kind == 3), None)
    return chosen or next((data for _, data in pictures if data), None)


def _pictures(found: Any) -> list[tuple[int, bytes]]:
    """(kind, data) of each picture; 3 is the front cover in ID3 and FLAC."""
    tags = getattr(found, "tags", found)
    pictures = [(p.type, p.data) for p in getattr(found, "pictures", [])]
    if tags is None:
        return pictures
    if hasattr(tags, "getall"):  # ID3
        return [(p.type, p.data) for p in tags.getall("APIC")]
    if "covr" in tags:  # MP4
        return [(3, bytes(data)) for data in tags["covr"]]
    for text in tags.get("metadata_block_picture", [])[:8]:  # Ogg
        if len(text) <= MAX_COVER_BYTES * 3 // 2:
            picture: Any = Picture(base64.b64decode(text))
            pictures.append((picture.type, picture.data))
    return pictures


def _read(path: Path | None) -> bytes | None:
    if path is None:
        return None
    try:
        with open_file(path) as file:
            return file.read(MAX_COVER_BYTES + 1)
    except (AudioError, OSError):
        return None


def _kind(data: bytes) -> str | None:
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    return None
