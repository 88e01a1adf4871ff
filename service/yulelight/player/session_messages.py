"""What sessions are told, and what they report."""

from dataclasses import dataclass
from typing import TypeAlias

from yulelight.core.messages import Pause, Resume, Seek, Song, State
from yulelight.player.opening import Style


@dataclass(frozen=True, slots=True)
class SessionReport:
    """How a session is. ``state`` IDLE means that it is over, with ``error`` if it failed."""

    session: int
    serial: int
    """Counts the session's reports, over its restarts, too: an older one that comes late is no news."""
    state: State
    position: float = 0.0
    as_of: float = 0.0
    """When ``position`` is right; a moment ahead while something is about to begin."""
    sections: tuple[float, ...] = ()
    duration: float = 0.0
    section: int | None = None
    """Set when the song came to a new section."""
    error: str = ""
    ready: bool = False
    """Prepared, and waiting for Begin."""
    ends: float | None = None
    """The moment at which it will be over, when that is near."""
    song: Song | None = None
    """Set when a live input says what sounds from now on."""


@dataclass(frozen=True, slots=True)
class Begin:
    """Play, from ``position`` (None: from the start), which is heard at ``at``.

    ``follow``: what plays now goes on until then.
    """

    at: float
    position: float | None = None
    follow: bool = False


@dataclass(frozen=True, slots=True)
class Wait:
    """Do not begin after all: what plays now has changed its course."""


@dataclass(frozen=True, slots=True)
class Leave:
    """Another session takes over sound and lights: leave them alone from now on, unless told to play again."""


@dataclass(frozen=True, slots=True)
class Stay:
    """No other session takes over after all."""


@dataclass(frozen=True, slots=True)
class Return:
    """After an interruption: show what you left, paused as you were."""


@dataclass(frozen=True, slots=True)
class Restyle:
    """Another model or look, at once and without a jump."""

    style: Style


@dataclass(frozen=True, slots=True)
class SetDelay:
    """The lights wait ``seconds`` for the sound."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Follow:
    """The sound is at ``position`` right now, says whoever plays it."""

    position: float


SessionCommand: TypeAlias = (
    Begin | Wait | Leave | Stay | Return | Restyle | SetDelay | Follow | Pause | Resume | Seek
)
"""What any session understands; a live one refuses what has no sense for it."""
