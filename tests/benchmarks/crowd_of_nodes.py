"""Many light nodes in one process: ``python -m tests.benchmarks.crowd_of_nodes SERVICE COUNT PORT…``.

Each speaks the contract of docs/mqtt.md on a connection of its own: status retained and as a last will, eight pings and
then one every two seconds, health every five, and it receives the frames. It shows nothing. The nodes are parted evenly
among the brokers on the ``PORT``s of the loopback. MQTT 3.1.1 is written by hand, so that a node costs next to nothing.

Says "ready" when all have an answer from the clock, or after PATIENCE. At the end of its input it prints JSON:
{"clock": [ms, ...], the error of each node's clock, which is the service's own; "lead": [ms, ...], how long before its
moment packets arrived; "packets": how many}.
"""

import asyncio
import contextlib
import json
import random
import struct
import sys
import time
from functools import partial

PING_EVERY, HEALTH_EVERY, KEEPALIVE = 2.0, 5.0, 60
FIRST_PINGS = 8
PATIENCE = 120.0
"""Seconds that all may take to hear from the clock."""
_HEAD = struct.Struct("<2sBBIIq")
_CONNACK, _PUBLISH = 2, 3
HEALTH = json.dumps(
    {"shown": 5166, "late": 0, "dropped": 2, "driver_works": True, "offset_us": 0, "error_p99_us": 1500}
).encode()


def now_us() -> int:
    return time.monotonic_ns() // 1000


def text(value: str | bytes) -> bytes:
    data = value.encode() if isinstance(value, str) else value
    return struct.pack(">H", len(data)) + data


def packet(kind: int, body: bytes) -> bytes:
    length, size = b"", len(body)
    while True:
        size, low = divmod(size, 128)
        length += bytes([low | (0x80 if size else 0)])
        if not size:
            return bytes([kind]) + length + body


def publish(topic: str, payload: bytes, *, retain: bool = False) -> bytes:
    return packet(0x31 if retain else 0x30, text(topic) + payload)


class Nodes:
    """What all nodes found out."""

    def __init__(self) -> None:
        self.leads: list[float] = []
        self.packets = 0

    def frames(self, payload: bytes) -> None:
        self.packets += 1
        if self.packets % 10 == 1:
            moment: int = _HEAD.unpack_from(payload)[5]
            self.leads.append((moment - now_us()) / 1e3)


class SimulatedNode(asyncio.Protocol):
    """One node."""

    def __init__(self, service: str, id: str, nodes: Nodes) -> None:
        self._base, self._id, self._nodes = f"yulelight/{service}", id, nodes
        self._buffer = b""
        self.best: tuple[float, float] | None = None
        """(round trip, offset) of the fastest answer, µs."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        will = text(self._status(online=False)[0]) + text(self._status(online=False)[1])
        flags = struct.pack(">BBH", 4, 0x02 | 0x04 | 0x20, KEEPALIVE)
        transport.write(packet(0x10, text("MQTT") + flags + text(self._id) + will))

    def _status(self, *, online: bool) -> tuple[str, bytes]:
        outputs = [{"channel": channel, "kind": "dimmer"} for channel in range(1, 9)]
        said = {"online": online, "driver": "simulated", "channels": list(range(1, 9)), "outputs": outputs}
        return f"{self._base}/node/{self._id}/status", json.dumps(said).encode()

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer + data if self._buffer else data
        at = 0
        while len(buffer) - at >= 2:
            size, shift, body = 0, 0, at + 1
            while body < len(buffer):
                byte = buffer[body]
                size |= (byte & 0x7F) << shift
                shift, body = shift + 7, body + 1
                if not byte & 0x80:
                    break
            else:
                break
            if len(buffer) < body + size:
                break
            self._take(buffer[at] >> 4, buffer[body : body + size])
            at = body + size
        self._buffer = buffer[at:]

    def _take(self, kind: int, body: bytes) -> None:
        if kind == _CONNACK:
            topics = ("frames", "status", "house", f"clock/{self._id}/pong")
            wanted = b"".join(text(f"{self._base}/{topic}") + b"\0" for topic in topics)
            self._transport.write(packet(0x82, b"\0\1" + wanted))
            self._transport.write(publish(*self._status(online=True), retain=True))
            loop = asyncio.get_running_loop()
            for k in range(FIRST_PINGS):
                loop.call_later(0.1 * k, self._ping, False)
            loop.call_later(1.0 + random.uniform(0, PING_EVERY), self._ping, True)
            loop.call_later(random.uniform(0, HEALTH_EVERY), self._health)
        elif kind == _PUBLISH:
            length = struct.unpack_from(">H", body)[0]
            topic, payload = body[2 : 2 + length], body[2 + length :]
            if topic.endswith(b"/frames"):
                self._nodes.frames(payload)
            elif topic.endswith(b"/pong"):
                self._pong(payload)

    def _ping(self, again: bool) -> None:
        if self._transport.is_closing():
            return
        self._transport.write(publish(f"{self._base}/clock/{self._id}/ping", b'{"t0":%d}' % now_us()))
        if again:
            asyncio.get_running_loop().call_later(PING_EVERY, self._ping, True)

    def _pong(self, payload: bytes) -> None:
        t3, said = now_us(), json.loads(payload)
        round_trip = (t3 - said["t0"]) - (said["t2"] - said["t1"])
        offset = ((said["t1"] - said["t0"]) + (said["t2"] - t3)) / 2
        self.best = min(self.best or (round_trip, offset), (round_trip, offset))

    def _health(self) -> None:
        if not self._transport.is_closing():
            self._transport.write(publish(f"{self._base}/node/{self._id}/health", HEALTH))
            asyncio.get_running_loop().call_later(HEALTH_EVERY, self._health)

    def close(self) -> None:
        self._transport.write(packet(0x30, text(self._status(online=True)[0])).replace(b"\x30", b"\x31", 1))
        self._transport.write(packet(0xE0, b""))
        self._transport.close()


def _same(node: SimulatedNode) -> SimulatedNode:
    return node


async def main(service: str, count: int, ports: list[int]) -> None:
    loop, nodes, made = asyncio.get_running_loop(), Nodes(), []
    for number in range(count):
        node = SimulatedNode(service, f"sim-{number}", nodes)
        await loop.create_connection(partial(_same, node), "127.0.0.1", ports[number % len(ports)])
        made.append(node)
        await asyncio.sleep(0.002)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while any(node.best is None for node in made):
                await asyncio.sleep(0.1)
    await asyncio.sleep(2.0)
    print("ready", flush=True)
    nodes.leads.clear()
    nodes.packets = 0
    await loop.run_in_executor(None, sys.stdin.read)
    found = {
        "clock": [abs(node.best[1]) / 1e3 for node in made if node.best],
        "lead": nodes.leads,
        "packets": nodes.packets,
    }
    for node in made:
        with contextlib.suppress(OSError):
            node.close()
    await asyncio.sleep(0.5)
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), list(map(int, sys.argv[3:]))))
