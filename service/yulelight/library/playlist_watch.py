"""The actor that notices when any program changes a playlist, and publishes it."""

import asyncio

from yulelight.actors import Actor, Broadcast
from yulelight.actors.mailbox import Overflow
from yulelight.library.playlists import Playlists

POLL_INTERVAL = 2.0
"""Seconds between two polls. Files are polled because network drives send no change notifications."""


class PlaylistWatch(Actor[None]):
    """Publishes the id of every list that was created, changed or deleted. Any message triggers a poll."""

    capacity = 2
    overflow = Overflow.DROP_OLDEST

    def __init__(self, playlists: Playlists, changes: Broadcast[str], pace: float = POLL_INTERVAL) -> None:
        self._playlists, self._changes, self._pace = playlists, changes, pace
        self._stamps: dict[str, tuple[int, int, int]] = {}

    async def started(self) -> None:
        self._stamps = await asyncio.to_thread(self._playlists.stamps)
        self.every(self._pace, None)

    async def receive(self, message: None) -> object:
        before, self._stamps = self._stamps, await asyncio.to_thread(self._playlists.stamps)
        for id in sorted(before.keys() | self._stamps.keys()):
            if before.get(id) != self._stamps.get(id):
                self._changes.publish(id)
        return None
