"""A WLED device as an output: reads its configuration, takes it over during a show, and restores it."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import aiohttp

from yulelight.core.errors import NetworkError
from yulelight.core.json_file import JsonFile
from yulelight.core.messages import Packet
from yulelight.outputs.base import Output, OutputHealth
from yulelight.outputs.ddp import Ddp
from yulelight.outputs.deadman import Words
from yulelight.outputs.driven import Driven
from yulelight.outputs.driver import Coloured
from yulelight.outputs.network import NetworkDriver
from yulelight.outputs.pixels import Strip
from yulelight.outputs.wled.answers import Device
from yulelight.outputs.wled.client import WledClient
from yulelight.outputs.wled.find import numeric
from yulelight.outputs.wled.loan import Before, Loan
from yulelight.safety.physics import Light

_POLL_INTERVAL = 10.0
"""Seconds between two status requests."""
_FIRST, _LAST = 1.0, 30.0
"""Seconds until the next request to a device that failed, or changed again and again: initial and maximum."""
_STEADY = 60.0
"""Seconds after which a device that changes is asked again at once."""
_FAREWELL = 2.5
"""Maximum seconds for restoring it when the service ends."""
_ALONE = 3.0
"""Seconds after the end of a stream until WLED reports it."""
Drive = Callable[[str, NetworkDriver, Callable[[], float]], Output]
"""Makes the output that shows packets on a driver; its arguments are those of Driven."""
OVERRIDDEN = "shows its own lights: somebody chose them over the show in WLED (live override)"


class WledOutput:
    """See Output. ``strip`` creates the map of the device's LEDs, and raises ValueError if it cannot.

    ``folder``: for the device's previous state. ``release``: seconds of darkness after a show before the device is
    restored. ``drive`` makes what shows packets on the device, by default in this process. ``http_port`` and ``port``
    are those of its JSON API and of DDP.
    """

    def __init__(
        self,
        name: str,
        host: str,
        strip: Callable[[Device], Strip],
        folder: Path,
        *,
        release: float = 10.0,
        http_port: int = 80,
        port: int | None = None,
        rate: float = 40.0,
        clock: Callable[[], float] = time.monotonic,
        drive: Drive = Driven,
    ) -> None:
        self.name = name
        self._host, self._http_port, self._port, self._rate = host, http_port, port, rate
        self._map, self._release, self._clock = strip, release, clock
        self._kept = JsonFile(folder / f"{quote(name)}.json", Before)
        self._drive = drive
        self._driven: Output | None = None
        self._used, self._used_until = False, float("-inf")
        self._wake = asyncio.Event()
        self._problem = "is being looked for"
        self._errors = 0
        self._colours: Sequence[str] = ()
        self._ours: set[str] = set()
        """Our addresses as seen by the device."""

    @property
    def lights(self) -> Sequence[Light]:
        """See Output. None before the device's configuration is known."""
        return self._driven.lights if self._driven else ()

    def send(self, packet: Packet) -> None:
        """See Output."""
        if any(map(any, packet.levels)):
            if not self._wanted:
                self._wake.set()
            self._used_until = self._clock() + self._release
        if self._driven:
            self._driven.send(packet)

    def use(self, on: bool) -> None:
        """See Output."""
        self._used = on
        self._used_until = self._clock() + self._release
        self._wake.set()

    def recolour(self, colours: Sequence[str]) -> None:
        """See Coloured."""
        self._colours = colours
        if isinstance(self._driven, Coloured):
            self._driven.recolour(colours)

    def last_words(self) -> Words:
        """See Output."""
        return self._driven.last_words() if self._driven else ()

    def darkened(self) -> None:
        """See Output."""
        if self._driven:
            self._driven.darkened()

    def health(self) -> OutputHealth:
        """See Output."""
        health = self._driven.health() if self._driven else OutputHealth(False)
        return replace(
            health,
            works=health.works and not self._problem,
            errors=health.errors + self._errors,
            problem=self._problem or health.problem,
        )

    async def run(self, changed: Callable[[], object] = lambda: None) -> None:
        """See Output."""
        connector = aiohttp.TCPConnector(limit=2, force_close=True)
        async with aiohttp.ClientSession(connector=connector, trust_env=False) as session:
            wait = _FIRST
            while True:
                try:
                    address = await numeric(self._host)
                    client = WledClient(session, address, self._http_port)
                    device = await client.device()
                    strip = self._map(device)
                except (NetworkError, ValueError) as error:
                    self._failed(error)
                    await asyncio.sleep(wait)
                    wait = min(_LAST, 2 * wait)
                else:
                    began = time.monotonic()
                    await self._with(client, device, strip, address, changed)
                    self._problem = self._problem or "has changed its LEDs or segments"
                    if time.monotonic() - began >= _STEADY:
                        wait = _FIRST
                    else:
                        await asyncio.sleep(wait)
                        wait = min(_LAST, 2 * wait)

    @property
    def _wanted(self) -> bool:
        return self._used or self._clock() < self._used_until

    def _failed(self, error: Exception) -> None:
        self._errors += 1
        self._problem = str(error)

    async def _with(
        self,
        client: WledClient,
        device: Device,
        strip: Strip,
        address: str,
        changed: Callable[[], object],
    ) -> None:
        """Shows frames on a device with this configuration; returns when the configuration changes."""
        driver = NetworkDriver(
            self.name, address, Ddp(len(strip.order)), strip, port=self._port, rate=self._rate, streams=False
        )
        driven = self._driven = self._drive(self.name, driver, self._clock)
        driver.recolour(self._colours)
        changed()
        loan = Loan(client, self._kept)
        running = asyncio.create_task(driven.run())
        try:
            await loan.remember(device)
            await self._lend(client, loan, driver, strip, running)
        finally:
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running
            with contextlib.suppress(NetworkError, TimeoutError):
                async with asyncio.timeout(_FAREWELL):
                    await loan.give_back()

    async def _lend(
        self,
        client: WledClient,
        loan: Loan,
        driver: NetworkDriver,
        strip: Strip,
        running: asyncio.Task[None],
    ) -> None:
        wait = _FIRST
        while not running.done():
            self._wake.clear()
            try:
                device = await client.device()
                if self._map(device) != strip:
                    return
                self._problem = await self._settle(client, loan, driver, device)
                wait, pause = _FIRST, _POLL_INTERVAL
            except ValueError as error:
                self._failed(error)
                return
            except NetworkError as error:
                self._failed(error)
                pause, wait = wait, min(_LAST, 2 * wait)
            if not self._used and self._wanted:
                pause = min(pause, self._used_until - self._clock() + 0.01)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._wake.wait()
        running.result()

    async def _settle(self, client: WledClient, loan: Loan, driver: NetworkDriver, device: Device) -> str:
        """Takes over or restores the device, whichever is due; returns the problem, if any."""
        if not self._wanted:
            driver.stream(False)
            await loan.give_back()
            return ""
        if other := await self._other(client, driver, device):
            driver.stream(False)
            return f"is driven by {other}; end that, and the show comes back"
        if device.state.lor and not loan.taken:
            return OVERRIDDEN
        if not loan.taken or loan.lost(device):
            driver.stream(False)
            await loan.take(device)
        driver.stream(True)
        return OVERRIDDEN if device.state.lor else ""

    async def _other(self, client: WledClient, driver: NetworkDriver, device: Device) -> str:
        """The other sender that streams to the device; empty for none. The check interrupts the show for a few
        seconds, once for each address.
        """
        info = device.info
        if not info.live or not info.lip or info.lip in self._ours:
            return ""
        if info.lip == driver.local:
            self._ours.add(info.lip)
            return ""
        if driver.streams:
            # It may see us under another address, as behind a router; a pause in our stream shows whether it is ours.
            driver.stream(False)
            await asyncio.sleep(_ALONE)
            info = (await client.device()).info
            if not info.live:
                self._ours.add(device.info.lip)
                return ""
        return f"{info.lip} over {info.lm or 'another protocol'}"
