"""The actor that runs one output: it hears every packet of the house, and its failure stops nobody else."""

import asyncio
from collections.abc import Callable, Sequence

from yulelight.actors import Actor, Broadcast
from yulelight.core.messages import Packet
from yulelight.outputs.base import Output
from yulelight.safety.physics import Light

BEHIND = 64
"""Packets that may wait for it; of more, the oldest are dropped."""
LOOK = 1.0
"""Seconds between two looks at which lights the house has."""


class OutputActor(Actor[None]):
    """Runs what ``make`` makes, anew after a failure, on what ``packets`` tells.

    ``house`` says which lights there are, of whatever output.
    """

    def __init__(
        self, make: Callable[[], Output], packets: Broadcast[Packet], house: Callable[[], Sequence[Light]]
    ) -> None:
        self._make, self._packets, self._house = make, packets, house

    async def started(self) -> None:
        output = self._make()
        self.spawn(output.run(), "output")
        self.spawn(self._follow(output), "packets")
        self.spawn(self._watch(output), "house")

    async def receive(self, message: None) -> object:
        return None

    async def _follow(self, output: Output) -> None:
        with self._packets.subscribe(BEHIND) as packets:
            async for packet in packets:
                output.send(packet)

    async def _watch(self, output: Output) -> None:
        known: Sequence[Light] = ()
        while True:
            house = self._house()
            if house != known:
                known = house
                output.learn(house)
            await asyncio.sleep(LOOK)
