"""What the mixer is told."""

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
from yulelight.safety.limiter import LightFrame
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
    """As StartShow, but what shows now goes on until ``start``."""

    show: Show
    start: float
    channels: frozenset[int] = EVERY


@dataclass(frozen=True, slots=True)
class ForgetNext:
    """Nothing follows the show after all."""


@dataclass(frozen=True, slots=True)
class StartLive:
    """A stream begins: its frames follow as LiveFrame."""

    channels: frozenset[int] = EVERY


@dataclass(frozen=True, slots=True)
class LiveFrame:
    """One frame of the stream, to show at ``at``."""

    frame: LightFrame
    at: float
    pan: float = 0.0
    """Where the sound is, from -1 (left) to 1 (right)."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Keep showing the frame that shows now."""


@dataclass(frozen=True, slots=True)
class EndShow:
    """The show is over: the lights go back to how people left them."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds whatever plays. Said again and again, so that lights that were restarted keep to it."""

    blackout: bool = False
    all_on: bool = False
    brightness: float = 1.0
    """0..1, of everything but ``all_on``."""
    idle: LightFrame = DARK
    """What shows where no show and no person has a channel."""


@dataclass(frozen=True, slots=True)
class Describe:
    """What hangs on the channels, as far as it is known now. Said again, it changes nothing."""

    lights: tuple[Light, ...]


LightsMessage = (
    StartShow
    | FollowShow
    | ForgetNext
    | StartLive
    | LiveFrame
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
