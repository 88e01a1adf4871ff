"""Tells lights and nodes what hangs in the house: made of what the nodes say of themselves and of the settings."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from yulelight.actors import Broadcast, Ref, Subscription
from yulelight.lights.mixer import Describe
from yulelight.mqtt import payloads
from yulelight.mqtt.link import Client
from yulelight.mqtt.nodes import NodeInfo, NodeRegistry
from yulelight.mqtt.tasks import run_all
from yulelight.safety.physics import Light

Layout = Callable[[Mapping[str, NodeInfo]], tuple[Light, ...]]
"""The lights of the house, when these are its nodes."""

_INTERVAL = 0.2
"""Seconds between two descriptions: what is in one takes a moment to be made ready."""


class HousePublisher:
    """``layout`` None: the house is what the settings say, and nobody is told.

    ``others`` says that other lights hang on something else than a node.
    """

    def __init__(
        self,
        nodes: NodeRegistry,
        layout: Layout | None,
        lights: Ref[Describe],
        others: Broadcast[None] | None = None,
    ) -> None:
        self._nodes, self._layout, self._lights = nodes, layout, lights
        self._others: Broadcast[None] = others or Broadcast()
        self._house: tuple[Light, ...] = ()
        self._changed = asyncio.Event()

    async def follow(self) -> None:
        """Tells the lights, for ever."""
        if self._layout is None:
            return
        with self._nodes.changes.subscribe(1) as nodes, self._others.subscribe(1) as others:
            self._tell(self._layout)
            await run_all(self._after(nodes, self._layout), self._after(others, self._layout))

    async def _after(self, changes: Subscription[Any], layout: Layout) -> None:
        async for _ in changes:
            self._tell(layout)
            await asyncio.sleep(_INTERVAL)

    async def say(self, client: Client, topic: str) -> None:
        """Tells the nodes on ``topic``, as long as ``client`` is connected."""
        while True:
            self._changed.clear()
            if self._house:
                payload = payloads.HouseLights(self._house).payload()
                await client.publish(topic, payload, qos=1, retain=True)
            await self._changed.wait()

    def _tell(self, layout: Layout) -> None:
        house = layout(self._nodes.all)
        # Also where nothing is new: lights that were restarted know nothing of it.
        self._lights.post(Describe(house))
        if house != self._house:
            self._house = house
            self._changed.set()
