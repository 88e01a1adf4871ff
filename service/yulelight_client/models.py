"""The values of the API as frozen dataclasses, each with its JSON form: ``to_dict`` and ``from_dict``.

Fields that a reader does not know are ignored and fields that a writer did not send have a default, so that a service
and its clients can be of different ages. ``from_dict`` raises ValueError or LookupError for what is no such value.
"""

from dataclasses import dataclass, replace
from typing import Any, Self

from mashumaro import DataClassDictMixin

from .states import State


@dataclass(frozen=True, slots=True)
class Versions(DataClassDictMixin):
    """The versions of the API that a service speaks, from the oldest to the newest."""

    min: int
    max: int


@dataclass(frozen=True, slots=True)
class Info(DataClassDictMixin):
    """Who the service is; open to anybody on the network."""

    id: str
    name: str
    version: str
    api: Versions


@dataclass(frozen=True, slots=True)
class Song(DataClassDictMixin):
    """A song of the library, or one from elsewhere, which has no id."""

    id: str = ""
    title: str = ""
    artist: str = ""
    album: str = ""
    duration: float = 0.0
    """Seconds; 0 when unknown."""
    cover: bool = False
    """Whether there is a picture at ``songs/{id}/cover``."""


@dataclass(frozen=True, slots=True)
class Status(DataClassDictMixin):
    """The show. ``position`` was right when the service's clock read ``now`` microseconds."""

    state: str = "idle"
    """One of ``State``; a newer service may have others."""
    moving: bool = False
    """Whether the position goes on by itself."""
    song: Song | None = None
    position: float = 0.0
    now: int = 0
    sections: tuple[float, ...] = ()
    """Start times of the song's sections in seconds."""
    queue: tuple[Song, ...] = ()
    """What follows, at most the next 100 songs of it."""
    queued: int = 0
    index: int = 0
    """How many songs of the list came before this one."""
    playlist: str = ""
    model: str = ""
    look: str = ""
    volume: float = 1.0
    brightness: float = 1.0
    delay: float = 0.0
    """Seconds the lights wait for the sound."""
    shuffle: bool = False
    repeat: str = "off"
    armed: bool = True
    """Whether the schedule may start shows."""
    blackout: bool = False
    all_on: bool = False
    sound: str = ""
    """Names what sounds: a song's id, or what else a link can be asked for; empty for silence."""
    message: str = ""
    """The last thing that went wrong, in words for people."""
    missing_music: tuple[str, ...] = ()
    """Music folders and files of the settings that are not there."""

    @classmethod
    def __pre_deserialize__(cls, d: dict[Any, Any]) -> dict[Any, Any]:
        # An older service does not say whether it moves, and lets only songs of its library be fetched.
        state, song = d.get("state"), d.get("song")
        known = state in tuple(State) and State(state).moving
        return {"moving": known, "sound": song.get("id", "") if isinstance(song, dict) else "", **d}

    def position_after(self, seconds: float) -> float:
        """Seconds into the song ``seconds`` after the status held; never beyond the song's end."""
        position = self.position + (max(0.0, seconds) if self.moving else 0.0)
        if self.song is not None and self.song.duration > 0:
            position = min(position, self.song.duration)
        return position

    def after(self, seconds: float) -> Self:
        """The status as it is ``seconds`` later, if nothing happens."""
        return replace(
            self, position=self.position_after(seconds), now=self.now + round(max(0.0, seconds) * 1_000_000)
        )


@dataclass(frozen=True, slots=True)
class Channel(DataClassDictMixin):
    """What is wanted of a channel; ``effect`` is "show" while the show has it, else empty."""

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
        """The part of the song that begins, counted from 1."""
        return int(self.detail) if self.kind == "section_changed" and self.detail.isdecimal() else None


@dataclass(frozen=True, slots=True)
class Frame(DataClassDictMixin):
    """What the lights do at ``at``, microseconds of the service's clock; levels 0 to 255."""

    at: int
    levels: tuple[int, ...]
    switched: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Frames(DataClassDictMixin):
    """Frames that are due soon, and what the service's clock reads now."""

    now: int
    frames: tuple[Frame, ...]
