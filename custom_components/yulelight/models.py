"""What the service tells, as frozen values. Unknown fields are ignored: a newer service may say more."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

type Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Info:
    """Who the service is; open to anybody on the network."""

    id: str
    name: str
    version: str
    api_min: int
    api_max: int

    @classmethod
    def parse(cls, body: Json) -> Self:
        """Raises KeyError, TypeError or ValueError when ``body`` is not a Yulelight service's."""
        api = body["api"]
        made = cls(str(body["id"]), str(body["name"]), str(body["version"]), int(api["min"]), int(api["max"]))
        if not made.id:
            raise ValueError("the service has no id")
        return made


@dataclass(frozen=True, slots=True)
class Song:
    """A song of the library, or a stream that has none of its fields but the title."""

    id: str
    title: str
    artist: str = ""
    album: str = ""
    duration: float = 0.0
    cover: bool = False

    @classmethod
    def parse(cls, body: Json) -> Self:
        """From the API's song object."""
        return cls(
            str(body.get("id", "")),
            str(body.get("title", "")),
            str(body.get("artist", "")),
            str(body.get("album", "")),
            float(body.get("duration", 0.0)),
            bool(body.get("cover", False)),
        )


@dataclass(frozen=True, slots=True)
class Status:
    """The show. ``position`` was right when the service's clock read ``now`` microseconds."""

    state: str = "idle"
    song: Song | None = None
    position: float = 0.0
    now: int = 0
    sections: tuple[float, ...] = ()
    queue: tuple[Song, ...] = ()
    playlist: str = ""
    model: str = ""
    look: str = ""
    volume: float = 1.0
    brightness: float = 1.0
    delay: float = 0.0
    shuffle: bool = False
    repeat: str = "off"
    armed: bool = True
    blackout: bool = False
    all_on: bool = False
    sound: str = ""
    """Names what sounds: a song's id, or what else a link can be asked for; empty for silence."""
    message: str = ""
    missing_music: tuple[str, ...] = ()
    """Folders and files of the settings that are not there."""

    @classmethod
    def parse(cls, body: Json) -> Self:
        """From GET /api/v1/status or a ``status`` message."""
        song = body.get("song")
        return cls(
            state=str(body.get("state", "idle")),
            song=Song.parse(song) if song else None,
            position=float(body.get("position", 0.0)),
            now=int(body.get("now", 0)),
            sections=tuple(float(start) for start in body.get("sections", ())),
            queue=tuple(Song.parse(item) for item in body.get("queue", ())),
            playlist=str(body.get("playlist") or ""),
            model=str(body.get("model") or ""),
            look=str(body.get("look") or ""),
            volume=float(body.get("volume", 1.0)),
            brightness=float(body.get("brightness", 1.0)),
            delay=float(body.get("delay", 0.0)),
            shuffle=bool(body.get("shuffle", False)),
            repeat=str(body.get("repeat", "off")),
            armed=bool(body.get("armed", True)),
            blackout=bool(body.get("blackout", False)),
            all_on=bool(body.get("all_on", False)),
            # An older service does not say; it lets only songs of its library be fetched.
            sound=str(body.get("sound", (song or {}).get("id", ""))),
            message=str(body.get("message") or ""),
            missing_music=tuple(str(place) for place in body.get("missing_music", ())),
        )


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel's intent; ``effect`` is "show" while the show has it."""

    channel: int
    on: bool
    brightness: int
    effect: str

    @classmethod
    def parse(cls, body: Json) -> Self:
        """From the API's channel object."""
        return cls(int(body["channel"]), bool(body["on"]), int(body["brightness"]), str(body["effect"] or ""))


@dataclass(frozen=True, slots=True)
class ShowEvent:
    """Something that happened in the show."""

    kind: str
    song: Song | None
    detail: str

    @property
    def section(self) -> int | None:
        """The part of the song that begins, counted from 1."""
        return int(self.detail) if self.kind == "section_changed" and self.detail.isdecimal() else None

    @classmethod
    def parse(cls, body: Json) -> Self:
        """From an ``event`` message."""
        song = body.get("song")
        return cls(str(body["kind"]), Song.parse(song) if song else None, str(body.get("detail") or ""))


@dataclass(frozen=True, slots=True)
class Frame:
    """What the lights do at ``at``, microseconds of the service's clock; levels 0 to 255."""

    at: int
    levels: tuple[int, ...]
    switched: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class House:
    """All that entities show. Replaced as a whole whenever the service tells something new."""

    info: Info
    status: Status = field(default_factory=Status)
    heard: datetime = datetime.min
    """When the status came."""
    channels: Mapping[int, Channel] = field(default_factory=dict)
    library: Json = field(default_factory=dict)
    playlists: tuple[Json, ...] = ()
    schedule: Json = field(default_factory=dict)
    looks: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    nodes: tuple[Json, ...] = ()
    outputs: tuple[Json, ...] = ()
    """What sounds, the main one first."""


def position_at(house: House, now: datetime) -> float:
    """Seconds into the show's song at ``now``."""
    status = house.status
    since = (now - house.heard).total_seconds() if status.state == "playing" else 0.0
    return status.position + max(0.0, since)
