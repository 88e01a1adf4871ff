"""Strangers and floods on the service's ports, and what those who belong there notice of them."""

import asyncio
import contextlib
import statistics
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiomqtt
import psutil

from tests.faults.house import House
from yulelight.mqtt.packet import decode

HALF = {"http": b"GET /health HTTP/1.1\r\nHost: x\r\n", "mqtt": b"\x10\x40\x00\x04MQTT"}


def connect_packet(user: str, password: str) -> bytes:
    """An MQTT 3.1.1 CONNECT, by hand."""
    fields = [b"flood", user.encode(), password.encode()]
    body = b"\x00\x04MQTT\x04\xc2\x00\x3c" + b"".join(len(f).to_bytes(2, "big") + f for f in fields)
    return bytes((0x10, len(body))) + body


@contextlib.asynccontextmanager
async def idle(port: int, count: int, says: bytes) -> AsyncIterator[list[asyncio.StreamWriter]]:
    """Connections on which half a packet is said, and then nothing; hung up on by the other side or not."""
    writers = []
    try:
        for number in range(count):
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writers.append(writer)
                if number % 2:
                    writer.write(says)
        yield writers
    finally:
        for writer in writers:
            writer.transport.abort()


@dataclass
class Noticed:
    """What others notice of a crowd."""

    answers: list[float]
    """Seconds of each request."""
    failures: int
    files: int
    """The most that the service had open."""
    log: int
    """Bytes of log a minute."""


async def strangers(house: House, count: int, seconds: float) -> Noticed:
    """``count`` connections that say nothing, half of them at each port, while others use the service."""
    before, began = len(house.log), time.monotonic()
    answers, failures, files = [], 0, 0
    password = house.identity["broker_password"]
    async with idle(house.http, count // 2, HALF["http"]), idle(house.mqtt, count // 2, HALF["mqtt"]):
        while time.monotonic() - began < seconds:
            asked = time.monotonic()
            try:
                status, _ = await asyncio.to_thread(house.call, "GET", "/api/v1/status")
                failures += status != 200
                async with aiomqtt.Client(
                    "127.0.0.1", house.mqtt, username="yulelight", password=password, timeout=10
                ) as client:
                    await client.publish("test/x", b"y", qos=1)
            except (OSError, aiomqtt.MqttError):
                failures += 1
            answers.append(time.monotonic() - asked)
            files = max(files, house.process.num_fds())
            await asyncio.sleep(0.2)
        minutes = (time.monotonic() - began) / 60
    return Noticed(answers, failures, files, round((len(house.log) - before) / minutes))


async def frames(house: House, seconds: float) -> float:
    """Frames a second that come to a subscriber with the password, as a node would count them."""
    identity = house.identity
    counted = 0
    async with aiomqtt.Client(
        "127.0.0.1", house.mqtt, username="yulelight", password=identity["broker_password"], timeout=20
    ) as client:
        await client.subscribe(f"yulelight/{identity['id']}/frames")
        end = time.monotonic() + seconds
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                async for message in client.messages:
                    counted += len(decode(bytes(message.payload)).levels)
        return counted / (seconds + max(0.0, time.monotonic() - end))


@contextlib.asynccontextmanager
async def flood(house: House, clients: int) -> AsyncIterator[None]:
    """Clients with the password that publish as fast as they can: commands, pings, and what nobody asked for."""
    identity = house.identity
    first = connect_packet("yulelight", identity["broker_password"])

    def publish(topic: str, payload: bytes) -> bytes:
        name = f"yulelight/{identity['id']}/{topic}".encode()
        body = len(name).to_bytes(2, "big") + name + payload
        return bytes((0x30, len(body))) + body

    burst = 200 * b"".join(
        (
            publish("clock/x/ping", b'{"t0": 1}'),
            publish("channel/1/set", b"{}"),
            publish("nowhere", b"z"),
        )
    )

    async def one() -> None:
        while True:
            with contextlib.suppress(OSError):
                reader, writer = await asyncio.open_connection("127.0.0.1", house.mqtt)
                try:
                    # Each a client of its own, or the broker would hang up on the one before.
                    writer.write(first.replace(b"flood", b"%05d" % (id(writer) % 100_000)))
                    drain = asyncio.create_task(reader.read(-1))
                    while not drain.done():
                        writer.write(burst)
                        await writer.drain()
                    drain.cancel()
                finally:
                    writer.transport.abort()
            await asyncio.sleep(0.05)

    tasks = [asyncio.create_task(one()) for _ in range(clients)]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def guesses(house: House, seconds: float) -> tuple[int, int]:
    """Wrong passwords that were looked at in that time, of how many: by the time it takes them to be refused."""
    tried = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError, TimeoutError):
            reader, writer = await asyncio.open_connection("127.0.0.1", house.mqtt)
            writer.write(connect_packet("yulelight", f"guess {tried}"))
            async with asyncio.timeout(5):
                await reader.read(16)
            tried += 1
            writer.close()
    right = connect_packet("yulelight", house.identity["broker_password"])
    reader, writer = await asyncio.open_connection("127.0.0.1", house.mqtt)
    writer.write(right)
    async with asyncio.timeout(10):
        answer = await reader.read(4)
    writer.close()
    return tried, int(answer[3:4] == b"\x00")


async def busy(house: House, clients: int, seconds: float) -> float:
    """The share of a core that the service takes while clients with the token ask as fast as they can."""
    process = psutil.Process(house.process.pid)
    before = process.cpu_times()
    end = time.monotonic() + seconds

    def ask() -> None:
        while time.monotonic() < end:
            with contextlib.suppress(OSError):
                house.call("GET", "/api/v1/status")

    await asyncio.gather(*(asyncio.to_thread(ask) for _ in range(clients)))
    after = process.cpu_times()
    return (after.user + after.system - before.user - before.system) / seconds


def median(values: list[float]) -> float:
    return statistics.median(values) if values else float("inf")
