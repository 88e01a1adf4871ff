"""The commands to sessions, and their reports."""

from dataclasses import dataclass
from typing import TypeAlias

from yulelight.core.messages import Pause, Resume, Seek, Song, State
from yulelight.player.opening import Style


@dataclass(frozen=True, slots=True)
class SessionReport:
    """The state of a session. ``state`` IDLE means that it has ended, with ``error`` if it failed."""

    session: int
    serial: int
    """Serial number of the report, also across restarts, by which outdated reports are recognised."""
    state: State
    position: float = 0.0
    as_of: float = 0.0
    """When ``position`` is valid; slightly in the future while something is about to start."""
    sections: tuple[float, ...] = ()
    duration: float = 0.0
    section: int | None = None
    """Set when a new section has begun."""
    error: str = ""
    ready: bool = False
    """Prepared, and waiting for Begin."""
    ends: float | None = None
    """The time of its end, if that is near."""
    song: Song | None = None
    """Set when a live input reports a new title."""
    station: bool = False
    """With ``error``: what was to be fetched is a radio station."""


@dataclass(frozen=True, slots=True)
class Begin:
    """Play from ``position`` (None: from the start), which is heard at ``at``.

    ``follow``: the current session continues until then.
    """

    at: float
    position: float | None = None
    follow: bool = False


@dataclass(frozen=True, slots=True)
class Wait:
    """Cancel the scheduled start, because the current session has changed."""


@dataclass(frozen=True, slots=True)
class Leave:
    """Another session takes over sound and lights: release them until told to play again."""


@dataclass(frozen=True, slots=True)
class Stay:
    """No other session takes over: keep sound and lights."""


@dataclass(frozen=True, slots=True)
class Return:
    """After an interruption: show the paused state again."""


@dataclass(frozen=True, slots=True)
class Restyle:
    """Change the model or look at once, without a jump in the song."""

    style: Style


@dataclass(frozen=True, slots=True)
class SetDelay:
    """The lights wait ``seconds`` for the sound."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Follow:
    """A remote player reports that the sound is at ``position`` now."""

    position: float


SessionCommand: TypeAlias = (
    Begin | Wait | Leave | Stay | Return | Restyle | SetDelay | Follow | Pause | Resume | Seek
)
"""All commands to sessions; live sessions refuse those that do not apply."""
