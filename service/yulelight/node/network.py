"""Lights on the network that a node drives: each output is a node of its own to the service, in this process.

So each has its own timeline, guard and health, and the service sees its lights beside those on the pins. One dead man's
switch turns all of them off when this process is killed or hangs.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yulelight.core.errors import YulelightError
from yulelight.core.messages import Packet
from yulelight.mqtt.address import BrokerAddress
from yulelight.mqtt.tasks import run_all
from yulelight.node.config import NodeConfig
from yulelight.node.network_settings import slug
from yulelight.node.node import LightNode, own_id
from yulelight.node.watchdog import Notifier
from yulelight.outputs.base import Output, OutputHealth
from yulelight.outputs.deadman import Words
from yulelight.outputs.network import NetworkDriver
from yulelight.outputs.switch import keep_switch
from yulelight.safety.physics import Light

if TYPE_CHECKING:
    from yulelight.node.network_settings import NodeOutputSettings
    from yulelight.outputs.wled.settings import WledOutputSettings

_LOG = logging.getLogger(__name__)

_FIRST, _LAST = 1.0, 30.0
"""Seconds until an output that failed is started again: initial and maximum."""
_MAX_ID = 64


class NodeOutput:
    """See Output: what ``node`` shows on ``driver``. Its packets come from the broker."""

    def __init__(self, name: str, node: LightNode, driver: NetworkDriver) -> None:
        self.name, self.lights = name, driver.lights
        self._node, self._driver = node, driver

    def send(self, packet: Packet) -> None:
        """See Output; the node hears packets itself."""

    def use(self, on: bool) -> None:
        """See Output."""

    def recolour(self, colours: Sequence[str]) -> None:
        """See Coloured."""
        self._driver.recolour(colours)

    def last_words(self) -> Words:
        """See Output."""
        return self._driver.last_words()

    def darkened(self) -> None:
        """See Output."""
        self._node.player.darkened()

    def health(self) -> OutputHealth:
        """See Output."""
        told = self._node.health()
        return OutputHealth(
            works=told.driver_works,
            shown=told.shown,
            limited=told.limited,
            late=told.late,
            skipped=told.dropped + self._driver.skipped,
            errors=told.driver_errors,
            problem=self._driver.problem,
        )

    async def run(self, changed: Callable[[], object] = lambda: None) -> None:
        """See Output."""
        await self._node.run()


class NetworkLights:
    """The outputs on the network of the node ``config``; ``folder`` is for what they keep."""

    def __init__(
        self,
        config: NodeConfig,
        address: BrokerAddress,
        folder: Path,
        *,
        notifier: Notifier | None = None,
    ) -> None:
        self._config, self._address, self._folder, self._notifier = config, address, folder, notifier
        self._now: dict[str, Output] = {}

    async def run(self) -> None:
        """Runs until cancelled. The failure of one output stops no other. Raises YulelightError."""
        await run_all(keep_switch(self._last_words, self._darkened), *map(self._kept, self._config.network))

    async def _kept(self, settings: "NodeOutputSettings") -> None:
        wait = _FIRST
        while True:
            output = self._now[settings.name] = self._made(settings)
            try:
                await output.run()
            except YulelightError:
                raise
            except Exception:  # noqa: BLE001
                _LOG.exception("the output %s failed; it starts again in %g s", settings.name, wait)
            await asyncio.sleep(wait)
            wait = min(_LAST, 2 * wait)

    def _made(self, settings: "NodeOutputSettings") -> Output:
        if settings.type == "wled":
            return self._borrowed(settings)
        driver = settings.driver()
        return NodeOutput(settings.name, self._node(settings.name, driver), driver)

    def _borrowed(self, settings: "WledOutputSettings") -> Output:
        """A WLED device: asked how it is made first, and then anew whenever that changes."""

        def drive(name: str, driver: NetworkDriver, clock: Callable[[], float]) -> Output:
            node = self._node(name, driver, on_packet=output.send, on_use=output.use)
            return NodeOutput(name, node, driver)

        output = settings.made(self._folder, drive)
        return output

    def _node(self, name: str, driver: NetworkDriver, **hooks: Any) -> LightNode:
        config = replace(self._config, id=output_id(self._config, name), outputs=(), driver="auto")
        lights: list[Light] = [replace(light, node="") for light in driver.lights]
        return LightNode(config, self._address, driver, lights=lights, notifier=self._notifier, **hooks)

    def _last_words(self) -> Words:
        return tuple(word for output in self._now.values() for word in output.last_words())

    def _darkened(self) -> None:
        for output in self._now.values():
            output.darkened()


def output_id(config: NodeConfig, name: str) -> str:
    """The id under which the service knows the output ``name`` of this node."""
    end = f"-{slug(name)}"
    return f"{(config.id or own_id())[: _MAX_ID - len(end)]}{end}"


async def all_dark(outputs: "Sequence[NodeOutputSettings]", patience: float = 3.0) -> list[str]:
    """Sends dark frames to all ``outputs``; the names of those whose address cannot be found.

    WLED devices need none: without a stream, they are as their users left them.
    """
    missed = []
    for output in outputs:
        if output.type == "wled":
            continue
        async with output.driver() as driver:
            try:
                async with asyncio.timeout(patience):
                    await driver.opened()
            except TimeoutError:
                missed.append(output.name)
    return missed
