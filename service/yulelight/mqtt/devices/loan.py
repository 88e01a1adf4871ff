"""What the lights of an output showed before a show, and how they are given back.

It is kept in a file, too, so that lights are given back after a crash. What a device never told stays off.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from yulelight.core.json_file import JsonFile
from yulelight.mqtt.address import BrokerAddress
from yulelight.mqtt.devices.connection import say_all
from yulelight.mqtt.devices.device import Device, Shown
from yulelight.outputs.kept import Kept

_TIMEOUT = 2.0
"""Seconds that a broker has to take what gives the lights back."""
_SETTLED = 3.0
"""Seconds after which devices have told that they show it again."""


@dataclass(frozen=True, slots=True)
class Before:
    """The file: what each light showed, by its name."""

    shown: Mapping[str, Shown]


class Loan:
    """The lights of ``devices``, of which ``names`` has the id at each place. ``kept`` is the file."""

    def __init__(
        self,
        address: BrokerAddress,
        devices: Sequence[Device],
        names: Sequence[str],
        kept: JsonFile[Before],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._given: Mapping[str, Shown] = {}
        self._given_at = float("-inf")
        self._address, self._devices, self._names, self._kept = address, devices, names, Kept(kept)
        self._before: Mapping[str, Shown] = {}

    async def remember(self) -> None:
        """What an earlier run could not give back, except lights that somebody has switched on since."""
        kept = await self._kept.read()
        lit = [name for name, shown in self._now().items() if shown.on]
        self._before = {
            name: shown for name, shown in (kept.shown if kept else {}).items() if name not in lit
        }

    async def take(self) -> None:
        """Remembers what the lights show, before they are told anything else."""
        if not self._before:
            settled = self._clock() - self._given_at >= _SETTLED
            self._before = self._now() if settled else {**self._now(), **self._given}
            if self._before:
                await self._kept.write(Before(self._before))

    async def give_back(self) -> None:
        """The lights, which are dark, show what they did before. Raises NetworkError."""
        if not self._before:
            return
        places = {place: self._before[name] for place, name in enumerate(self._names) if name in self._before}
        told = [message for device in self._devices if (message := device.give_back(places))]
        if told:
            await say_all(self._address, told, _TIMEOUT)
        self._given, self._given_at, self._before = self._before, self._clock(), {}
        await self._kept.remove()

    def _now(self) -> Mapping[str, Shown]:
        return {
            self._names[place]: shown for device in self._devices for place, shown in device.shown.items()
        }
