"""The music from the settings."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

from yulelight.app.settings import Settings
from yulelight.core.json_file import JsonFile
from yulelight.library.playlists import Playlists
from yulelight.library.reader import ProcessReader
from yulelight.library.songs import Library, LibrarySong
from yulelight.library.stations import Stations
from yulelight.library.walk import SUFFIXES

log = logging.getLogger(__name__)

CAROL = Path(__file__).parents[1] / "assets" / "carol.ogg"
"""The bundled song."""


def library_of(music: list[Path], index: Path | None = None) -> Library:
    """The songs of the settings' folders and files, and the bundled carol.

    Missing ones may appear later. ``index``: the index file. Tags are read in a separate process.
    """
    files = [path for path in music if _is_song(path)]
    folders = [path for path in music if path not in files]
    return Library(folders, [*files, CAROL], index, ProcessReader())


def _is_song(path: Path) -> bool:
    """Whether a path is a song; missing files are judged by name."""
    return path.is_file() or (path.suffix.lower() in SUFFIXES and not path.is_dir())


def stations_of(settings: Settings) -> Stations:
    """The radio stations that are kept."""
    return Stations(settings.data / "stations.json")


def lists_of(settings: Settings, songs: Callable[[], Sequence[LibrarySong]]) -> Playlists:
    """The playlists in the settings' folder, of ``songs`` and the stations that are kept."""
    folder = settings.playlists or settings.data / "playlists"
    return Playlists(folder, songs, stations_of(settings).all)


def places_of(settings: Settings) -> list[Path]:
    """The settings' music; without any, a folder of our own, for songs that are sent from a phone. Blocking."""
    if settings.music:
        return settings.music
    own = settings.data / "music"
    try:
        own.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        log.warning("cannot make a folder for songs (%s)", error.strerror)
        return []
    return [own]


def remember(settings: Settings) -> None:
    """Stores the paths of the service's music, for commands without --music. Blocking."""
    try:
        _memory(settings).save([path.absolute() for path in places_of(settings)])
    except OSError as error:
        log.warning("cannot keep where the music is (%s); commands need --music", error.strerror)


def music_of(settings: Settings) -> list[Path]:
    """The music from the settings; if there is none, that of the last service with the same data folder.

    Otherwise a command would find fewer songs than the service, and drop them from the index. Blocking.
    """
    if settings.music:
        return settings.music
    try:
        return _memory(settings).load() or []
    except (OSError, ValueError):
        return []


class _Paths:
    """A list of paths, which need not be valid Unicode, unlike pydantic's."""

    def validate_python(self, object: Any, /) -> list[Path]:
        if not isinstance(object, list) or not all(isinstance(each, str) for each in object):
            raise ValueError("it is not a list of paths")
        return [Path(each) for each in object]

    def dump_python(self, instance: list[Path], /, *, mode: Literal["json"]) -> list[str]:
        return [str(path) for path in instance]


def _memory(settings: Settings) -> JsonFile[list[Path]]:
    return JsonFile(settings.data / "index" / "music.json", _Paths(), key=None)


def index_of(settings: Settings) -> Path:
    """The path of the index file."""
    return settings.data / "index" / "songs.json"
