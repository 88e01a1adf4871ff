"""The parts of the service that the director and its sessions use, one object per concern.

Values and small protocols without behaviour. Times are seconds; clocks are monotonic unless noted otherwise.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from yulelight.actors import Broadcast, Ref
from yulelight.core.messages import ShowEvent, Status
from yulelight.core.reach import Reach
from yulelight.dsp.samples import Floats
from yulelight.library.playlists import Playlist
from yulelight.library.show_source import StyleCatalogue
from yulelight.library.shows import ShowSource
from yulelight.library.songs import Library
from yulelight.library.stations import Station
from yulelight.lights.messages import LightsMessage
from yulelight.player.on_air import OnAir
from yulelight.safety.frame import LightFrame


class SoundOut(Protocol):
    """Plays songs, one at a time; see yulelight.audio.speaker. Its methods block briefly."""

    def play(self, song: Path, position: float, at: float, gain: float = 0.0) -> None:
        """Plays ``song`` so that ``position`` seconds of it are heard at ``at`` of the monotonic clock.

        Anything played before stops at once. ``gain`` in dB.
        """

    def follow(self, song: Path, position: float, at: float, gain: float = 0.0) -> None:
        """Like ``play``, but the current song continues until ``at``, in the near future."""

    def stream(self, blocks: Callable[[], Iterator[Floats]], at: float) -> None:
        """Plays what ``blocks()`` yields ((k, 2) at 44.1 kHz), the first sample at ``at``, until it ends.

        Anything played before stops at once. ``blocks`` is called once for each sound card, here.
        """

    def volume(self, level: float) -> None:
        """Sets the volume, 0..1."""

    def stop(self) -> None:
        """Stops at once."""

    def wait(self, delay: float) -> float:
        """Total delay of the lights in seconds, including the ``delay`` set by the user. Never blocks."""


class PlaylistSource(Protocol):
    """Provides playlists."""

    def load(self, id: str) -> Playlist:
        """The playlist; blocks briefly. Raises CommandError if there is none with this id."""


def no_stations() -> Sequence[Station]:
    """None are kept."""
    return ()


@dataclass(frozen=True, slots=True)
class Music:
    """Provides songs, playlists, stations and shows."""

    library: Library
    playlists: PlaylistSource
    shows: ShowSource
    styles: StyleCatalogue
    reach: Reach = "public"
    """Which addresses songs and stations may come from."""
    stations: Callable[[], Sequence[Station]] = no_stations
    """The stations that are kept; blocks briefly."""


@dataclass(frozen=True, slots=True)
class Sound:
    """Sound on this machine and on remote players."""

    out: SoundOut
    air: OnAir


@dataclass(frozen=True, slots=True)
class HouseLights:
    """The lights and their settings."""

    ref: Ref[LightsMessage]
    idle: LightFrame
    """The scene while nothing is playing."""
    live_delay: float
    """Delay from a live input's sound to its light."""


@dataclass(frozen=True, slots=True)
class Feeds:
    """Where the director publishes."""

    statuses: Broadcast[Status]
    events: Broadcast[ShowEvent]


@dataclass(frozen=True, slots=True)
class Restarts:
    """Settings for restarts of the service."""

    file: Path | None
    """The state file; None for none."""
    resume_within: float
    """A show interrupted by a restart is resumed automatically if it was interrupted within this time."""
    wall: Callable[[], float]
    """Seconds since 1970, because the monotonic clock is reset when the machine boots."""
