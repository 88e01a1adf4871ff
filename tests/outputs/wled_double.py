"""A WLED device for tests, written from what WLED documents and does (json.cpp, udp.cpp, e131.cpp, 0.14 to 16).

It answers ``/json/si``, takes ``/json/state``, and listens for DDP. ``seen`` is what somebody before it would see: the
stream while one is there, scaled by the brightness; without one for 2.5 seconds, white when it is on, else nothing.
"""

import asyncio
import struct
import time
from collections.abc import Awaitable, Callable
from typing import Any, Self

from aiohttp import web

TIMEOUT = 2.5
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def segment(id: int, start: int, stop: int, name: str | None = None) -> dict[str, Any]:
    """As WLED 16 writes one."""
    made: dict[str, Any] = {
        "id": id, "start": start, "stop": stop, "len": stop - start, "grp": 1, "spc": 0, "of": 0, "on": True,
        "frz": False, "bri": 255, "cct": 127, "set": 0, "lc": 1,
    }  # fmt: skip
    if name:
        made["n"] = name
    colours = {"col": [[255, 160, 0], [0, 0, 0], [0, 0, 0]], "fx": 0, "sx": 128, "ix": 128, "pal": 0}
    return made | colours | {"c1": 128, "c2": 128, "c3": 16, "sel": True, "rev": False, "mi": False, "m12": 0}


class Wled(asyncio.DatagramProtocol):
    """One device of ``count`` LEDs; ``answer`` replaces what it says."""

    def __init__(self, count: int = 240, segments: list[dict[str, Any]] | None = None) -> None:
        self.count = count
        self.segments = segments if segments is not None else [segment(0, 0, count)]
        self.bri, self.bri_last = 40, 40
        """``bri`` is 0 while it is off."""
        self.lor, self.playlist, self.nightlight = 0, -1, False
        self.booted = time.monotonic()
        self.told: list[dict[str, Any]] = []
        self.frames: list[tuple[float, bytes]] = []
        self.looks: list[tuple[float, float]] = []
        """(seconds, share of full light) whenever that changes, as sampled by ``watch``."""
        self.answer: Handler | None = None
        self.loses_posts = False
        self.lip = ""
        """The address that it says streams to it; empty for the true one."""
        self._strip = bytearray(3 * count)
        self._live_until = float("-inf")
        self._sender = ""
        self.http_port = self.port = 0

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.add_routes([web.get("/json/si", self._si), web.post("/json/state", self._state)])
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.http_port).start()
        self.http_port = self._runner.addresses[0][1]
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(
            lambda: self, local_addr=("127.0.0.1", self.port)
        )
        self.port = self._transport.get_extra_info("sockname")[1]
        return self

    async def __aexit__(self, *error: object) -> None:
        self._transport.close()
        await self._runner.cleanup()

    def settings(self) -> dict[str, Any]:
        """Of an output that lights it."""
        where = {"host": "127.0.0.1", "http_port": self.http_port, "port": self.port}
        return {"type": "wled", "name": "porch"} | where

    @property
    def live(self) -> bool:
        return time.monotonic() < self._live_until

    @property
    def seen(self) -> float:
        """Share of the light that there can be, 0 to 1."""
        if self.live and not self.lor:
            return sum(self._strip) / (255 * len(self._strip)) * (self.bri or self.bri_last) / 255
        return self.bri / 255

    @property
    def streams(self) -> bool:
        """Whether a stream is seen that is lit."""
        return self.live and not self.lor and any(self._strip)

    async def watch(self) -> None:
        """Notes what is seen, until cancelled."""
        while True:
            if not self.looks or self.looks[-1][1] != self.seen:
                self.looks.append((time.monotonic(), self.seen))
            await asyncio.sleep(0.005)

    def reboot(self) -> None:
        """As after a power cut: on, in half light."""
        self.bri = self.bri_last = 128
        self.booted, self._live_until = time.monotonic(), float("-inf")

    # --- DDP --------------------------------------------------------------------------------------------------

    def datagram_received(self, data: bytes, addr: Any) -> None:
        assert data[0] & 0xC0 == 0x40 and data[2] == 0x0B and data[3] == 1, data[:10].hex()
        offset, length = struct.unpack(">IH", data[4:10])
        assert len(data) == 10 + length
        if not self.live:
            self._strip = bytearray(3 * self.count)
        self._live_until, self._sender = time.monotonic() + TIMEOUT, addr[0]
        data = data[10 : 10 + max(0, len(self._strip) - offset)]
        self._strip[offset : offset + len(data)] = data
        self.frames.append((time.monotonic(), bytes(self._strip)))

    # --- JSON -------------------------------------------------------------------------------------------------

    def description(self) -> dict[str, Any]:
        """``/json/si``."""
        state = {
            "on": self.bri > 0, "bri": self.bri_last, "transition": 7, "bs": 0, "ps": -1, "pl": self.playlist,
            "nl": {"on": self.nightlight, "dur": 60, "mode": 1, "tbri": 0, "rem": -1},
            "udpn": {"send": False, "recv": True, "sgrp": 1, "rgrp": 1}, "lor": self.lor, "mainseg": 0,
            "seg": self.segments,
        }  # fmt: skip
        info = {
            "ver": "16.0.0", "vid": 2605030, "cn": "Niji",
            "leds": {"count": self.count, "pwr": 499, "fps": 43, "maxpwr": 850, "maxseg": 32, "bootps": 0,
                     "seglc": [1], "lc": 1, "rgbw": False, "wv": 0, "cct": 0},
            "name": "Porch", "udpport": 21324, "live": self.live, "liveseg": -1,
            "lm": "DDP" if self.live else "", "lip": (self.lip or self._sender) if self.live else "",
            "uptime": int(time.monotonic() - self.booted), "mac": "8813bf0455f0", "ip": "127.0.0.1",
        }  # fmt: skip
        return {"state": state, "info": info}

    async def _si(self, request: web.Request) -> web.StreamResponse:
        if self.answer:
            return await self.answer(request)
        return web.json_response(self.description())

    async def _state(self, request: web.Request) -> web.StreamResponse:
        if self.answer:
            return await self.answer(request)
        said = await request.json()
        self.told.append(said)
        if self.loses_posts:
            return web.json_response({"success": True})
        # As deserializeState does it: the brightness first, and then whether it is on.
        if "bri" in said:
            self.bri = said["bri"]
        if said.get("on", self.bri > 0) != (self.bri > 0):
            if self.bri:
                self.bri_last, self.bri = self.bri, 0
            else:
                self.bri = self.bri_last
        if self.bri:
            self.bri_last = self.bri
        if "playlist" in said and not said["playlist"]["ps"]:
            self.playlist = -1
        if "ps" in said:
            self.playlist = said["ps"]
        self.nightlight = said.get("nl", {}).get("on", self.nightlight)
        self.lor = said.get("lor", self.lor)
        if said.get("live") is False:
            self._live_until = float("-inf")
        return web.json_response({"success": True})
