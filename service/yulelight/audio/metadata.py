"""Reads a song file with mutagen: its own tags, and tags that other programs put before or after it."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import mutagen
from mutagen.apev2 import APEv2
from mutagen.flac import FLAC
from mutagen.id3 import ID3

from yulelight.audio.files import open_file
from yulelight.audio.id3 import skip_id3
from yulelight.core.errors import AudioError


def read_all(path: Path) -> list[Any]:
    """All sources of tags and pictures, those of the format itself first.

    Never raises; empty if there are none. The format is detected from the content; the name is used if that is
    ambiguous.
    """
    found: list[Any] = []
    try:
        with open_file(path) as file:
            for kind in (_own, ID3, APEv2):
                if kind is ID3 and any(isinstance(getattr(one, "tags", None), ID3) for one in found):
                    continue  # read already
                file.seek(0)
                # mutagen raises many kinds of exceptions for damaged files, and a missing tag is never worth an
                # error.
                with suppress(Exception):
                    found.append(kind(file))
    except (AudioError, OSError):
        return []
    return [one for one in found if one is not None]


def _own(file: Any) -> Any:
    start = skip_id3(file)
    file.seek(start)
    flac = start and file.read(4) == b"fLaC"
    file.seek(0)
    return FLAC(file) if flac else mutagen.File(file)
