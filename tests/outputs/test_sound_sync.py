"""Sound for WLED, heard by a receiver that takes packets as WLED's audio_reactive.cpp does."""

import asyncio
import json
import signal
import socket
import struct
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from tests.mqtt.house import eventually
from yulelight.app.output_settings import DirectOutput
from yulelight.app.settings import load
from yulelight.core.errors import UsageError
from yulelight.core.messages import Packet
from yulelight.outputs.base import Output
from yulelight.outputs.sound_sync import packet


@dataclass
class Heard:
    """What the effects of a WLED follow."""

    volume: float
    smooth: float
    peak: bool
    bands: list[int]
    magnitude: float
    frequency: float


def decoded(data: bytes) -> Heard | None:
    """As ``receiveAudioData`` and ``decodeAudioData`` read it: offsets 8, 12, 16, 18, 36 and 40 of 44 bytes."""
    if len(data) != 44 or data[:6] != b"00002\0":
        return None
    (volume, smooth), peak = struct.unpack_from("<2f", data, 8), data[16]
    magnitude, frequency = struct.unpack_from("<2f", data, 36)
    return Heard(
        max(volume, 0.0),
        max(smooth, 0.0),
        peak > 0,
        list(data[18:34]),
        max(magnitude, 0.0),
        min(max(frequency, 1.0), 11025.0),
    )


class Wled(asyncio.DatagramProtocol):
    """A device that receives sound, with ``group`` by multicast on the loopback."""

    def __init__(self, group: str | None = None) -> None:
        self._group = group
        self.heard: list[Heard] = []
        self.times: list[float] = []
        self.wrong = 0

    async def __aenter__(self) -> Self:
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.bind(("0.0.0.0" if self._group else "127.0.0.1", 0))
        if self._group:
            member = socket.inet_aton(self._group) + socket.inet_aton("0.0.0.0")
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
        self.port: int = sock.getsockname()[1]
        self._transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: self, sock=sock
        )
        return self

    async def __aexit__(self, *error: object) -> None:
        self._transport.close()

    def datagram_received(self, data: bytes, addr: object) -> None:
        told = decoded(data)
        if told is None:
            self.wrong += 1
        else:
            self.heard.append(told)
            self.times.append(time.monotonic())

    def settings(self, **more: Any) -> dict[str, Any]:
        host = {} if self._group else {"host": "127.0.0.1"}
        return {
            "type": "wled-sound",
            "name": "effects",
            "port": self.port,
            "no_flash_limit": True,
            **host,
            **more,
        }

    @property
    def loud(self) -> bool:
        return bool(self.heard) and self.heard[-1].volume > 0


def frame(number: int, *levels: int) -> Packet:
    at = round(time.monotonic() * 1e6)
    return Packet(1, number, at, 500_000, (bytes(levels),), (tuple(level > 0 for level in levels),))


@asynccontextmanager
async def output(settings: dict[str, Any]) -> AsyncIterator[Output]:
    made = TypeAdapter[DirectOutput](DirectOutput).validate_python(settings).made(Path("/nowhere"))
    running = asyncio.create_task(made.run())
    await eventually(lambda: made.health().works)
    try:
        yield made
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_channels_are_bands_and_what_comes_on_is_a_peak() -> None:
    async with Wled() as device, output(device.settings()) as sound:
        sound.send(frame(1, 0, 0, 200, 0, 0, 0, 0, 40))
        await eventually(lambda: device.loud)
        first = device.heard[-1]
        assert first.bands == [0, 0, 0, 0, 200, 200, *[0] * 8, 40, 40]
        assert first.peak and first.volume == first.smooth and 40 < first.volume < 200
        assert 301 <= first.frequency <= 430 and first.magnitude > 0  # the fifth band of WLED
        sound.send(frame(2, 0, 0, 210, 0, 0, 0, 0, 20))
        await eventually(lambda: device.heard[-1].bands[4] == 210)
        assert not device.heard[-1].peak
        assert not device.wrong and not sound.lights


async def test_silence_ends_it_and_nothing_is_sent_while_nothing_is_shown() -> None:
    async with Wled() as device:
        async with output(device.settings()) as sound:
            sound.send(frame(1, *[0] * 8))
            await asyncio.sleep(1.2)
            assert not device.heard
            sound.use(True)
            await eventually(lambda: device.heard)
            sound.send(frame(2, *[255] * 8))
            await eventually(lambda: device.loud)
            # Without packets of the service, it fades as lights do.
            await eventually(lambda: not device.loud)
            sound.send(frame(3, *[255] * 8))
            await eventually(lambda: device.loud)
        await eventually(lambda: not device.loud)


async def test_everybody_hears_it_by_multicast() -> None:
    async with Wled("239.0.0.1") as device, output(device.settings()) as sound:
        sound.send(frame(1, *[100] * 8))
        try:
            await eventually(lambda: device.loud)
        except TimeoutError:
            if sound.health().errors:
                pytest.skip("this machine has no network to multicast in")
            raise
        assert not device.wrong


async def test_packets_come_no_faster_than_the_rate() -> None:
    async with Wled() as device, output(device.settings(rate=10)) as sound:
        for number in range(1, 60):
            sound.send(frame(number, *[number * 4] * 8))
            await asyncio.sleep(0.01)
        await eventually(lambda: device.heard and device.heard[-1].bands[0] == 59 * 4)
        # The first and the last one, and one for each tenth of a second between them.
        assert len(device.heard) <= 2 + 10 * (device.times[-1] - device.times[0])


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "stopped"])
async def test_it_is_silent_when_the_service_is_gone(tmp_path: Path, how: signal.Signals) -> None:
    async with Wled() as device:
        command = ["-m", "tests.outputs.killed_show", str(tmp_path), json.dumps(device.settings())]
        process = await asyncio.create_subprocess_exec(sys.executable, *command)
        try:
            await eventually(lambda: device.loud)
            await asyncio.sleep(3)  # the dead man's switch takes a moment to be ready
            process.send_signal(how)
            await eventually(lambda: not device.loud)
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


LEVELS = st.lists(st.integers(0, 255), min_size=8, max_size=8)


@given(LEVELS, LEVELS, st.integers(0, 10**9))
def test_every_packet_is_one_that_wled_takes(levels: list[int], before: list[int], number: int) -> None:
    told = decoded(packet(levels, before, number))
    assert told is not None
    assert 0 <= told.volume <= 255 and 0 <= told.magnitude <= 4096 and 1 <= told.frequency <= 11025
    assert all(abs(band - levels[place // 2]) <= 1 for place, band in enumerate(told.bands))
    assert (told.volume == 0) == (not any(levels))
    assert told.peak or not any(now > was + 64 for now, was in zip(levels, before, strict=True))


def test_it_asks_whether_effects_without_a_flash_limit_are_accepted(tmp_path: Path) -> None:
    file = tmp_path / "yulelight.toml"
    file.write_text('[[output]]\ntype = "wled-sound"\nname = "effects"\n')
    with pytest.raises(UsageError, match="keep no flash limit"):
        load(file)
    file.write_text('[[output]]\ntype = "wled-sound"\nname = "effects"\nno_flash_limit = true\n')
    assert load(file).output[0].name == "effects"
