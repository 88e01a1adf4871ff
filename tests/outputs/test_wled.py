"""WLED as an output, against a double of a device: asked, borrowed, streamed to and given back."""

import asyncio
import contextlib
import json
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from tests.mqtt.house import eventually
from tests.outputs.wled_double import Wled, segment
from yulelight.core.errors import NetworkError
from yulelight.core.messages import Packet
from yulelight.outputs.base import Output
from yulelight.outputs.pixels import Range
from yulelight.outputs.wled.answers import Device, read
from yulelight.outputs.wled.parts import parted
from yulelight.outputs.wled.settings import WledOutputSettings

WHITE = (255, 255, 255)


class Stand:
    """An output that runs, and packets for it."""

    def __init__(self, output: Output) -> None:
        self.output = output
        self._sequence = 0

    def send(self, level: int) -> None:
        self._sequence += 1
        at = round(time.monotonic() * 1e6)
        self.output.send(Packet(1, self._sequence, at, 500_000, (bytes([level]) * 8,), ((level > 127,) * 8,)))

    async def show(self, level: int, seconds: float) -> None:
        """As the service does it: something every half second, even if nothing is new."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.send(level)
            await asyncio.sleep(0.2)

    async def until(self, seen: Callable[[], object], level: int | None = None) -> None:
        """Waits until this is so; with a ``level``, that is shown meanwhile."""
        until = time.monotonic() + 20
        while not seen():
            assert time.monotonic() < until, self.output.health()
            if level is not None:
                self.send(level)
            await asyncio.sleep(0.05)


@asynccontextmanager
async def stand(device: Wled, folder: Path, **settings: Any) -> AsyncIterator[Stand]:
    made = WledOutputSettings(
        type="wled", name="porch", host="127.0.0.1", http_port=device.http_port, port=device.port,
        **{"release": 0.3, **settings},
    ).made(folder)  # fmt: skip
    running = asyncio.create_task(made.run())
    try:
        yield Stand(made)
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


async def test_a_show_borrows_it_dark_first_and_gives_it_back(tmp_path: Path) -> None:
    async with Wled() as device:
        watching = asyncio.create_task(device.watch())
        async with stand(device, tmp_path) as show:
            await show.until(lambda: show.output.health().works)
            assert not device.told and not device.frames  # nobody plays: it is left alone
            show.output.use(True)
            await show.until(lambda: device.streams, level=255)
            assert (device.bri, device.bri_last) == (0, 255)
            show.output.use(False)
            await show.until(lambda: device.bri == 40 and not device.live, level=0)
            await show.until(lambda: not list(tmp_path.iterdir()))
        watching.cancel()
        assert device.bri == 40 and not device.frames[-1][1].strip(b"\0")
        # From the user's own light straight to darkness: nothing flashed on the way.
        before_stream = [seen for at, seen in device.looks if at < device.frames[0][0]]
        assert set(before_stream) <= {40 / 255, 0.0}


async def test_it_is_given_back_when_the_service_ends_in_the_middle_of_a_show(tmp_path: Path) -> None:
    async with Wled() as device:
        device.bri = 0  # it was off
        async with stand(device, tmp_path) as show:
            await show.until(lambda: device.streams, level=255)
        assert (device.bri, device.bri_last, device.live) == (0, 40, False)


async def test_after_a_crash_it_is_dark_in_time_and_then_as_it_was(tmp_path: Path) -> None:
    async with Wled() as device:
        watching = asyncio.create_task(device.watch())
        command = ["-m", "tests.outputs.killed_show", str(tmp_path), json.dumps(device.settings())]
        show = await asyncio.create_subprocess_exec(sys.executable, *command)
        await eventually(lambda: device.streams)
        show.kill()
        await show.wait()
        await eventually(lambda: not device.seen)
        assert device.looks[-1][0] - device.frames[-1][0] <= 2.6
        assert device.bri == 0 and list(tmp_path.iterdir())
        async with stand(device, tmp_path):
            await eventually(lambda: device.bri == 40)
        watching.cancel()


async def test_what_people_switched_on_meanwhile_stays(tmp_path: Path) -> None:
    async with Wled() as device:
        async with stand(device, tmp_path) as show:
            await show.until(lambda: device.streams, level=255)
            device.bri = 42
        assert device.bri == 42 and not device.live


async def test_an_override_is_told_and_not_fought(tmp_path: Path) -> None:
    async with Wled() as device:
        device.lor = 2
        async with stand(device, tmp_path) as show:
            show.output.use(True)
            await show.until(lambda: "override" in show.output.health().problem, level=255)
            assert not device.told and device.lor == 2 and not show.output.health().works


async def test_another_sender_is_left_alone_and_an_unknown_address_of_ours_is_learnt(tmp_path: Path) -> None:
    async with Wled() as device:
        device.lip = "192.0.2.9"
        async with stand(device, tmp_path) as show:
            await show.until(lambda: device.streams, level=255)
            show.output._wake.set()  # type: ignore[attr-defined] # the look at it that comes every ten seconds
            await show.until(lambda: not device.live, level=255)
            await show.until(lambda: device.streams, level=255)  # it was us after all
            sending = asyncio.create_task(_send(device.port))
            device.lip = "192.0.2.10"
            show.output._wake.set()  # type: ignore[attr-defined]
            await show.until(lambda: "192.0.2.10" in show.output.health().problem, level=255)
            sending.cancel()


async def test_one_that_does_not_switch_off_gets_no_stream(tmp_path: Path) -> None:
    async with Wled() as device:
        device.loses_posts = True
        async with stand(device, tmp_path) as show:
            await show.until(lambda: "switch off" in show.output.health().problem, level=255)
            assert not device.frames
            device.loses_posts = False
            await show.until(lambda: device.streams, level=255)


async def test_one_that_starts_anew_in_mid_show_is_made_dark_again(tmp_path: Path) -> None:
    async with Wled() as device:
        device.booted -= 1000
        async with stand(device, tmp_path) as show:
            await show.until(lambda: device.streams, level=255)
            device.reboot()
            show.output._wake.set()  # type: ignore[attr-defined]
            await show.until(lambda: device.bri == 0 and device.live, level=255)
        assert device.bri == 40


async def test_one_that_vanishes_in_mid_show_is_missed_and_comes_back(tmp_path: Path) -> None:
    async with Wled() as device, contextlib.AsyncExitStack() as stack:
        show = await stack.enter_async_context(stand(device, tmp_path))
        await show.until(lambda: device.streams, level=255)
        await device.__aexit__()
        show.output._wake.set()  # type: ignore[attr-defined]
        await show.until(lambda: not show.output.health().works, level=255)
        await device.__aenter__()
        await show.until(lambda: show.output.health().works, level=255)
        await show.until(lambda: device.live, level=255)


async def test_one_that_changes_its_leds_is_mapped_anew(tmp_path: Path) -> None:
    async with Wled(80) as device, contextlib.AsyncExitStack() as stack:
        show = await stack.enter_async_context(stand(device, tmp_path))
        await show.until(lambda: len(show.output.lights) == 8)
        device.segments = [segment(0, 0, 30), segment(1, 30, 80)]
        show.output._wake.set()  # type: ignore[attr-defined]
        await show.until(lambda: [light.channel for light in show.output.lights] == [1, 2])


async def test_a_playlist_is_stopped_and_goes_on(tmp_path: Path) -> None:
    async with Wled() as device:
        device.playlist = 3
        async with stand(device, tmp_path) as show:
            await show.until(lambda: device.streams, level=255)
            assert device.playlist == -1
        assert device.playlist == 3


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<html>", "is this a WLED device?"),
        (b"[" * 50_000, "is this a WLED device?"),
        (b"x" * 300_000, "too long"),
        (b"{}", "state"),
        (json.dumps({"state": {"on": True, "bri": 1}, "info": {"leds": {"count": 10**9}}}).encode(), "count"),
        (json.dumps({"state": {"on": "yes", "bri": 1}, "info": {"leds": {"count": 9}}}).encode(), "state.on"),
    ],
)
async def test_what_is_no_wled_is_told_and_not_believed(tmp_path: Path, body: bytes, said: str) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(body=body)

    async with Wled() as device:
        device.answer = answer
        async with stand(device, tmp_path) as show:
            await show.until(lambda: said in show.output.health().problem)
            assert not show.output.lights


async def test_ranges_beyond_its_leds_are_told(tmp_path: Path) -> None:
    async with Wled(100) as device:
        ranges = [{"channel": 1, "first": 90, "count": 20}]
        async with stand(device, tmp_path, ranges=ranges) as show:
            await show.until(lambda: "there are 100" in show.output.health().problem)


def described(**changes: Any) -> Device:
    data = Wled(100).description()
    data["state"]["seg"] = changes.pop("seg", data["state"]["seg"])
    data["info"]["leds"].update(changes.pop("leds", {}))
    data["info"].update(changes)
    return read(json.dumps(data).encode())


def test_segment_i_shows_channel_i_and_a_strip_without_segments_is_parted() -> None:
    three = described(seg=[segment(0, 0, 20, "Door"), segment(1, 20, 60), segment(3, 60, 100)])
    assert parted(three, [WHITE]) == (Range(1, 0, 20), Range(2, 20, 40), Range(3, 60, 40))
    one = parted(described(), [WHITE])
    assert [each.channel for each in one] == list(range(1, 9)) and sum(each.count for each in one) == 100


def test_the_ninth_segment_shows_the_first_channel() -> None:
    found = parted(described(seg=[segment(k, 10 * k, 10 * k + 10) for k in range(10)]), [WHITE])
    assert [each.channel for each in found] == [1, 2, 3, 4, 5, 6, 7, 8, 1, 2]


def test_a_stream_to_the_main_segment_alone_is_as_long_as_that() -> None:
    found = parted(described(seg=[segment(0, 0, 20), segment(1, 20, 100)], liveseg=1), [WHITE])
    assert max(each.first + each.count for each in found) == 80


@given(
    st.integers(1, 300),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), max_size=12),
)
def test_no_led_is_lit_twice_or_invented(count: int, bounds: list[tuple[int, int]]) -> None:
    segments = [segment(k, start, stop) for k, (start, stop) in enumerate(bounds)]
    found = parted(described(seg=segments, leds={"count": count}), [WHITE])
    lit = [led for each in found for led in range(each.first, each.first + each.count)]
    assert len(lit) == len(set(lit)) and all(0 <= led < count for led in lit)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


@given(st.data())
def test_fuzzed_answers_are_a_device_or_an_error_in_words(data: st.DataObject) -> None:
    said: Any = Wled(100).description()
    for _ in range(data.draw(st.integers(1, 4))):
        at = said
        while True:
            key = data.draw(st.sampled_from(sorted(at)))
            if not isinstance(at[key], dict) or not at[key] or data.draw(st.booleans()):
                break
            at = at[key]
        at[key] = data.draw(_JSON)
    body = data.draw(st.sampled_from([json.dumps(said).encode(), json.dumps(said).encode()[:-3]]))
    try:
        device = read(body)
    except NetworkError as error:
        assert str(error).startswith("its answer is")
    else:
        assert 1 <= device.info.leds.count <= 65_536
        for each in parted(device, [WHITE]):
            assert 0 <= each.first < each.first + each.count <= device.info.leds.count


async def _send(port: int) -> None:
    """Another program that streams."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(
        asyncio.DatagramProtocol, remote_addr=("127.0.0.1", port)
    )
    while True:
        transport.sendto(bytes([0x41, 1, 0x0B, 1, 0, 0, 0, 0, 0, 3, 9, 9, 9]))
        await asyncio.sleep(0.1)
