"""The music that the settings name."""

from pathlib import Path

from yulelight.errors import UsageError
from yulelight.library.songs import Library
from yulelight.settings import Settings

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


def index_of(settings: Settings) -> Path:
    """The file that remembers what was read of the songs."""
    return settings.data / "index" / "songs.json"
