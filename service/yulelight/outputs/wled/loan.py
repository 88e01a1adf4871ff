"""Takes over a WLED device: saves its state, switches it off, and restores the state afterwards.

When a stream ends, even because the service was killed, WLED returns after 2.5 seconds to its own state. It is
switched off first so that it is then dark, and its brightness is set to full because a stream is shown at the last
brightness. Its previous state is saved in a file, so that it can be restored after a crash.
"""

from dataclasses import dataclass
from typing import Any

from yulelight.core.errors import NetworkError
from yulelight.core.json_file import JsonFile
from yulelight.outputs.kept import Kept
from yulelight.outputs.wled.answers import Device
from yulelight.outputs.wled.client import WledClient

_SOFTLY = 10
"""Tenths of a second of the transition when the state is restored."""
_ALONE = {"udpn": {"nn": True}}
"""Other WLED devices synchronized with this one must not follow these changes."""
OFF: dict[str, Any] = {"on": False, "bri": 255, "tt": 0, "nl": {"on": False}, **_ALONE}


@dataclass(frozen=True, slots=True)
class Before:
    """The state of a device before the takeover; ``playlist`` -1 for none."""

    mac: str
    on: bool
    bri: int
    playlist: int = -1
    nightlight: bool = False


class Loan:
    """The takeover of one device. ``kept`` is the file with its previous state. Methods raise NetworkError."""

    def __init__(self, client: WledClient, kept: JsonFile[Before]) -> None:
        self._client, self._kept = client, Kept(kept)
        self._before: Before | None = None
        self._uptime = 0

    @property
    def taken(self) -> bool:
        """Whether the device is taken over."""
        return self._before is not None

    async def remember(self, device: Device) -> None:
        """Continues a takeover that an earlier run could not end, unless the device has been used since."""
        before = await self._kept.read()
        if before is None or before.mac != device.info.mac:
            return
        if device.state.on:
            await self._forget()
        else:
            self._before, self._uptime = before, device.info.uptime

    async def take(self, device: Device) -> None:
        """Makes it dark without a stream, and bright with one. If it was already taken over, the saved state is
        kept.
        """
        state = device.state
        if self._before is None:
            before = Before(device.info.mac, state.on, state.bri, state.pl, state.nl.on)
            await self._kept.write(before)
            self._before = before
        await self._client.tell({**OFF, **({"playlist": {"ps": []}} if state.pl >= 0 else {})})
        after = await self._client.device()
        if after.state.on:
            raise NetworkError("does not switch off, so it would not go dark when the show ends")
        self._uptime = after.info.uptime

    def lost(self, device: Device) -> bool:
        """Whether it has restarted since, and so is in its start state."""
        again, self._uptime = device.info.uptime < self._uptime, device.info.uptime
        return self.taken and again and device.state.on

    async def give_back(self) -> None:
        """Restores its state, except what the user has changed meanwhile."""
        before = self._before
        if before is None:
            return
        device = await self._client.device()
        if device.state.on and not self.lost(device):
            await self._client.tell({"live": False})
        else:
            was = {"on": before.on, "bri": max(1, before.bri), "nl": {"on": before.nightlight}}
            await self._client.tell({**was, "tt": _SOFTLY, "live": False, **_ALONE})
            if before.playlist > 0:
                await self._client.tell({"ps": before.playlist})
        await self._forget()

    async def _forget(self) -> None:
        self._before = None
        await self._kept.remove()
