"""Controllers that keep their last frame for ever, written from the protocols' specifications."""

import asyncio
import time
from typing import Any, Self

DATA = {"ddp": 10, "e131": 126, "artnet": 18}
"""Where the slots begin in a packet."""


class Slots(asyncio.DatagramProtocol):
    """A controller that keeps its last frame for ever. E1.31: packets that come late are refused, as its 6.7.2 says."""

    def __init__(self, kind: str, pixels: int = 300) -> None:
        self.kind, self.pixels = kind, pixels
        self.lit = False
        self.heard = 0.0
        self.dark_at = 0.0
        self._sequence: int | None = None

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=("127.0.0.1", 0))
        self.port: int = self._transport.get_extra_info("sockname")[1]
        return self

    async def __aexit__(self, *error: object) -> None:
        self._transport.close()

    def settings(self) -> dict[str, Any]:
        """Of an output that lights it."""
        host = {"type": self.kind, "name": self.kind, "host": "127.0.0.1", "port": self.port}
        return host | {"pixels": self.pixels}

    def datagram_received(self, data: bytes, addr: object) -> None:
        if self.kind == "artnet" and data[8:10] != b"\0\x50":
            return
        if self.kind == "e131":
            if self._sequence is not None and -20 < (data[111] - self._sequence + 128) % 256 - 128 <= 0:
                return
            self._sequence = data[111]
        lit = any(data[DATA[self.kind] :])
        if self.lit and not lit:
            self.dark_at = time.monotonic()
        if lit:
            self.heard = time.monotonic()
        self.lit = lit
