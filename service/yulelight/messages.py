"""What the actors and their clients say to each other about a show: frozen values, no behaviour.

Times are seconds of the service's monotonic clock (``time.monotonic``) unless a name says otherwise;
channels are numbered from 1 as on the boxes people wire.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

CHANNELS = 8


class State(StrEnum):
    """What the show is doing."""

    IDLE = "idle"
    LOADING = "loading"
    PLAYING = "playing"
    PAUSED = "paused"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class Song:
    """A song the service can play. ``id`` is safe in a URL and stable while the file stays where it is."""

    id: str
    title: str
    artist: str = ""
    duration: float = 0.0
    """Seconds; 0 when unknown until it is decoded."""


@dataclass(frozen=True, slots=True)
class Status:
    """The show as clients see it. ``position`` was right at ``as_of``; add the time since while playing."""

    state: State = State.IDLE
    song: Song | None = None
    position: float = 0.0
    as_of: float = 0.0
    sections: tuple[float, ...] = ()
    """Start times of the song's sections in seconds."""
    queue: tuple[Song, ...] = ()
    model: str = ""
    blackout: bool = False
    message: str = ""
    """The last thing that went wrong, in words for the user; empty when nothing did."""


@dataclass(frozen=True, slots=True)
class ShowEvent:
    """Something that happened in the show, for automations."""

    kind: Literal["started", "song_changed", "section_changed", "finished", "failed"]
    song: Song | None = None
    detail: str = ""


# --- commands to the director (each answers with a Status, or raises CommandError) -----------------------


@dataclass(frozen=True, slots=True)
class Play:
    """Play a song by its id; None plays the queue, or the first song of the library."""

    song: str | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """Hold song and lights where they are."""


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on after a pause."""


@dataclass(frozen=True, slots=True)
class Stop:
    """End the show; lights go to the idle scene."""


@dataclass(frozen=True, slots=True)
class Seek:
    """Jump to ``position`` seconds of the playing song."""

    position: float


@dataclass(frozen=True, slots=True)
class Next:
    """Skip to the next song."""


@dataclass(frozen=True, slots=True)
class Blackout:
    """Everything dark at once, whatever plays, until released."""

    on: bool


@dataclass(frozen=True, slots=True)
class GetStatus:
    """Answers with the present Status."""


Command = Play | Pause | Resume | Stop | Seek | Next | Blackout | GetStatus


# --- lights ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SetChannel:
    """A person or an automation takes one channel over. ``brightness`` None keeps the last one set."""

    channel: int
    on: bool
    brightness: int | None = None


@dataclass(frozen=True, slots=True)
class ReleaseChannel:
    """Give a channel back to the show."""

    channel: int


@dataclass(frozen=True, slots=True)
class GetChannels:
    """Answers with a tuple of ChannelState, one for each channel."""


@dataclass(frozen=True, slots=True)
class ChannelState:
    """A channel as Home Assistant shows it: the intent, never the single frame.

    ``effect`` is "show" while the show has the channel, else empty.
    """

    channel: int
    on: bool
    brightness: int
    effect: str = ""


@dataclass(frozen=True, slots=True)
class Packet:
    """Consecutive light frames with their moment, as they go to the nodes. See docs/mqtt.md.

    ``levels`` holds ``count * channels`` bytes, frame after frame; ``switched`` one tuple of channel
    states (bool) a frame. A packet replaces whatever a node still holds from ``at`` on.
    """

    session: int
    sequence: int
    at: int
    """Presentation time of the first frame: microseconds of the service's monotonic clock."""
    interval: int
    """Microseconds from frame to frame."""
    levels: tuple[bytes, ...]
    """One bytes of ``channels`` levels 0..255 for each frame."""
    switched: tuple[tuple[bool, ...], ...] = field(default=())
    """One tuple of ``channels`` on/off states for each frame."""
