"""The radio stations that people keep: a name and an address each, in one small file. Blocking; thread-safe."""

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2s
from pathlib import Path
from typing import Annotated

from pydantic import Field

from yulelight.core import storage
from yulelight.core.errors import CommandError, StorageError, UsageError
from yulelight.core.json_file import JsonFile
from yulelight.core.playlist_names import is_playlist_name
from yulelight.core.suggest import did_you_mean
from yulelight.core.text import folded
from yulelight.core.web_address import MAX_URL_LENGTH, checked, host_of

log = logging.getLogger(__name__)

MAX_STATIONS = 500
MAX_SECONDS = 86_400.0
"""Seconds for which a playlist may play a station."""
MAX_BYTES = 2_000_000
NAME_RULE = (
    "a station's name has 1 to 64 characters, without control characters and any of / \\ : * ? \" < > |"
)


class NoSuchStation(CommandError):  # noqa: N818
    """There is no such station."""


@dataclass(frozen=True, slots=True)
class Station:
    """A radio station. ``name`` is a valid name of a playlist, so that the calendar can name it."""

    name: Annotated[str, Field(max_length=64)]
    url: Annotated[str, Field(max_length=MAX_URL_LENGTH)]

    @property
    def id(self) -> str:
        """Derived from the address, so that a station in a playlist is known again."""
        return f"station-{blake2s(self.url.encode()).hexdigest()[:16]}"


@dataclass(frozen=True, slots=True)
class StationEntry:
    """A station in a playlist. ``seconds``: how long it plays; 0: until it is stopped."""

    station: Station
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class _Kept:
    stations: Annotated[tuple[Station, ...], Field(max_length=MAX_STATIONS)] = field(default=())


class Stations:
    """The stations in the file at ``path``, in the order in which they were added."""

    def __init__(self, path: Path) -> None:
        self._file = JsonFile(path, _Kept, largest=MAX_BYTES)
        self._lock = threading.Lock()

    def all(self) -> Sequence[Station]:
        """All of them. Those of a damaged file, which is set aside, are lost."""
        # Not JsonFile.load, which clears away what another thread or process is just writing.
        try:
            data = storage.read(self._file.path, MAX_BYTES)
            return self._file.parse(data).stations if data is not None else ()
        except ValueError as error:
            storage.set_aside(self._file.path, error)
        except OSError as error:
            log.warning("the stations cannot be read: %s", error)
        return ()

    def find(self, wanted: str) -> Station:
        """The station with this id or address, or of this name in any case. Raises NoSuchStation."""
        return found_in(self.all(), wanted)

    def add(self, url: str, name: str = "") -> Station:
        """Keeps another station, by default under its host's name. Raises UsageError or StorageError."""
        station = Station(usable(name or host_of(checked(url))), checked(url))
        with self._lock:
            known = self.all()
            for each in known:
                if each.url == url:
                    raise UsageError(f"this station is kept already, as {each.name!r}")
            if len(known) >= MAX_STATIONS:
                raise UsageError(f"at most {MAX_STATIONS} stations are kept; remove one first")
            self._save([*known, _unique(station, known)])
        return station

    def rename(self, wanted: str, name: str) -> None:
        """Raises NoSuchStation, UsageError or StorageError."""
        with self._lock:
            old, known = self.find(wanted), self.all()
            others = [each for each in known if each.id != old.id]
            new = _unique(replace(old, name=usable(name)), others)
            self._save([new if each.id == old.id else each for each in known])

    def remove(self, wanted: str) -> None:
        """Raises NoSuchStation or StorageError."""
        with self._lock:
            old = self.find(wanted)
            self._save([each for each in self.all() if each.id != old.id])

    def _save(self, stations: Sequence[Station]) -> None:
        try:
            self._file.save(_Kept(tuple(stations)))
        except OSError as error:
            raise StorageError.of("the station", error) from error


def found_in(known: Sequence[Station], wanted: str) -> Station:
    """See Stations.find."""
    for station in known:
        if wanted in (station.id, station.url) or folded(station.name) == folded(wanted):
            return station
    hint = did_you_mean(wanted, [each.name for each in known]) or "; `yulelight station list` shows them"
    raise NoSuchStation(f"there is no such station{hint}")


def usable(name: str) -> str:
    """``name`` if a station may have it. Raises UsageError."""
    if not is_playlist_name(name):
        raise UsageError(NAME_RULE)
    return name


def cleaned(name: str) -> str:
    """What a station calls itself, without what its name here must not have; may be empty."""
    text = "".join(char if char.isprintable() and char not in '/\\:*?"<>|' else " " for char in name)
    return " ".join(text.split()).lstrip(". ")[:64].strip()


def station_at(url: str, known: Sequence[Station], title: str = "") -> Station:
    """The kept station at ``url``, or one that is not kept, called ``title``."""
    found = next((each for each in known if each.url == url), None)
    return found or Station(cleaned(title) or host_of(url), url)


def _unique(station: Station, others: Sequence[Station]) -> Station:
    if any(folded(each.name) == folded(station.name) for each in others):
        raise UsageError(f"there is a station {station.name!r} already; choose another name")
    return station
