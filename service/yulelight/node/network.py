"""Lights on the network that a node drives: each output is a node of its own to the service, in this process.

So each has its own timeline, guard and health, and the service sees its lights beside those on the pins. One dead man's
switch turns all of them off when this process is killed or hangs.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from yulelight.core.errors import YulelightError
from yulelight.mqtt.address import BrokerAddress
from yulelight.mqtt.tasks import run_all
from yulelight.node.config import NodeConfig, slug
from yulelight.node.node import LightNode, own_id
from yulelight.node.watchdog import Notifier
from yulelight.outputs.deadman import Words
from yulelight.outputs.network import NetworkDriver
from yulelight.outputs.switch import keep_switch

if TYPE_CHECKING:
    from yulelight.outputs.settings import NetworkOutput

_LOG = logging.getLogger(__name__)

_FIRST, _LAST = 1.0, 30.0
"""Seconds until an output that failed is started again: initial and maximum."""
_MAX_ID = 64


class NetworkLights:
    """The outputs on the network of the node ``config``."""

    def __init__(
        self, config: NodeConfig, address: BrokerAddress, *, notifier: Notifier | None = None
    ) -> None:
        self._config, self._address, self._notifier = config, address, notifier
        self._now: dict[str, tuple[LightNode, NetworkDriver]] = {}

    async def run(self) -> None:
        """Runs until cancelled. The failure of one output stops no other. Raises YulelightError."""
        outputs = [self._kept(output.name, output.driver) for output in self._config.network]
        await run_all(keep_switch(self._last_words, self._darkened), *outputs)

    async def _kept(self, name: str, make: Callable[[], NetworkDriver]) -> None:
        wait = _FIRST
        while True:
            driver = make()
            node = LightNode(
                replace(self._config, id=output_id(self._config, name), outputs=(), driver="auto"),
                self._address,
                driver,
                lights=[replace(light, node="") for light in driver.lights],
                notifier=self._notifier,
            )
            self._now[name] = node, driver
            try:
                await node.run()
            except YulelightError:
                raise
            except Exception:  # noqa: BLE001
                _LOG.exception("the output %s failed; it starts again in %g s", name, wait)
            await asyncio.sleep(wait)
            wait = min(_LAST, 2 * wait)

    def _last_words(self) -> Words:
        return tuple(word for _, driver in self._now.values() for word in driver.last_words())

    def _darkened(self) -> None:
        for node, _ in self._now.values():
            node.player.darkened()


def output_id(config: NodeConfig, name: str) -> str:
    """The id under which the service knows the output ``name`` of this node."""
    end = f"-{slug(name)}"
    return f"{(config.id or own_id())[: _MAX_ID - len(end)]}{end}"


async def all_dark(outputs: "Sequence[NetworkOutput]", patience: float = 3.0) -> list[str]:
    """Sends dark frames to all ``outputs``; the names of those whose address cannot be found."""
    missed = []
    for output in outputs:
        async with output.driver() as driver:
            try:
                async with asyncio.timeout(patience):
                    await driver.opened()
            except TimeoutError:
                missed.append(output.name)
    return missed
