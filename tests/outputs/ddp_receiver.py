"""A strip of pixels that speaks DDP, written from the description of the protocol's version 1."""

import asyncio
import struct
import time


class Strip(asyncio.DatagramProtocol):
    """``frames`` has (seconds, RGB bytes) for each frame that was pushed; ``bad`` what was no DDP."""

    def __init__(self, pixels: int) -> None:
        self.frames: list[tuple[float, bytes]] = []
        self.bad: list[str] = []
        self._buffer = bytearray(3 * pixels)
        self._sequence = 0

    async def open(self) -> int:
        """Its port, on the loopback interface."""
        loop = asyncio.get_running_loop()
        self.transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=("127.0.0.1", 0))
        port: int = self.transport.get_extra_info("sockname")[1]
        return port

    def datagram_received(self, data: bytes, addr: object) -> None:
        flags, sequence, kind, to = data[0], data[1], data[2], data[3]
        offset, length = struct.unpack(">IH", data[4:10])
        if flags >> 6 != 1 or kind != 0x0B or to != 1 or len(data) != 10 + length or length > 1440:
            self.bad.append(data[:10].hex())
            return
        if not 1 <= sequence <= 15 or offset + length > len(self._buffer):
            self.bad.append(data[:10].hex())
            return
        self._buffer[offset : offset + length] = data[10:]
        if flags & 1:
            self.frames.append((time.monotonic(), bytes(self._buffer)))

    @property
    def shows(self) -> bytes:
        """What is seen now."""
        return self.frames[-1][1] if self.frames else bytes(len(self._buffer))
