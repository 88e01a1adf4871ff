# A copy of service/yulelight_client/models.py, made by scripts/share.
"""The models of the API as frozen dataclasses, each with its JSON form: ``to_dict`` and ``from_dict``.

Unknown fields are ignored and missing fields have defaults, so that a service and its clients may be of different
versions. ``from_dict`` raises ValueError or LookupError for invalid input.
"""

from dataclasses import dataclass, replace
from typing import Any, Self

from mashumaro import DataClassDictMixin

from .states import State


@dataclass(frozen=True, slots=True)
class Versions(DataClassDictMixin):
    """The versions of the API that a service supports, from the oldest to the newest."""

    min: int
    max: int


@dataclass(frozen=True, slots=True)
class Info(DataClassDictMixin):
    """The identity of the service; readable without a token."""

    id: str
    name: str
    version: str
    api: Versions


@dataclass(frozen=True, slots=True)
class Song(DataClassDictMixin):
    """A song of the library, or a song from elsewhere, which has no id."""

    id: str = ""
    title: str = ""
    artist: str = ""
    album: str = ""
    duration: float = 0.0
    """Seconds; 0 when unknown."""
    cover: bool = False
    """Whether there is a cover at ``songs/{id}/cover``."""


@dataclass(frozen=True, slots=True)
class Status(DataClassDictMixin):
    """The show. ``position`` is valid when the service's clock reads ``now`` microseconds."""

    state: str = "idle"
    """One of ``State``; a newer service may have others."""
    moving: bool = False
    """Whether the position advances."""
    song: Song | None = None
    position: float = 0.0
    now: int = 0
    sections: tuple[float, ...] = ()
    """Start times of the song's sections in seconds."""
    queue: tuple[Song, ...] = ()
    """The next songs, at most 100."""
    queued: int = 0
    index: int = 0
    """The number of songs played before this one."""
    playlist: str = ""
    model: str = ""
    look: str = ""
    palette: str = ""
    """The colours of the show: "own", "song" or the name of a palette."""
    colours: tuple[str, ...] = ()
    """The colour of each channel at present (``#rrggbb``); empty: each output shows its own."""
    volume: float = 1.0
    brightness: float = 1.0
    delay: float = 0.0
    """Delay of the lights in seconds."""
    shuffle: bool = False
    repeat: str = "off"
    armed: bool = True
    """Whether the schedule may start shows."""
    blackout: bool = False
    all_on: bool = False
    sound: str = ""
    """Identifies what is heard: a song's id, or another id for which a link can be requested; empty for silence."""
    message: str = ""
    """The last error, worded for the user."""
    missing_music: tuple[str, ...] = ()
    """Music folders and files from the settings that are missing."""

    @classmethod
    def __pre_deserialize__(cls, d: dict[Any, Any]) -> dict[Any, Any]:
        # Older services have no ``moving``, and let only songs of the library be fetched.
        state, song = d.get("state"), d.get("song")
        known = state in tuple(State) and State(state).moving
        return {"moving": known, "sound": song.get("id", "") if isinstance(song, dict) else "", **d}

    def position_after(self, seconds: float) -> float:
        """Position in the song ``seconds`` after the status was valid; never beyond the song's end."""
        position = self.position + (max(0.0, seconds) if self.moving else 0.0)
        if self.song is not None and self.song.duration > 0:
            position = min(position, self.song.duration)
        return position

    def after(self, seconds: float) -> Self:
        """The status ``seconds`` later, if nothing else happens."""
        return replace(
            self, position=self.position_after(seconds), now=self.now + round(max(0.0, seconds) * 1_000_000)
        )


@dataclass(frozen=True, slots=True)
class Channel(DataClassDictMixin):
    """The requested state of a channel; ``effect`` is "show" while the show controls it, otherwise empty."""

    channel: int
    on: bool
    brightness: int
    """0 to 255."""
    effect: str = ""


@dataclass(frozen=True, slots=True)
class ShowEvent(DataClassDictMixin):
    """Something that happened in the show, for automations."""

    kind: str
    song: Song | None = None
    detail: str = ""

    @property
    def section(self) -> int | None:
        """The section of the song that begins, numbered from 1."""
        return int(self.detail) if self.kind == "section_changed" and self.detail.isdecimal() else None


@dataclass(frozen=True, slots=True)
class Frame(DataClassDictMixin):
    """The light at ``at`` microseconds of the service's clock; levels 0 to 255."""

    at: int
    levels: tuple[int, ...]
    switched: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Frames(DataClassDictMixin):
    """Frames that are due soon, and the current reading of the service's clock."""

    now: int
    frames: tuple[Frame, ...]
