"""What the user has set for the library: settings of single songs, and whether background rendering is paused.

Kept as JSON: {"version": 1, "paused": false, "songs": {"<id>": {"look": "calm", "gain": 3.0}}}.
"""

import json
import logging
import threading
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator

from yulelight.core import storage
from yulelight.core.errors import UsageError
from yulelight.core.json_file import JsonFile
from yulelight.core.messages import MAX_DELAY, MIN_DELAY
from yulelight.library.shows import SongSettings

log = logging.getLogger(__name__)

VERSION = 1
MAX_BYTES = 20_000_000
MAX_SIDECAR_BYTES = 10_000
RANGES = {"gain": (-24.0, 24.0), "delay": (MIN_DELAY, MAX_DELAY)}
NAMES = ("look", "model")


class UserSettings:
    """The settings stored at ``path``; an invalid file is set aside. Blocking; thread-safe."""

    def __init__(self, path: Path) -> None:
        self._file = JsonFile(path, _Kept, version=VERSION, largest=MAX_BYTES)
        self._lock = threading.Lock()
        kept = _load(self._file)
        self._paused, self._songs = kept.paused, kept.songs

    @property
    def paused(self) -> bool:
        """Whether background rendering is paused."""
        return self._paused

    def pause(self, on: bool) -> None:
        """Pauses or resumes background rendering. Raises OSError if it cannot be stored; it still applies until a
        restart.
        """
        with self._lock:
            self._paused = on
            self._write()

    def of(self, song: str, beside: Path | None = None) -> SongSettings:
        """The settings of the song; those stored here take precedence over the file ``beside`` it."""
        chosen = self._songs.get(song, {})
        return made({**(read_sidecar(beside) if beside else {}), **chosen})

    def change(self, song: str, changes: Mapping[str, Any]) -> None:
        """Stores ``changes``, validated by ``checked``; None removes a setting. Raises OSError."""
        with self._lock:
            now = {**self._songs.get(song, {}), **changes}
            kept = {name: value for name, value in now.items() if value is not None}
            songs = {id: one for id, one in self._songs.items() if id != song}
            self._songs = {**songs, song: kept} if kept else songs
            self._write()

    def _write(self) -> None:
        self._file.save(_Kept(self._paused, self._songs))


def checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """Returns ``values`` if each is valid for SongSettings, or None. Raises UsageError naming the invalid one."""
    for name, value in values.items():
        if name not in _FIELDS:
            raise UsageError(f"unknown field {json.dumps(name[:40])}; known here: {', '.join(_FIELDS)}")
        if value is None:
            continue
        if name in NAMES and not (isinstance(value, str) and 0 < len(value) <= 64):
            raise UsageError(f'"{name}" must be a name, or null')
        if name == "trim" and not isinstance(value, bool):
            raise UsageError('"trim" must be true or false')
        if name in RANGES:
            low, high = RANGES[name]
            if type(value) not in (int, float) or not low <= value <= high:  # NaN is not, either
                raise UsageError(f'"{name}" must be a number from {low:g} to {high:g}')
    return {
        name: float(value) if name in RANGES and value is not None else value
        for name, value in values.items()
    }


def made(values: Mapping[str, Any]) -> SongSettings:
    """Settings from validated values."""
    return SongSettings(**{name: value for name, value in values.items() if value is not None})


def read_sidecar(path: Path) -> dict[str, Any]:
    """The settings in a TOML file next to a song; an invalid file is logged and counts as empty."""
    try:
        data = storage.read(path, MAX_SIDECAR_BYTES)
        return checked(tomllib.loads((data or b"").decode()))
    except (OSError, ValueError, RecursionError, UsageError) as error:
        log.warning("%s is left out: %s", path.name, error)
        return {}


def as_json(settings: SongSettings) -> dict[str, Any]:
    """The settings that are not None, by name."""
    return asdict(settings)


_FIELDS = tuple(field.name for field in fields(SongSettings))


@dataclass(frozen=True, slots=True)
class _Kept:
    """The content of the file."""

    paused: bool = False
    songs: dict[str, Annotated[dict[str, Any], AfterValidator(checked)]] = field(default_factory=dict)


def _load(file: JsonFile[_Kept]) -> _Kept:
    try:
        return file.load() or _Kept()
    except (OSError, ValueError) as error:
        log.warning("the settings of songs are reset: %s", error)
        return _Kept()
