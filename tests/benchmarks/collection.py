"""50,000 songs, as a NAS has them: first scan, search, restart, memory, and whether the service answers.

Songs are FLAC files of one second with tags and a title each, 20 in a folder, 100 singers; YULELIGHT_BENCH_SONGS says
how many. `yulelight serve` scans them in a process of its own, without rendering; the API is asked the whole time, once
every 50 ms, what plays: the longest answer tells how long its event loop stood still. Searches go through the API, too.
Then the time of the processor for 50,000 songs that are known already, whatever their number was before.
"""

import asyncio
import os
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import mutagen
import psutil
import soundfile

from tests.benchmarks.aims import Report
from tests.benchmarks.collection_cpu import processor
from tests.benchmarks.growth import quantile
from tests.benchmarks.songs import carol
from tests.brokers import free_port
from yulelight.core.identity import load_or_make

MANY = int(os.environ.get("YULELIGHT_BENCH_SONGS", "50000"))
KNOWN = 50_000
SINGERS = 100
WORDS = ("night", "silent 4", "singer 42", "nothing of that name", "a")
PATIENCE = 3600.0


def fill(folder: Path, count: int) -> None:
    """``count`` songs. A tag's text is written in place of another of the same length, which costs next to nothing."""
    first = folder / "first.flac"
    soundfile.write(first, carol(1).mean(1)[::4], 11_025, format="FLAC")
    tagged = mutagen.File(first, easy=True)
    tagged["title"], tagged["artist"], tagged["album"] = "Silent Night 00000", "Singer 00", "Album 0000"
    tagged.save()
    data = first.read_bytes()
    first.unlink()
    for number in range(count):
        text = data.replace(b"Night 00000", b"Night %05d" % number)
        text = text.replace(b"Singer 00", b"Singer %02d" % (number % SINGERS))
        text = text.replace(b"Album 0000", b"Album %04d" % (number // 20))
        path = folder / f"{number // 1000:02d}" / f"album {number // 20:04d}" / f"{number:05d}.flac"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)


@dataclass
class Watched:
    """A running service; ``waits``: seconds that each answer took so far, while the context is open."""

    session: aiohttp.ClientSession
    process: psutil.Process
    began: float
    waits: list[float]

    async def get(self, path: str, **query: str | int) -> dict[str, object]:
        async with self.session.get(path, params=query) as response:
            found: dict[str, object] = await response.json()
        return found

    async def until(self, path: str, name: str, wanted: object) -> float:
        """Seconds since the start until the answer has ``wanted`` under ``name``."""
        async with asyncio.timeout(PATIENCE):
            while (await self.get(path, limit=1) if path.endswith("songs") else await self.get(path))[
                name
            ] != wanted:
                await asyncio.sleep(0.1)
        return time.monotonic() - self.began


async def _watch(session: aiohttp.ClientSession, waits: list[float]) -> None:
    while True:
        asked = time.monotonic()
        async with session.get("/api/v1/status") as response:
            await response.read()
        waits.append(time.monotonic() - asked)
        await asyncio.sleep(0.05)


@asynccontextmanager
async def service(folder: Path, music: Path) -> AsyncIterator[Watched]:
    """`yulelight serve` with the songs of ``music``; its data lie in ``folder``."""
    port, token = free_port(), load_or_make(folder).token
    config = folder / "yulelight.toml"
    config.write_text("[library]\nrender = false\n[mqtt]\nenabled = false\n[[output]]\n" + OUTPUT)
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "yulelight", "serve", "--config", str(config), "--data", str(folder), "--music",
        str(music), "--host", "127.0.0.1", "--http-port", str(port), "--no-zeroconf", "--no-audio",
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        headers = {"Authorization": f"Bearer {token}"}
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}", headers=headers) as session:
            async with asyncio.timeout(120):
                while True:
                    try:
                        async with session.get("/api/v1/status"):
                            break
                    except aiohttp.ClientConnectionError:
                        await asyncio.sleep(0.05)
            waits: list[float] = []
            watching = asyncio.create_task(_watch(session, waits))
            try:
                yield Watched(session, psutil.Process(process.pid), began, waits)
            finally:
                watching.cancel()
                await asyncio.gather(watching, return_exceptions=True)
    finally:
        process.terminate()
        await process.wait()


OUTPUT = 'type = "ddp"\nname = "nowhere"\nhost = "127.0.0.1"\npixels = 8\n'


async def searched(watched: Watched) -> list[float]:
    """Milliseconds that searches take, each for a page of results."""
    took = []
    for words in WORDS * 4:
        asked = time.monotonic()
        await watched.get("/api/v1/songs", search=words, limit=50)
        took.append(1e3 * (time.monotonic() - asked))
    return took


async def measure(report: Report, folder: Path, music: Path) -> None:
    """The first scan, and a restart after it."""
    async with service(folder, music) as watched:
        empty = watched.process.memory_info().rss / 1e6
        listed = await watched.until("/api/v1/songs", "total", MANY + 1)
        scanned = await watched.until("/api/v1/library", "scanning", False)
        report.figure("first scan: all listed by their file names after, s", listed)
        report.figure("first scan: all tags read after, s", scanned)
        report.figure("first scan: songs a minute", 60 * MANY / scanned)
        report.aim("first scan: slowest answer meanwhile, s", max(watched.waits), most=1, unit="s")
        watched.waits.clear()
        took = await searched(watched)
        report.aim("search: median, ms", quantile(took, 0.5), most=200, unit="ms")
        report.aim("search: slowest, ms", max(took), most=500, unit="ms")
        report.figure("memory after the first scan, MB", watched.process.memory_info().rss / 1e6)
        report.figure("memory before it, MB", empty)
    async with service(folder, music) as watched:
        report.aim(
            "restart: all songs there after, s",
            await watched.until("/api/v1/songs", "total", MANY + 1),
            most=10,
            unit="s",
        )
        report.figure("restart: settled after, s", await watched.until("/api/v1/library", "scanning", False))
        await asyncio.sleep(5)
        report.aim("restart: slowest answer, s", max(watched.waits), most=1, unit="s")
        report.aim("memory after a restart, MB", watched.process.memory_info().rss / 1e6, most=250, unit="MB")
        report.figure("index, MB", sum(path.stat().st_size for path in folder.rglob("songs.json")) / 1e6)


def run() -> Report:
    """Makes the songs, and starts the service with them twice."""
    report = Report("collection")
    with tempfile.TemporaryDirectory() as name:
        data, music = Path(name) / "data", Path(name) / "music"
        data.mkdir()
        music.mkdir()
        try:
            fill(music, MANY)
            asyncio.run(measure(report, data, music))
        finally:
            shutil.rmtree(music, ignore_errors=True)
        (stubs := Path(name) / "stubs").mkdir()
        processor(report, stubs, KNOWN)
    report.figure("load of the machine", os.getloadavg()[0])
    return report
