"""The music that the settings name."""

import json
import logging
import os
from pathlib import Path

from yulelight import storage
from yulelight.errors import UsageError
from yulelight.library.songs import Library
from yulelight.settings import Settings

log = logging.getLogger(__name__)

CAROL = Path(__file__).parent / "assets" / "carol.ogg"
"""The bundled song."""


def library_of(music: list[Path], index: Path | None = None) -> Library:
    """The songs of the settings' folders and files, then the bundled carol. Raises UsageError for a missing one.

    ``index``: the file that remembers what was read of them.
    """
    for path in music:
        if not (path.is_dir() or path.is_file()):
            raise UsageError(f"no music at {path}; name a folder or a file that exists with --music")
    folders = [path for path in music if path.is_dir()]
    files = [path for path in music if not path.is_dir()]
    return Library(folders, [*files, CAROL], index)


def remember(settings: Settings) -> None:
    """Keeps where the service's music is, for commands that are not told. Blocking."""
    try:
        folders = [os.fsdecode(path.absolute()) for path in settings.music]
        storage.write(_memory(settings), json.dumps(folders).encode())
    except OSError as error:
        log.warning("cannot keep where the music is (%s); commands need --music", error.strerror)


def music_of(settings: Settings) -> list[Path]:
    """The settings' music; without any, that of the service which last ran on their data, as far as it is there.

    A command that knew less music than the service would find no songs, and forget what was read of them. Blocking.
    """
    if settings.music:
        return settings.music
    try:
        kept = json.loads(storage.read(_memory(settings), 1_000_000) or b"[]")
        return [path for path in map(Path, kept) if path.exists()]
    except (OSError, ValueError, TypeError, RecursionError):
        return []


def _memory(settings: Settings) -> Path:
    return settings.data / "index" / "music.json"


def index_of(settings: Settings) -> Path:
    """The file that remembers what was read of the songs."""
    return settings.data / "index" / "songs.json"
