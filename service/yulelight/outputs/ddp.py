"""Pixels over DDP, the Distributed Display Protocol (3waylabs, version 1): WLED, FPP, Falcon, Kulp, ESPixelStick.

A packet has a header of 10 bytes, big-endian: flags (version 1; the last packet of a frame says push), a sequence
number from 1 to 15, the data type (RGB, 8 bits), the destination 1, the offset and the length of the data in bytes.
"""

import asyncio
import contextlib
import logging
import struct
from collections.abc import Callable
from types import TracebackType
from typing import Self

from yulelight.outputs.pixels import Range, lights, painted
from yulelight.safety.physics import Light

_LOG = logging.getLogger(__name__)

PORT = 4048
_VERSION, _PUSH, _RGB, _DISPLAY = 0x40, 0x01, 0x0B, 1
_HEADER = struct.Struct(">BBBBIH")
_LARGEST = 1440
"""Bytes of data in a packet: 480 pixels, which fit into an Ethernet frame."""
_AGAIN = 0.8
"""Seconds after which an unchanged frame is sent once more: devices fall back to what they did before after 2.5."""


def packets(strip: bytes, sequence: int) -> list[bytes]:
    """A frame as packets; ``sequence`` counts frames."""
    starts = range(0, max(1, len(strip)), _LARGEST)
    number = 1 + sequence % 15
    return [
        _HEADER.pack(
            _VERSION | (_PUSH if start + _LARGEST >= len(strip) else 0),
            number,
            _RGB,
            _DISPLAY,
            start,
            min(_LARGEST, len(strip) - start),
        )
        + strip[start : start + _LARGEST]
        for start in starts
    ]


class DdpDriver:
    """See Driver: one output for each of ``ranges`` of a strip of ``pixels``."""

    name = "ddp"

    def __init__(
        self, name: str, host: str, ranges: tuple[Range, ...], *, pixels: int, gamma: float, port: int = PORT
    ) -> None:
        self.errors = 0
        self.healthy = False
        self.lights: tuple[Light, ...] = lights(ranges, gamma, name)
        self._where = host, port
        self._ranges, self._pixels, self._gamma = ranges, pixels, gamma
        self._strip = bytes(3 * pixels)
        self._sequence = 0
        self._transport: asyncio.DatagramTransport | None = None
        self._again: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> Self:
        """Finds the device's address. The strip is dark from here on; a name that is not known is tried again."""
        self._opening = asyncio.create_task(self._open())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._opening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._opening
        self._send(bytes(3 * self._pixels))
        if self._again:
            self._again.cancel()
        if self._transport:
            self._transport.close()

    def show(self, levels: bytes, switched: tuple[bool, ...]) -> None:
        """See Driver."""
        self._send(painted(levels, self._ranges, self._gamma, self._pixels))

    async def _open(self) -> None:
        loop, wait = asyncio.get_running_loop(), 1.0
        while self._transport is None:
            try:
                transport, _ = await loop.create_datagram_endpoint(
                    lambda: _Socket(self._failed), remote_addr=self._where
                )
            except OSError as error:
                self._failed(error)
                await asyncio.sleep(wait)
                wait = min(30.0, 2 * wait)
            else:
                self._transport, self.healthy = transport, True
                self._send(self._strip)

    def _send(self, strip: bytes) -> None:
        self._strip = strip
        if self._again:
            self._again.cancel()
            self._again = None
        if self._transport is None or self._transport.is_closing():
            return
        self._sequence += 1
        for packet in packets(strip, self._sequence):
            self._transport.sendto(packet)
        self._again = asyncio.get_running_loop().call_later(_AGAIN, self._repeat)

    def _repeat(self) -> None:
        self._send(self._strip)

    def _failed(self, error: Exception) -> None:
        self.errors += 1
        if self.errors.bit_count() == 1:
            _LOG.warning("pixels at %s do not answer: %s", self._where[0], error)


class _Socket(asyncio.DatagramProtocol):
    """Hears only that nobody listens there."""

    def __init__(self, failed: Callable[[Exception], None]) -> None:
        self._failed = failed

    def error_received(self, exc: Exception) -> None:
        self._failed(exc)
