import asyncio
import socket
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.mqtt.house import PATIENCE, eventually
from yulelight.node.watchdog import Notifier, Watchdog


async def test_a_hung_loop_is_seen_from_outside_and_its_return_is_told() -> None:
    rescued: list[float] = []
    recovered: list[float] = []

    async with Watchdog(
        lambda: rescued.append(time.monotonic()), lambda: recovered.append(time.monotonic()), limit=0.5
    ):
        await asyncio.sleep(0.2)
        # The machine may have hung by itself before.
        began = time.monotonic()
        await eventually(lambda: len(rescued) == len(recovered))
        told = len(recovered)
        while len(rescued) == told and time.monotonic() < began + PATIENCE:
            time.sleep(0.01)  # noqa: ASYNC251  a loop that hangs is what this is about
        until = time.monotonic()
        assert len(recovered) == told
        await eventually(lambda: len(recovered) > told)
    assert [when for when in rescued if began < when < until]
    assert recovered[told] >= until


@pytest.mark.parametrize("abstract", [False, True])
async def test_systemd_is_told(tmp_path: Path, abstract: bool) -> None:
    address = f"@yulelight-{tmp_path.name}-{time.monotonic_ns()}" if abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(address.replace("@", "\0", 1))
        systemd.setblocking(False)
        heard: list[bytes] = []

        def listen() -> int:
            with suppress(BlockingIOError):
                heard.append(systemd.recv(100))
            return len(heard)

        notifier = Notifier({"NOTIFY_SOCKET": address})
        async with Watchdog(lambda: None, lambda: None, limit=20.0, notifier=notifier):
            await eventually(lambda: listen() >= 2)
        await eventually(lambda: listen() and heard[-1] == b"STOPPING=1")
        assert heard[0] == b"READY=1"
        assert set(heard[1:-1]) == {b"WATCHDOG=1"}


def test_without_systemd_nothing_is_said_and_a_deaf_one_does_no_harm(tmp_path: Path) -> None:
    Notifier({}).tell("READY=1")
    Notifier({"NOTIFY_SOCKET": str(tmp_path / "nobody")}).tell("READY=1")
