"""The actor that keeps the description of the house's lights up to date and publishes it."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from yulelight.actors import Actor, Broadcast, Ref
from yulelight.lights.messages import Describe
from yulelight.safety.physics import Light

_INTERVAL = 0.2
"""Minimum seconds between two descriptions, since processing one takes a while."""
_REMIND = 1.0
"""Seconds after which the description is sent to the mixer again, in case it was restarted."""


class HouseWatch(Actor[None]):
    """Asks ``layout`` for the house's lights at the start and after each of ``changes``.

    What is new is published on ``houses``; the mixer is told it again and again.
    """

    def __init__(
        self,
        layout: Callable[[], tuple[Light, ...]],
        changes: Sequence[Broadcast[Any]],
        mixer: Ref[Describe],
        houses: Broadcast[tuple[Light, ...]],
    ) -> None:
        self._layout, self._changes, self._mixer, self._houses = layout, changes, mixer, houses

    async def started(self) -> None:
        for each in self._changes:
            self.spawn(self._follow(each), "changes")
        self._look()
        self.every(_REMIND, None)

    async def receive(self, message: None) -> object:
        self._tell()
        return None

    async def _follow(self, changes: Broadcast[Any]) -> None:
        with changes.subscribe(1) as news:
            self._look()
            async for _ in news:
                self._look()
                await asyncio.sleep(_INTERVAL)

    def _look(self) -> None:
        house = self._layout()
        if house != self._houses.latest:
            self._houses.publish(house)
            self._tell()

    def _tell(self) -> None:
        if self._houses.latest is not None:
            self._mixer.post(Describe(self._houses.latest))
