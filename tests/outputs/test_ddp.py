"""Pixels over DDP: what arrives at a strip of our own, written from the protocol's description."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mqtt.house import eventually
from tests.outputs.ddp_receiver import Strip as Receiver
from yulelight.actors import Broadcast, Supervisor
from yulelight.core.messages import Packet
from yulelight.outputs.actor import OutputActor
from yulelight.outputs.ddp import Ddp, packets
from yulelight.outputs.driven import Driven
from yulelight.outputs.network import NetworkDriver
from yulelight.outputs.pixels import Range, Strip, evenly

PIXELS = 1000
WHITE, RED = (255, 255, 255), (255, 0, 0)


@given(st.binary(max_size=6000).map(lambda data: data[: len(data) // 3 * 3]), st.integers(0, 100))
def test_a_frame_is_put_together_again(strip: bytes, sequence: int) -> None:
    receiver = Receiver(len(strip) // 3)
    for packet in packets(strip, sequence):
        receiver.datagram_received(packet, None)
    assert not receiver.bad and [frame for _, frame in receiver.frames] == [strip]


@given(st.integers(1, 300), st.integers(1, 8))
def test_an_even_split_has_every_pixel_once(pixels: int, channels: int) -> None:
    ranges = evenly(pixels, range(1, channels + 1), [WHITE, RED])
    lit = [pixel for one in ranges for pixel in range(one.first, one.first + one.count)]
    assert lit == list(range(pixels))


def test_a_level_is_a_colour_as_bright_as_the_eye_wants() -> None:
    strip = Strip(4, (Range(1, 0, 2, RED), Range(2, 3, 1, WHITE)), 2.2).painted([128, 255])
    dim = round(255 * (128 / 255) ** 2.2)
    assert strip == bytes([dim, 0, 0, dim, 0, 0, 0, 0, 0, 255, 255, 255])


def test_red_counts_for_less_light_than_white() -> None:
    red, white = Strip(20, (Range(1, 0, 10, RED), Range(2, 10, 10, WHITE)), 2.2).lights("roof")
    assert red.load / white.load == pytest.approx(0.2126) and red.node == "roof"


class Roof:
    """A strip whose eight parts show the channels, and packets for it."""

    def __init__(self, strip: Receiver) -> None:
        self.strip = strip
        self.packets: Broadcast[Packet] = Broadcast()
        self._sequence = 0

    def send(self, level: int, at: float, count: int = 1) -> None:
        """``count`` frames of all channels from ``at`` (seconds, monotonic) on."""
        self._sequence += 1
        frames = (bytes([level]) * 8,) * count
        states = ((level > 127,) * 8,) * count
        self.packets.publish(Packet(1, self._sequence, round(at * 1e6), 100_000, frames, states))

    async def becomes(self, seen: Callable[[bytes], bool]) -> float:
        """Waits until the strip shows this; when it did."""
        await eventually(lambda: seen(self.strip.shows))
        return next(at for at, frame in reversed(self.strip.frames) if seen(frame))


@asynccontextmanager
async def roof() -> AsyncIterator[Roof]:
    strip = Receiver(PIXELS)
    port = await strip.open()
    made = Roof(strip)

    def output() -> Driven:
        pixels = Strip(PIXELS, evenly(PIXELS, range(1, 9), [WHITE]), 2.2)
        return Driven("roof", NetworkDriver("roof", "127.0.0.1", Ddp(), pixels, port=port))

    async with Supervisor() as supervisor:
        ref = supervisor.start(lambda: OutputActor(output, made.packets), "roof")
        await supervisor.started(ref)
        await eventually(lambda: strip.frames)
        try:
            yield made
        finally:
            await supervisor.stop(ref)
            await eventually(lambda: not any(strip.shows))
            strip.transport.close()
    assert not strip.bad


async def test_a_frame_is_seen_at_its_moment_and_not_before() -> None:
    async with roof() as house:
        at = time.monotonic() + 0.5
        house.send(255, at)
        shown = await house.becomes(all)
        assert shown >= at - 0.002


async def test_without_news_the_strip_goes_dark() -> None:
    async with roof() as house:
        house.send(255, time.monotonic() + 0.1)
        await house.becomes(all)
        last = time.monotonic()
        dark = await house.becomes(lambda strip: not any(strip))
        assert dark - last <= 2.6


async def test_an_unchanged_frame_is_said_again() -> None:
    async with roof() as house:
        began = time.monotonic()
        while time.monotonic() - began < 2.5:
            house.send(255, time.monotonic())
            await asyncio.sleep(0.5)
        moments = [at for at, frame in house.strip.frames if all(frame)]
        assert len(moments) >= 2 and max(b - a for a, b in pairwise(moments)) < 2.5


async def test_a_device_that_is_not_there_stops_nobody() -> None:
    strip = Strip(8, evenly(8, [1], [WHITE]), 2.2)
    output = Driven("roof", NetworkDriver("roof", "no-such-host.invalid", Ddp(), strip))
    running = asyncio.create_task(output.run())
    await eventually(lambda: output.health().errors)
    assert not output.health().works and not running.done()
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


@asynccontextmanager
async def small() -> AsyncIterator[tuple[Receiver, NetworkDriver]]:
    """A strip of a pixel for each channel, with its driver."""
    strip = Receiver(8)
    port = await strip.open()
    pixels = Strip(8, evenly(8, range(1, 9), [WHITE]), 1.0)
    try:
        yield strip, NetworkDriver("small", "127.0.0.1", Ddp(), pixels, port=port, rate=1000)
    finally:
        strip.transport.close()


async def test_frames_that_this_machine_is_too_busy_for_are_told() -> None:
    async with small() as (_, driver):
        output = Driven("small", driver)
        running = asyncio.create_task(output.run())
        await eventually(lambda: output.health().works)
        frames = tuple(bytes([level]) * 8 for level in range(1, 201))
        at = round((time.monotonic() + 0.05) * 1e6)
        output.send(Packet(1, 1, at, 1_000, frames, ((False,) * 8,) * len(frames)))
        await asyncio.sleep(0)
        time.sleep(0.2)  # noqa: ASYNC251  # the loop stands still, as on a machine that does much else
        await eventually(lambda: output.health().shown)
        assert output.health().skipped > 100 and output.health().works
        await eventually(lambda: "of its frames" in output.health().problem)
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


async def test_a_network_that_takes_nothing_gets_the_newest_frame_and_no_queue(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with small() as (strip, driver), driver:
        await driver.opened()
        # As where the socket is full: asyncio keeps what it cannot send.
        monkeypatch.setattr(driver._transport, "get_write_buffer_size", lambda: 1)
        before = len(strip.frames)
        for level in range(1, 50):
            driver.show(bytes([level]) * 8, ())
            await asyncio.sleep(0.002)
        assert driver.skipped > 10 and len(strip.frames) <= before + 1
        monkeypatch.undo()
        await eventually(lambda: strip.shows == bytes([49]) * 24)
