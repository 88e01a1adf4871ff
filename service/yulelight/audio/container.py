"""Tags and lengths from the container, for formats that mutagen does not support: Matroska, WebM, WAV chunks."""

from contextlib import suppress
from pathlib import Path

from yulelight.audio.files import open_file
from yulelight.audio.mpeg import frames_length
from yulelight.audio.song_name import clean
from yulelight.core.errors import AudioError

_KEYS = {"title": "title", "artist": "artist", "album": "album", "genre": "genre", "track": "track"}
_CONTAINERS = (b"\x1aE\xdf\xa3", b"RIFF", b"RF64", b"FORM", b"caff")
"""First bytes of containers that mutagen does not support, or only in part."""
_MIN_BIT_RATE = 6_000
"""Bits per second; a length that implies fewer is probably wrong and is checked with FFmpeg."""
_TRUSTED_SECONDS = 60.0
"""Seconds up to which a length is trusted."""


def from_container(path: Path) -> dict[str, str]:
    """Title, artist, album, genre and track of such a container. Never raises."""
    with suppress(AudioError, OSError), open_file(path) as file:
        if not (file.read(4) or b"").startswith(_CONTAINERS):
            return {}
        file.seek(0)
        from yulelight.audio.ffmpeg import metadata

        found = metadata(file)
        return {name: text for name, key in _KEYS.items() if (text := clean(found.get(key, "")))}
    return {}


def announced_length(path: Path, length: float) -> float:
    """``length`` in seconds as read by mutagen, replaced by a better value if it is an estimate or unlikely; 0:
    unknown.
    """
    with suppress(AudioError, OSError):
        with open_file(path) as file:
            if counted := frames_length(file):
                return counted
        if 0 < length <= _TRUSTED_SECONDS or path.stat().st_size * 8 >= length * _MIN_BIT_RATE > 0:
            return length
        from yulelight.audio.decode import probe

        return probe(path).duration
    return 0.0
