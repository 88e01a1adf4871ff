"""The states of the show, as used by the service, its clients and its files."""

from enum import StrEnum


class State(StrEnum):
    """The state of the show."""

    IDLE = "idle"
    LOADING = "loading"
    PRE_SHOW = "pre_show"
    PLAYING = "playing"
    PAUSED = "paused"
    LIVE = "live"
    POST_SHOW = "post_show"

    @property
    def moving(self) -> bool:
        """Whether the position advances."""
        return self in _MOVING


_MOVING = frozenset({State.PRE_SHOW, State.PLAYING, State.LIVE, State.POST_SHOW})


class Repeat(StrEnum):
    """What follows the last song."""

    OFF = "off"
    ALL = "all"
    ONE = "one"
