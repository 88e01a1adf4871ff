"""What the director and its sessions need of the rest of the service, one object for each concern.

Values and small protocols, no behaviour. Seconds everywhere; clocks are monotonic where nothing else is said.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from yulelight.actors import Broadcast, Ref
from yulelight.core.messages import ShowEvent, Status
from yulelight.core.reach import Reach
from yulelight.library.playlists import Playlist
from yulelight.library.show_source import StyleCatalogue
from yulelight.library.shows import ShowSource
from yulelight.library.songs import Library
from yulelight.lights.messages import LightsMessage
from yulelight.player.on_air import OnAir
from yulelight.safety.limiter import LightFrame


class SoundOut(Protocol):
    """Something that makes songs heard, one at a time; see yulelight.audio.speaker. Its methods block for a moment."""

    def play(self, song: Path, position: float, at: float, gain: float = 0.0) -> None:
        """Sounds ``song`` so that ``position`` seconds of it are heard at ``at`` of the monotonic clock.

        Whatever sounded before is silent at once. ``gain`` in dB.
        """

    def follow(self, song: Path, position: float, at: float, gain: float = 0.0) -> None:
        """As ``play``, but what sounds now goes on until ``at``, a moment in the near future."""

    def volume(self, level: float) -> None:
        """0..1, from now on."""

    def stop(self) -> None:
        """Silence at once."""

    def wait(self, delay: float) -> float:
        """Seconds from a sound's moment to its light, of which ``delay`` is what people set. Never blocks."""


class PlaylistSource(Protocol):
    """Where playlists come from."""

    def load(self, id: str) -> Playlist:
        """The playlist; blocks for a moment. Raises CommandError when there is none of this id."""


@dataclass(frozen=True, slots=True)
class Music:
    """Where songs, playlists and shows come from."""

    library: Library
    playlists: PlaylistSource
    shows: ShowSource
    styles: StyleCatalogue
    reach: Reach = "public"
    """Where songs may be fetched from that are named by an address."""


@dataclass(frozen=True, slots=True)
class Sound:
    """What makes songs and streams heard, here and on players elsewhere."""

    out: SoundOut
    air: OnAir


@dataclass(frozen=True, slots=True)
class HouseLights:
    """The lights, and what the settings say of them."""

    ref: Ref[LightsMessage]
    idle: LightFrame
    """What shows while nothing plays."""
    live_delay: float
    """From a live input's sound to its light."""


@dataclass(frozen=True, slots=True)
class Feeds:
    """Where the director says what is played."""

    statuses: Broadcast[Status]
    events: Broadcast[ShowEvent]


@dataclass(frozen=True, slots=True)
class Restarts:
    """What a show has of a restart of the service."""

    file: Path | None
    """Remembers over restarts; None remembers nothing."""
    resume_within: float
    """A show that a restart interrupted goes on by itself when it was no longer ago."""
    wall: Callable[[], float]
    """Since 1970: the monotonic clock begins anew with the machine."""
