"""The rest of a house for a test: the real service as its own process, and a light node that remembers."""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp

from tests.brokers import LOOPBACK, free_port
from tests.e2e.hass import ending_with_us, wait_for
from yulelight.core.identity import load_or_make
from yulelight.mqtt.address import BrokerAddress
from yulelight.node.config import NodeConfig
from yulelight.node.drivers.simulated import SimulatedDriver
from yulelight.node.node import LightNode
from yulelight.outputs.timeline import Frame


class ServiceProcess:
    """``yulelight serve`` on the loopback; ended in every case, its log shown on failure.

    ``data``: an empty folder. ``broker``: None for the embedded one. ``self.broker`` is the one in use.
    ``announced``: an address of an interface on which zeroconf finds it; it listens there. ``more``: further options.
    """

    def __init__(
        self,
        data: Path,
        broker: BrokerAddress | None = None,
        *,
        announced: str = "",
        more: Sequence[str] = (),
    ) -> None:
        self.identity = load_or_make(data)
        self.port = free_port()
        self._bearer = {"Authorization": f"Bearer {self.identity.token}"}
        self._log = data / "log"
        self.host = announced or LOOPBACK
        command = ["--data", str(data), "--host", self.host, "--http-port", str(self.port)]
        if broker is None:
            user, password = self.identity.broker_user, self.identity.broker_password
            broker = BrokerAddress(self.host, free_port(), user, password)
            command += ["--mqtt-port", str(broker.port)]
        else:
            command += ["--broker", f"mqtt://{broker.username}:{broker.password}@{broker}"]
        self.broker = broker
        zeroconf = ["--zeroconf", "--interface", announced] if announced else ["--no-zeroconf"]
        self._command = ["serve", *command, *zeroconf, "--no-audio", *more]

    async def __aenter__(self) -> Self:
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(*ending_with_us(), sys.executable, "-m", "yulelight", *self._command),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, "TERM": "dumb", "COLUMNS": "200"},
            )
        try:
            await wait_for(self._answers, "the service's API")
        except BaseException as error:
            await self.__aexit__(type(error), error, None)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), 30)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
        log = self._log.read_text()[-4000:]
        if error is not None:
            error.add_note(f"The end of the service's log:\n{log}")
        else:
            assert self._process.returncode == 0, log

    async def kill(self) -> None:
        """What a power cut does to it; ``__aenter__`` starts it again."""
        self._process.kill()
        await self._process.wait()

    async def get(self, view: str) -> Any:
        """What the API shows: "status", "songs", "nodes" or "channels"."""
        async with self._session() as http, http.get(f"/api/v1/{view}") as response:
            assert response.ok, await response.text()
            return await response.json()

    async def send(self, method: str, path: str, body: Any = None) -> Any:
        """Any other request to ``/api/v1/{path}``; the parsed answer, None for an empty one."""
        async with self._session() as http, http.request(method, f"/api/v1/{path}", json=body) as response:
            assert response.ok, await response.text()
            return json.loads(await response.text() or "null")

    async def control(self, command: str, **fields: Any) -> Any:
        """Tell the show what to do; returns its status."""
        body = {"command": command, **fields}
        async with self._session() as http, http.post("/api/v1/control", json=body) as response:
            assert response.ok, await response.text()
            return await response.json()

    def _session(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(f"http://{self.host}:{self.port}", headers=self._bearer)

    async def _answers(self) -> bool:
        assert self._process.returncode is None, "the service ended by itself"
        try:
            async with self._session() as http, http.get("/health") as response:
                return response.status == 200
        except aiohttp.ClientError:
            return False


@dataclass
class Lights:
    """What a light node's simulated bulbs show, and every frame they have shown since ``frames`` was emptied."""

    node: LightNode
    frames: list[Frame] = field(default_factory=list)
    levels: bytes = b""

    def level(self, channel: int) -> int:
        """Brightness 0 to 255 of channel 1 to 8."""
        return self.levels[channel - 1]


@contextlib.asynccontextmanager
async def light_node(service: ServiceProcess) -> AsyncIterator[Lights]:
    """A real node that follows ``service``, running while the context is open."""

    def on_show(levels: bytes, switched: tuple[bool, ...]) -> None:
        lights.levels = levels

    def on_frame(frame: Frame) -> None:
        lights.frames.append(frame)

    driver = SimulatedDriver(on_show=on_show, draw=False)
    config = NodeConfig(id="porch", service=service.identity.id)
    lights = Lights(LightNode(config, service.broker, driver, on_frame=on_frame))
    running = asyncio.create_task(lights.node.run())
    try:
        yield lights
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
