"""A WLED device on loan: what it did is kept, it is switched off, and in the end it does again what it did.

When a stream ends, whether on purpose or because we were killed, WLED falls back after 2.5 seconds to what it would
show without one. So that this is darkness it is switched off first; with its brightness set to full, because a stream
is shown at the brightness that it had last. What it did stands in a file meanwhile, for a start after a crash.
"""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any

from yulelight.core.errors import NetworkError
from yulelight.core.json_file import JsonFile
from yulelight.outputs.wled.answers import Device
from yulelight.outputs.wled.client import WledClient

_LOG = logging.getLogger(__name__)

_SOFTLY = 10
"""Tenths of a second in which it comes back."""
_ALONE = {"udpn": {"nn": True}}
"""Other WLED devices that follow this one are not to follow here."""
OFF: dict[str, Any] = {"on": False, "bri": 255, "tt": 0, "nl": {"on": False}, **_ALONE}


@dataclass(frozen=True, slots=True)
class Before:
    """What a device did before the loan; ``playlist`` -1 for none."""

    mac: str
    on: bool
    bri: int
    playlist: int = -1
    nightlight: bool = False


class Loan:
    """The loan of one device. ``kept`` is the file of what it did. Methods raise NetworkError in words."""

    def __init__(self, client: WledClient, kept: JsonFile[Before]) -> None:
        self._client, self._kept = client, kept
        self._before: Before | None = None
        self._uptime = 0

    @property
    def taken(self) -> bool:
        """Whether it is ours."""
        return self._before is not None

    async def remember(self, device: Device) -> None:
        """Takes up a loan that an earlier run could not end, unless somebody has used the device since."""
        before = await asyncio.to_thread(self._read)
        if before is None or before.mac != device.info.mac:
            return
        if device.state.on:
            await self._forget()
        else:
            self._before, self._uptime = before, device.info.uptime

    async def take(self, device: Device) -> None:
        """Makes it dark without a stream, and bright with one. One that was taken before stays as it was kept."""
        state = device.state
        if self._before is None:
            before = Before(device.info.mac, state.on, state.bri, state.pl, state.nl.on)
            await asyncio.to_thread(self._write, before)
            self._before = before
        await self._client.tell({**OFF, **({"playlist": {"ps": []}} if state.pl >= 0 else {})})
        after = await self._client.device()
        if after.state.on:
            raise NetworkError("does not switch off, so it would not go dark when the show ends")
        self._uptime = after.info.uptime

    def lost(self, device: Device) -> bool:
        """Whether it has started anew since, with whatever it does after a start."""
        again, self._uptime = device.info.uptime < self._uptime, device.info.uptime
        return self.taken and again and device.state.on

    async def give_back(self) -> None:
        """As it was before, but for what people have changed meanwhile."""
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
        await asyncio.to_thread(self._kept.path.unlink, missing_ok=True)

    def _read(self) -> Before | None:
        try:
            return self._kept.load()
        except (OSError, ValueError) as error:
            _LOG.warning("what %s showed before the show is lost: %s", self._kept.path.stem, error)
            return None

    def _write(self, before: Before) -> None:
        try:
            self._kept.path.parent.mkdir(parents=True, exist_ok=True)
            self._kept.save(before)
        except OSError as error:
            _LOG.warning("what %s shows is not kept over a crash: %s", self._kept.path.stem, error)
