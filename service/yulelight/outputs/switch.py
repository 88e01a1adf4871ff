"""The dead man's switch of network lights, which receives heartbeats and the packets that turn the lights off.

Controllers keep their last frame for as long as they like. So a process of its own sends darkness when this one was
killed, and when it has said nothing for ``SILENT`` seconds, because it hangs or was stopped.
"""

import asyncio
import time
from collections.abc import Callable

from yulelight.actors import Actor
from yulelight.outputs.board import OutputBoard
from yulelight.outputs.deadman import Words, pack
from yulelight.outputs.lease import Lease

SILENT = 2.2
"""Seconds; including the time to send, lights are dark 2.6 seconds after the last heartbeat."""
_AGAIN = 0.25
_SETTLED = 0.5
"""Seconds between two checks for changed packets."""
_MODULE = "yulelight.outputs.deadman"


class SwitchActor(Actor[None]):
    """Runs the switch for the outputs of ``board`` while any of them is sending."""

    def __init__(self, board: OutputBoard, clock: Callable[[], float] = time.monotonic) -> None:
        self._board, self._clock = board, clock

    async def started(self) -> None:
        self.spawn(keep_switch(self._board.last_words, self._board.darkened, self._clock), "switch")

    async def receive(self, message: None) -> object:
        return None


async def keep_switch(
    last_words: Callable[[], Words], darkened: Callable[[], None], clock: Callable[[], float] = time.monotonic
) -> None:
    """Runs the switch, until cancelled, while there are ``last_words``, with those of the moment.

    ``darkened`` is called when it has turned the lights off while we live.
    """
    while True:
        words = last_words()
        if words:
            config = await asyncio.to_thread(pack, words)
            async with Lease(_MODULE, config, darkened) as lease:
                while words == last_words():
                    lease.until(clock() + SILENT)
                    await asyncio.sleep(_AGAIN)
        await asyncio.sleep(_SETTLED)
