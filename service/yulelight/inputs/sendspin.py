"""A silent Sendspin player, for Music Assistant: receives the sound of its group up to ten seconds ahead.

Either servers find the player (it is announced, and listens), or it connects to one. The protocol is in
sendspin_player.py, which needs Python 3.12 and the packages of the extra.
"""

import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from yulelight.core.errors import AudioError
from yulelight.core.extras import how_to_install
from yulelight.core.messages import Song
from yulelight.inputs.base import Heard
from yulelight.inputs.sendspin_config import SendspinConfig


class SendspinInput:
    """An Input with the sound of the player's group. ``clock``: the service's, in seconds."""

    def __init__(
        self, song: Song, config: SendspinConfig, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.song = song
        self._config, self._clock = config, clock

    @asynccontextmanager
    async def open(self) -> AsyncIterator[AsyncIterator[Heard]]:
        """See Input. It stays open without a server."""
        try:
            from yulelight.inputs.sendspin_player import playing
        except ImportError as error:
            raise AudioError(missing(sys.version_info[:2])) from error
        async with playing(self.song, self._config, self._clock) as heard:
            yield heard


def missing(python: tuple[int, int]) -> str:
    """How to install the missing packages. ``python``: the running version."""
    if python < (3, 12):
        return (
            f"Sendspin needs Python 3.12 or later, and this is {python[0]}.{python[1]}; "
            "set Yulelight up with a later Python, or have Music Assistant play to a Snapcast server"
        )
    return f"Sendspin needs packages that are not installed: {how_to_install('sendspin')}"
