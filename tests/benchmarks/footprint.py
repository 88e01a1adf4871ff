"""What the service takes of the machine while a show plays: CPU, memory and passes of its event loop.

Once with a mosquitto of its own, which counts as part of it, once with one that runs already. The control runs at the
same time: an asyncio loop that sends the packets of that show, recorded before, to a mosquitto, and does nothing else.
"""

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import aiomqtt
import psutil

from tests.benchmarks.aims import Report
from tests.benchmarks.passes import passes
from tests.brokers import Mosquitto, free_port
from yulelight.core.identity import Identity, load_or_make

SECONDS = float(os.environ.get("YULELIGHT_BENCH_SECONDS", "30"))
RECORDED = min(20.0, SECONDS)


@asynccontextmanager
async def started(*arguments: str, ready: bool = False) -> AsyncIterator[psutil.Process]:
    """A Python process, ended with the context; ``ready``: from when it has said its first line."""
    pipe = asyncio.subprocess.PIPE if ready else asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, stdout=pipe, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        if process.stdout is not None:
            async with asyncio.timeout(60):
                await process.stdout.readline()
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        await process.communicate()


@asynccontextmanager
async def playing(folder: Path, count: Path, *broker: str) -> AsyncIterator[psutil.Process]:
    """The service, which plays the carol again and again."""
    port, identity = free_port(), load_or_make(folder)
    serve = ["serve", "--data", str(folder), "--host", "127.0.0.1", "--http-port", str(port)]
    async with started(
        "-m", "tests.benchmarks.passes", str(count), "yulelight", *serve, *broker, "--no-zeroconf", "--no-audio"
    ) as process:  # fmt: skip
        await _play(port, identity)
        yield process


async def _play(port: int, identity: Identity) -> None:
    headers = {"Authorization": f"Bearer {identity.token}"}
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}", headers=headers) as session:
        await _until_state(session, None)
        async with session.post("/api/v1/control", json={"command": "play", "repeat": "all"}) as response:
            response.raise_for_status()
        await _until_state(session, "playing")


async def _until_state(session: aiohttp.ClientSession, state: str | None) -> None:
    async with asyncio.timeout(60):
        while True:
            try:
                async with session.get("/api/v1/status") as response:
                    if state is None or (await response.json())["state"] == state:
                        return
            except aiohttp.ClientConnectionError:
                pass
            await asyncio.sleep(0.1)


async def record(port: int, topic: str, file: Path) -> None:
    """Keeps RECORDED seconds of frame packets for the control."""
    async with aiomqtt.Client("127.0.0.1", port) as client:
        await client.subscribe(topic)
        lines: list[str] = []
        began, end = None, time.monotonic() + RECORDED
        async for message in client.messages:
            now = time.monotonic()
            began = began or now
            lines.append(json.dumps([round(now - began, 4), bytes(message.payload).hex()]))
            if now > end:
                break
    file.write_text("\n".join(lines) + "\n")


def cpu(process: psutil.Process) -> float:
    """Seconds of CPU of a process and those that it started and that still run."""
    return sum(sum(each.cpu_times()[:2]) for each in (process, *process.children(recursive=True)))


def peak(process: psutil.Process) -> float:
    """Most memory that it ever had, MB."""
    return int(Path(f"/proc/{process.pid}/status").read_text().split("VmHWM:")[1].split()[0]) / 1e3


async def measure(report: Report, folder: Path, count: Path, *, own: bool) -> None:
    """One way to run a broker, and its control."""
    with Mosquitto(verbose=False) as broker:
        name = "broker of its own" if own else "broker beside it"
        arguments = ["--mqtt-port", str(free_port())] if own else ["--broker", f"127.0.0.1:{broker.port}"]
        packets, topic = folder / "packets", f"yulelight/{load_or_make(folder).id}/frames"
        async with playing(folder, count, *arguments) as service:
            if own:
                await asyncio.sleep(RECORDED)  # until it has settled, as in the other case
            else:
                await record(broker.port, topic, packets)
            control_args = ("-m", "tests.benchmarks.sender", str(broker.port), "control/frames", str(packets))
            async with started(*control_args, ready=True) as control:
                brokers = [psutil.Process(broker.pid)] if own else []
                watched = {"service": [service], "control": [control, *brokers]}
                before = {key: sum(map(cpu, each)) for key, each in watched.items()}
                looked, began = passes(count), time.monotonic()
                await asyncio.sleep(SECONDS)
                seconds = time.monotonic() - began
                turns = (passes(count) - looked) / seconds
                used = {key: (sum(map(cpu, each)) - before[key]) / seconds for key, each in watched.items()}
            report.aim(f"{name}: CPU, times the control's", used["service"] / used["control"], most=3)
            report.aim(f"{name}: passes of the event loop a second", turns, most=60)
            report.aim(f"{name}: memory, MB", service.memory_info().rss / 1e6, most=120, unit="MB")
            report.figure(f"{name}: CPU, % of a core", 100 * used["service"])
            report.figure(f"{name}: control's CPU, % of a core", 100 * used["control"])
            report.figure(f"{name}: peak memory, MB", peak(service))


def run() -> Report:
    """Plays the carol both ways."""
    report = Report("footprint")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (data := folder / "data").mkdir()
        for own in (False, True):
            asyncio.run(measure(report, data, folder / "passes", own=own))
    report.figure("load of the machine", os.getloadavg()[0])
    return report
