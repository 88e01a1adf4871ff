"""How soon pixels that a node drives are dark after a fault: of the node, the broker, or the service."""

import asyncio
import contextlib
import json
import os
import signal
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from types import MappingProxyType

from tests.node.stage import Process, Stage
from tests.outputs.controllers import DATA, Slots
from tests.outputs.wled_double import Wled

KINDS = (*DATA, "wled")
_PATIENCE = 60.0
_DARK_FOR = 3.0
"""Seconds after which a device counts as dark: the song itself may have dark moments."""


class Garage:
    """A node with a device of each kind."""

    def __init__(self, stage: Stage, node: Process, controllers: list[Slots], wled: Wled) -> None:
        self.stage, self.node = stage, node
        self._controllers, self._wled = controllers, wled
        self.lit_at = dict.fromkeys(KINDS, 0.0)
        """When each was seen lit last."""

    def look(self) -> None:
        """Looks at each."""
        lit = {each.kind: each.lit for each in self._controllers} | {"wled": self._wled.seen > 0}
        self.lit_at |= {kind: time.monotonic() for kind, is_lit in lit.items() if is_lit}


FAULTS: Mapping[str, Callable[[Garage], None]] = MappingProxyType(
    {
        "the node is killed": lambda garage: garage.node.send(signal.SIGKILL),
        "the node is stopped": lambda garage: garage.node.send(signal.SIGSTOP),
        "the broker is killed": lambda garage: garage.stage.broker.kill(),
        "the service is killed": lambda garage: _song(garage).send(signal.SIGKILL),
        "the service is silent": lambda garage: _song(garage).send(signal.SIGSTOP),
    }
)


async def dark_after(fault: Callable[[Garage], None]) -> dict[str, float]:
    """Seconds from ``fault`` until each kind of device is dark."""
    async with _garage() as garage:
        began = await _seen(garage, lambda now, lit: now - min(lit.values()) < 1)
        await _seen(
            garage, lambda now, _: now - began > 3
        )  # the dead man's switch takes a moment to be ready
        began = time.monotonic()
        fault(garage)
        end = await _seen(garage, lambda now, lit: now - max(*lit.values(), began) > _DARK_FOR)
        found = {kind: max(0.0, at - began) for kind, at in garage.lit_at.items()}
        late = end - began > _PATIENCE
        return {kind: float("inf") if late else after for kind, after in found.items()}


async def _seen(garage: Garage, met: Callable[[float, Mapping[str, float]], bool]) -> float:
    """Looks until the condition is met; the moment, which is later than the patience if it never was."""
    until = time.monotonic() + _PATIENCE
    while True:
        garage.look()
        now = time.monotonic()
        if met(now, garage.lit_at) or now > until:
            return now
        await asyncio.sleep(0.005)


@asynccontextmanager
async def _garage() -> AsyncIterator[Garage]:
    async with contextlib.AsyncExitStack() as stack:
        controllers = [await stack.enter_async_context(Slots(kind)) for kind in DATA]
        wled = await stack.enter_async_context(Wled())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stage = await asyncio.to_thread(stack.enter_context, Stage())
        settings = [each.settings() for each in controllers] + [wled.settings()]
        outputs = "".join(
            "[[output]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in each.items())
            for each in settings
        )
        file = folder / "node.toml"
        file.write_text(
            f'id = "garage"\nservice = "ab12"\nbroker = "mqtt://127.0.0.1:{stage.way}"\n{outputs}'
        )
        os.environ["STATE_DIRECTORY"] = str(folder)
        node = Process("-m", "yulelight.node", "--config", str(file), output=folder / "node.txt")
        stack.callback(node.end)
        yield Garage(stage, node, controllers, wled)


def _song(garage: Garage) -> Process:
    assert garage.stage.song is not None
    return garage.stage.song
