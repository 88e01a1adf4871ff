"""What the director and its sessions need of the house: values and small protocols, no behaviour."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from yulelight.actors import Broadcast, Ref
from yulelight.core.messages import ShowEvent, Status
from yulelight.core.reach import Reach
from yulelight.library.playlists import Playlist
from yulelight.library.show_source import StyleCatalogue
from yulelight.library.shows import ShowSource
from yulelight.library.songs import Library
from yulelight.lights.mixer import LightsMessage
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
class Stage:
    """The house as the director sees it. Seconds everywhere."""

    styles: StyleCatalogue
    model: str
    look: str
    """Names of those that the settings choose."""
    library: Library
    shows: ShowSource
    playlists: PlaylistSource | None
    lights: Ref[LightsMessage]
    statuses: Broadcast[Status]
    events: Broadcast[ShowEvent]
    clock: Callable[[], float]
    """Monotonic."""
    wall: Callable[[], float]
    """Since 1970."""
    sound: SoundOut | None
    delay: float
    """The lights of a song wait for its sound."""
    live_delay: float
    state: Path | None
    """The file that remembers over restarts; None remembers nothing."""
    idle: LightFrame
    """What shows while nothing plays."""
    resume_within: float = 0.0
    """A show that a restart interrupted goes on by itself when it was no longer ago."""
    air: OnAir = field(default_factory=OnAir)
    reach: Reach = "public"
    """Where songs may be fetched from that are named by an address."""
