# A copy of service/yulelight_client/states.py, made by scripts/share.
"""What the show is doing, in words that the service, its clients and its files share."""

from enum import StrEnum


class State(StrEnum):
    """What the show is doing."""

    IDLE = "idle"
    LOADING = "loading"
    PRE_SHOW = "pre_show"
    PLAYING = "playing"
    PAUSED = "paused"
    LIVE = "live"
    POST_SHOW = "post_show"

    @property
    def moving(self) -> bool:
        """Whether the position goes on by itself."""
        return self in _MOVING


_MOVING = frozenset({State.PRE_SHOW, State.PLAYING, State.LIVE, State.POST_SHOW})


class Repeat(StrEnum):
    """What follows the last song."""

    OFF = "off"
    ALL = "all"
    ONE = "one"
