"""The messages to the mixer."""

from dataclasses import dataclass

from yulelight.core.messages import (
    CHANNELS,
    AllOn,
    Blackout,
    GetChannels,
    Identify,
    ReleaseChannel,
    SetChannel,
)
from yulelight.safety.frame import LightFrame
from yulelight.safety.limits import Light
from yulelight.show.show import Show

DARK: LightFrame = (bytes(CHANNELS), (False,) * CHANNELS)
EVERY = frozenset(range(1, CHANNELS + 1))


@dataclass(frozen=True, slots=True)
class StartShow:
    """Show ``show`` with its first frame at ``start``; replaces whatever shows. Said again, it changes nothing.

    The same show with a start a little earlier or later goes on without a seam. Channels that take no part stay as
    idle as they were.
    """

    show: Show
    start: float
    channels: frozenset[int] = EVERY


@dataclass(frozen=True, slots=True)
class FollowShow:
    """Like StartShow, but the current show continues until ``start``."""

    show: Show
    start: float
    channels: frozenset[int] = EVERY


@dataclass(frozen=True, slots=True)
class ForgetNext:
    """Cancels FollowShow."""


@dataclass(frozen=True, slots=True)
class StartLive:
    """A stream starts: its frames follow as LiveFrames."""

    channels: frozenset[int] = EVERY


@dataclass(frozen=True, slots=True)
class LiveFrame:
    """One frame of the stream, to be shown at ``at``."""

    frame: LightFrame
    at: float
    pan: float = 0.0
    """Position of the sound, from -1 (left) to 1 (right)."""


@dataclass(frozen=True, slots=True)
class LedFrames:
    """Frames of another service, which replace those that were to show from ``at`` on; the first begin its show."""

    frames: tuple[LightFrame, ...]
    at: float
    interval: float
    channels: frozenset[int] = EVERY


@dataclass(frozen=True, slots=True)
class LiveFrames:
    """The next frames of the stream, in order."""

    frames: tuple[LiveFrame, ...]


@dataclass(frozen=True, slots=True)
class Hold:
    """Hold the current frame."""


@dataclass(frozen=True, slots=True)
class EndShow:
    """The show has ended: the lights return to their previous state."""


@dataclass(frozen=True, slots=True)
class Standing:
    """State that is independent of the show. It is repeated, in case the lights were restarted."""

    blackout: bool = False
    all_on: bool = False
    brightness: float = 1.0
    """0..1, for everything except ``all_on``."""
    idle: LightFrame = DARK
    """Scene for channels controlled by neither a show nor a person."""


@dataclass(frozen=True, slots=True)
class Describe:
    """Describes the lights on the channels, as far as known. Idempotent."""

    lights: tuple[Light, ...]


LightsMessage = (
    StartShow
    | FollowShow
    | ForgetNext
    | StartLive
    | LiveFrames
    | LedFrames
    | Hold
    | EndShow
    | Standing
    | Describe
    | SetChannel
    | ReleaseChannel
    | GetChannels
    | Blackout
    | AllOn
    | Identify
    | None
)
