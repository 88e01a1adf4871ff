"""A driver for the lights of several devices on a broker, as fast as they can take it."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self

from yulelight.mqtt.address import BrokerAddress
from yulelight.mqtt.devices.connection import DeviceConnection
from yulelight.mqtt.devices.deadman import MODULE, pack
from yulelight.mqtt.devices.device import Device, Message
from yulelight.mqtt.devices.pacing import Pacing
from yulelight.mqtt.tasks import cancel_all
from yulelight.outputs.deadman import Words
from yulelight.outputs.lease import Lease
from yulelight.outputs.switch import SILENT
from yulelight.safety.physics import Light

_FED = 0.25
"""Seconds between two signs of life to the dead man's switch."""
_PROBLEM_FOR = 5.0
"""Seconds for which a failed connection is reported."""
_NAMED = 3
"""Devices that a problem names."""


class DevicesDriver:
    """See Driver. The frames that get through are chosen by ``Pacing``.

    Nothing is sent and nothing connected before ``take(True)``.
    """

    name = "mqtt-light"

    def __init__(
        self,
        address: BrokerAddress,
        devices: Sequence[Device],
        names: Sequence[str],
        lights: tuple[Light, ...],
        rate: float,
    ) -> None:
        self.lights = lights
        self.errors = self.skipped = 0
        self.broker_problem = ""
        """Set from outside: why the broker cannot be reached."""
        self.darkened: Callable[[], None] = lambda: None
        """Set from outside: called when the dead man's switch has turned the lights off."""
        self._address, self._devices, self._names = address, tuple(devices), tuple(names)
        self._pacing = Pacing(devices, len(lights), rate)
        self._wanted = bytes(len(lights)), (False,) * len(lights)
        self._news = asyncio.Event()
        self._taken: list[asyncio.Task[None]] = []
        self._connections: dict[Device, DeviceConnection] = {}
        self._failed_at: dict[Device, float] = {}

    @property
    def healthy(self) -> bool:
        """See Driver."""
        return not self.problem

    @property
    def problem(self) -> str:
        """See Lit."""
        if self.broker_problem:
            return self.broker_problem
        wrong = [(device, problem) for device in self._devices if (problem := self._problem_of(device))]
        told = [f"{self._names[device.places[0]]}: {problem}" for device, problem in wrong[:_NAMED]]
        more = [f"{len(wrong) - _NAMED} more"] if len(wrong) > _NAMED else []
        return "; ".join(told + more)

    @property
    def taken(self) -> bool:
        """Whether the lights are ours at the moment."""
        return bool(self._taken)

    async def __aenter__(self) -> Self:
        """See Driver."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.take(False)

    def show(self, levels: bytes, switched: tuple[bool, ...]) -> None:
        """See Driver."""
        self._wanted = levels, switched
        self._news.set()

    def last_words(self) -> Words:
        """See Lit. None over UDP; ``take`` starts a dead man's switch of its own."""
        return ()

    async def take(self, on: bool) -> None:
        """Connects to the devices, or tells their lights to go off and leaves them to others."""
        if on and not self._taken:
            self._connections = {
                device: DeviceConnection(self._address, device, self._failed) for device in self._devices
            }
            jobs = [one.run() for one in self._connections.values()]
            jobs += [self._send(), self._keep_switch()]
            self._taken = [asyncio.create_task(job) for job in jobs]
        elif self._taken and not on:
            taken, self._taken = self._taken, []
            await cancel_all(*taken)
            self._connections = {}

    def forget(self, device: Device | None = None) -> None:
        """See Shared. ``device``: only this one is told again."""
        self._pacing.forget(device)
        self._news.set()

    async def _send(self) -> None:
        self._pacing.forget()
        while True:
            self._news.clear()
            now = time.monotonic()
            for device, message in self._pacing.step(self._wanted, now):
                self._connections[device].send(message)
            due = self._pacing.next_step(self._wanted, now)
            with suppress(TimeoutError):
                async with asyncio.timeout(None if due is None else max(0.0, due - time.monotonic())):
                    await self._news.wait()

    async def _keep_switch(self) -> None:
        """Runs the dead man's switch, which knows how all devices that are known go dark."""
        while True:
            messages = self._last_messages()
            if not messages:
                await asyncio.sleep(_FED)
                continue
            async with Lease(MODULE, pack(self._address, messages), self.darkened) as lease:
                while messages == self._last_messages():
                    lease.until(time.monotonic() + SILENT)
                    await asyncio.sleep(_FED)

    def _last_messages(self) -> list[Message]:
        return [message for device in self._devices if (message := device.dark())]

    def _failed(self, device: Device, error: Exception) -> None:
        self.errors += 1
        self._failed_at[device] = time.monotonic()

    def _problem_of(self, device: Device) -> str:
        failed = time.monotonic() - self._failed_at.get(device, float("-inf")) < _PROBLEM_FOR
        return device.problem or ("has no connection to the broker" if failed and self.taken else "")
