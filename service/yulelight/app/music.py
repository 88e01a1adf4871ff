"""The music that the settings name."""

import json
import logging
import os
from pathlib import Path

from yulelight.app.settings import Settings
from yulelight.core import storage
from yulelight.library.reader import ProcessReader
from yulelight.library.songs import Library
from yulelight.library.walk import SUFFIXES

log = logging.getLogger(__name__)

CAROL = Path(__file__).parents[1] / "assets" / "carol.ogg"
"""The bundled song."""


def library_of(music: list[Path], index: Path | None = None) -> Library:
    """The songs of the settings' folders and files, then the bundled carol. What is not there may come later.

    ``index``: the file that remembers what was read of them. Tags are read in a process of its own.
    """
    files = [path for path in music if _is_song(path)]
    folders = [path for path in music if path not in files]
    return Library(folders, [*files, CAROL], index, ProcessReader())


def _is_song(path: Path) -> bool:
    """What is not there yet is told by its name."""
    return path.is_file() or (path.suffix.lower() in SUFFIXES and not path.is_dir())


def remember(settings: Settings) -> None:
    """Keeps where the service's music is, for commands that are not told. Blocking."""
    try:
        folders = [os.fsdecode(path.absolute()) for path in settings.music]
        storage.write(_memory(settings), json.dumps(folders).encode())
    except OSError as error:
        log.warning("cannot keep where the music is (%s); commands need --music", error.strerror)


def music_of(settings: Settings) -> list[Path]:
    """The settings' music; without any, that of the service which last ran on their data.

    A command that knew less music than the service would find no songs, and forget what was read of them. Blocking.
    """
    if settings.music:
        return settings.music
    try:
        kept = json.loads(storage.read(_memory(settings), 1_000_000) or b"[]")
        return [Path(path) for path in kept]
    except (OSError, ValueError, TypeError, RecursionError):
        return []


def _memory(settings: Settings) -> Path:
    return settings.data / "index" / "music.json"


def index_of(settings: Settings) -> Path:
    """The file that remembers what was read of the songs."""
    return settings.data / "index" / "songs.json"
