"""When the service is killed or stands still, lights on the network go dark all the same."""

import asyncio
import contextlib
import json
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mqtt.house import eventually
from tests.outputs.controllers import DATA, Slots
from yulelight.outputs.deadman import pack, unpack


@asynccontextmanager
async def show(folder: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, list[Slots]]]:
    """A show on a controller of each kind."""
    async with contextlib.AsyncExitStack() as stack:
        controllers = [await stack.enter_async_context(Slots(kind)) for kind in DATA]
        settings = [each.settings() for each in controllers]
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
