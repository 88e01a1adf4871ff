"""What the service takes of the machine while a show plays: CPU and memory of `yulelight serve`."""

import asyncio
import sys
import tempfile
from pathlib import Path

import aiohttp
import psutil

from tests.benchmarks.aims import Report
from tests.brokers import free_port
from yulelight.core.identity import load_or_make

SECONDS = 30.0


async def measure(folder: Path) -> tuple[float, float, float]:
    """Per cent of a core, and resident and peak memory in MB, over SECONDS of the playing carol."""
    port = free_port()
    identity = load_or_make(folder)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "yulelight", "serve", "--data", str(folder), "--host", "127.0.0.1",
        "--http-port", str(port), "--mqtt-port", str(free_port()), "--no-zeroconf", "--no-audio",
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        watched = psutil.Process(process.pid)
        headers = {"Authorization": f"Bearer {identity.token}"}
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}", headers=headers) as session:
            await _until_state(session, None)
            async with session.post("/api/v1/control", json={"command": "play"}) as response:
                response.raise_for_status()
            await _until_state(session, "playing")
            before = sum(watched.cpu_times()[:2])
            await asyncio.sleep(SECONDS)
            used = sum(watched.cpu_times()[:2]) - before
            await _until_state(session, "playing")
        memory = watched.memory_info()
        peak = int(Path(f"/proc/{process.pid}/status").read_text().split("VmHWM:")[1].split()[0]) / 1e3
        return 100 * used / SECONDS, memory.rss / 1e6, peak
    finally:
        process.terminate()
        await process.wait()


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


def run() -> Report:
    """Plays the carol on the service with its embedded broker."""
    with tempfile.TemporaryDirectory() as folder:
        cpu, memory, peak = asyncio.run(measure(Path(folder)))
    report = Report("footprint")
    report.aim("CPU while a show plays, % of a core", cpu, most=5, unit="%")
    report.aim("memory while a show plays, MB", memory, most=200, unit="MB")
    report.figure("peak memory, rendering included, MB", peak)
    return report
