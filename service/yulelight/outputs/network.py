"""A driver for pixels or slots on the network, over any protocol, to one device or a multicast group."""

import asyncio
import contextlib
import logging
import socket
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from yulelight.outputs.base import node_id
from yulelight.outputs.deadman import Words
from yulelight.outputs.fade import Fade
from yulelight.outputs.pixels import Strip
from yulelight.outputs.steps import Steps
from yulelight.outputs.wire import Wire
from yulelight.safety.colour import lamp_colour
from yulelight.safety.physics import Light

_LOG = logging.getLogger(__name__)

_AGAIN = 0.8
"""Seconds after which an unchanged frame is repeated, since devices leave streaming mode after 2.5 s."""
_EARLY = 0.001
"""Seconds by which a timer may fire early."""
_RECOVERED = 3.0
"""Seconds without errors after which the output counts as healthy."""
_GOODBYES = 8
"""Numbers that a farewell may use."""
RATE = 40.0
"""Frames a second at most: what WLED draws of 500 pixels, and below the 44 of DMX."""


class NetworkDriver:
    """See Driver: one output for each range of ``strip``. Nothing is sent while ``streams`` is False.

    ``host`` None: the wire itself names the addresses (multicast). Frames that come faster than ``rate`` a second are
    sent as far as it allows, the last one always.
    """

    def __init__(
        self,
        name: str,
        host: str | None,
        wire: Wire,
        strip: Strip,
        *,
        port: int | None = None,
        rate: float = RATE,
        streams: bool = True,
    ) -> None:
        self.name = wire.name
        self.errors = 0
        self.skipped = 0
        """Frames that were not sent because the network had not taken those before."""
        self.lights: tuple[Light, ...] = strip.lights(node_id(name))
        self._host, self._port = host, port or wire.port
        self._wire, self._strip, self._pause = wire, strip, 1 / rate
        self.streams = streams
        """Whether frames are sent."""
        self._levels = bytes(len(strip.ranges))
        self._colours, self._steps = Fade(strip.colours), Steps()
        self._held = False
        """Whether a frame is delayed by ``rate``."""
        self._number = 0
        self._sent_at = self._failed_at = float("-inf")
        self._trouble = ""
        self._transport: asyncio.DatagramTransport | None = None
        self._next: asyncio.TimerHandle | None = None
        self._words: Words = ()

    @property
    def healthy(self) -> bool:
        """See Driver."""
        return not self.problem

    @property
    def problem(self) -> str:
        """The problem as text; empty if there is none. UDP only reports errors if nothing listens."""
        if self._transport is None:
            return self._trouble or "is being looked for"
        return self._trouble if time.monotonic() - self._failed_at < _RECOVERED else ""

    @property
    def local(self) -> str:
        """This machine's address as seen by the device; empty until something is sent."""
        name = self._transport.get_extra_info("sockname") if self._transport else None
        return name[0] if name else ""

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
        self.stream(False)
        if self._transport:
            self._transport.close()

    async def opened(self) -> None:
        """Returns when the device's address is known and frames are sent to it."""
        await asyncio.shield(self._opening)

    def show(self, levels: bytes, switched: tuple[bool, ...]) -> None:
        """See Driver."""
        self._levels = levels
        if not self.streams:
            return
        wait = self._sent_at + self._pause - time.monotonic()
        if wait <= 0:
            self._send()
        elif not self._held:
            self._held = True
            self._wake_in(wait)

    def beats(self, begin: int, moments: Sequence[int]) -> None:
        """See Moving."""
        if self._strip.moves:
            self._steps.told(begin, moments)

    def recolour(self, colours: Sequence[str]) -> None:
        """See Coloured."""
        if not self._strip.follows:
            return
        lamps = tuple(map(lamp_colour, colours))
        ranges = self._strip.ranges
        wanted = (
            tuple(lamps[(one.channel - 1) % len(lamps)] for one in ranges) if lamps else self._strip.colours
        )
        if self._colours.to(wanted, time.monotonic()) and self.streams:
            self._wake_in(self._pause)

    def stream(self, on: bool) -> None:
        """Starts the stream, or ends it with a dark frame."""
        if on and not self.streams:
            self.streams = True
            self._send()
        elif self.streams and not on:
            self.streams = self._held = False
            self._stop_timer()
            self._put(self._wire.farewell(self._strip.dark, self._number + 1))
            self._number += _GOODBYES

    def last_words(self) -> Words:
        """Packets that turn it off after this process has ended; empty while nothing is sent."""
        if not self.streams or self._transport is None:
            return ()
        if not self._words:
            host, port = (self._host, self._port)
            if host is not None:
                host, port = self._transport.get_extra_info("peername")[:2]
            said = self._wire.last_words(self._strip.dark)
            self._words = tuple((address or host or "", port, packet) for packet, address in said)
        return self._words

    async def _open(self) -> None:
        wait = 1.0
        while self._transport is None:
            try:
                transport = await self._socket()
            except OSError as error:
                self._failed(error)
                await asyncio.sleep(wait)
                wait = min(30.0, 2 * wait)
            else:
                self._transport = transport
                if self.streams:
                    self._send()

    async def _socket(self) -> asyncio.DatagramTransport:
        loop = asyncio.get_running_loop()
        if self._host is None:
            transport, _ = await loop.create_datagram_endpoint(
                lambda: _Socket(self._failed), local_addr=("0.0.0.0", 0)
            )
            sock: socket.socket = transport.get_extra_info("socket")
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 4)
        else:
            transport, _ = await loop.create_datagram_endpoint(
                lambda: _Socket(self._failed), remote_addr=(self._host, self._port)
            )
        return transport

    def _send(self) -> None:
        now = time.monotonic()
        self._sent_at, self._held = now, False
        if self._waiting:
            # What waits there would come late, and more and more of it: the newest frame goes when there is room.
            self.skipped += 1
        else:
            self._number += 1
            step = self._steps.at(round(now * 1e6)) if self._strip.moves else 0
            painted = self._strip.painted(self._levels, self._colours.at(now), step)
            self._put(self._wire.frame(painted, self._number))
        if self._next is None:
            self._wake_in(self._pause if self._colours.fading else _AGAIN)

    @property
    def _waiting(self) -> bool:
        """Whether the network has not taken what was sent before."""
        transport = self._transport
        # Every transport of asyncio has it, although its type does not say so.
        return transport is not None and transport.get_write_buffer_size() > 0  # type: ignore[attr-defined]

    def _wake_up(self) -> None:
        """Sends a delayed frame, or repeats the last one; there is a single timer."""
        self._next = None
        soon = self._held or self._colours.fading
        wait = self._sent_at + (self._pause if soon else _AGAIN) - time.monotonic()
        if wait > _EARLY:
            self._wake_in(wait)
        else:
            self._send()

    def _put(self, packets: list[tuple[bytes, str | None]]) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        for packet, address in packets:
            self._transport.sendto(packet, None if address is None else (address, self._port))

    def _wake_in(self, seconds: float) -> None:
        self._stop_timer()
        self._next = asyncio.get_running_loop().call_later(seconds, self._wake_up)

    def _stop_timer(self) -> None:
        if self._next:
            self._next.cancel()
            self._next = None

    def _failed(self, error: Exception) -> None:
        self.errors += 1
        self._failed_at = time.monotonic()
        self._trouble = f"does not take what is sent: {error}"
        if self.errors.bit_count() == 1:
            _LOG.warning("what listens at %s %s", self._host or "the multicast group", self._trouble)


class _Socket(asyncio.DatagramProtocol):
    """A socket that only reports unreachable destinations."""

    def __init__(self, failed: Callable[[Exception], None]) -> None:
        self._failed = failed

    def error_received(self, exc: Exception) -> None:
        self._failed(exc)
