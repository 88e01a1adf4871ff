"""When the service is killed or stands still, lights on the network go dark all the same."""

import asyncio
import contextlib
import json
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mqtt.house import eventually
from yulelight.outputs.deadman import pack, unpack

DATA = {"ddp": 10, "e131": 126, "artnet": 18}
"""Where the slots begin in a packet."""


class Slots(asyncio.DatagramProtocol):
    """A controller that keeps its last frame for ever. E1.31: packets that come late are refused, as its 6.7.2 says."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.lit = False
        self.heard = 0.0
        self.dark_at = 0.0
        self._sequence: int | None = None

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


@asynccontextmanager
async def show(folder: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, list[Slots]]]:
    """A show on a controller of each kind."""
    loop = asyncio.get_running_loop()
    controllers = [Slots(kind) for kind in DATA]
    settings = []
    async with contextlib.AsyncExitStack() as stack:
        for each in controllers:
            transport, _ = await loop.create_datagram_endpoint(
                lambda each=each: each,  # type: ignore[misc]
                local_addr=("127.0.0.1", 0),
            )
            stack.callback(transport.close)
            port = transport.get_extra_info("sockname")[1]
            settings.append(
                {"type": each.kind, "name": each.kind, "host": "127.0.0.1", "port": port, "pixels": 300}
            )
        command = ["-m", "tests.outputs.killed_show", str(folder), *map(json.dumps, settings)]
        process = await asyncio.create_subprocess_exec(sys.executable, *command)
        try:
            await eventually(lambda: all(each.lit for each in controllers))
            await eventually(lambda: psutil.Process(process.pid).children())  # the switch
            await asyncio.sleep(2)  # it takes a moment to be ready
            yield process, controllers
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "stopped"])
async def test_controllers_that_keep_their_frame_go_dark(tmp_path: Path, how: signal.Signals) -> None:
    async with show(tmp_path) as (process, controllers):
        process.send_signal(how)
        await eventually(lambda: not any(each.lit for each in controllers))
        # From the last frame that was sent; some slack for a busy machine, whose figures the benchmark has.
        assert max(each.dark_at - each.heard for each in controllers) < 5


async def test_the_end_is_none_for_the_switch(tmp_path: Path) -> None:
    async with show(tmp_path) as (process, controllers):
        process.send_signal(signal.SIGINT)
        await eventually(lambda: not any(each.lit for each in controllers))
        assert await process.wait() != -signal.SIGKILL


@given(st.lists(st.tuples(st.text(max_size=20), st.integers(1, 65535), st.binary(max_size=1500)), max_size=5))
def test_what_is_to_be_sent_is_told_whole(words: list[tuple[str, int, bytes]]) -> None:
    assert unpack(pack(words)) == words


def test_darkness_packs_well() -> None:
    words = [("192.168.1.60", 4048, bytes(1450))] * 2000
    assert len(pack(words)) < 64_000  # what a pipe holds
