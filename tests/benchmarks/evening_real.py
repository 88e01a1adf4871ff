"""The part of the long evening in real time: `yulelight serve` with its own mosquitto, watched from outside."""

import asyncio
import time
from pathlib import Path

import psutil

from tests.benchmarks.aims import Report
from tests.benchmarks.footprint import playing
from tests.brokers import free_port

LOOK = 30.0
"""Seconds between two looks."""


def look(process: psutil.Process, data: Path) -> dict[str, float]:
    """What may grow, of the service and the processes that it started."""
    family = [process, *process.children(recursive=True)]
    return {
        "memory, MB": sum(each.memory_info().rss for each in family) / 1e6,
        "open files": sum(each.num_fds() for each in family),
        "threads": sum(each.num_threads() for each in family),
        "files in the data folder": sum(path.is_file() for path in data.rglob("*")),
    }


async def watched(folder: Path, minutes: float) -> list[dict[str, float]]:
    """A look every LOOK seconds at a service that plays the carol again and again."""
    (data := folder / "data").mkdir()
    looks = []
    async with playing(data, folder / "passes", "--mqtt-port", str(free_port())) as process:
        began = time.monotonic()
        while time.monotonic() - began < 60 * minutes:
            await asyncio.sleep(LOOK)
            looks.append(look(process, data))
    return looks


def real_time(report: Report, folder: Path, minutes: float) -> None:
    """From a fifth of the time on, when it has settled, to the end."""
    looks = asyncio.run(watched(folder, minutes))
    first, last = looks[len(looks) // 5], looks[-1]
    for name, most in (
        ("memory, MB", 2.0),
        ("open files", 0.0),
        ("threads", 0.0),
        ("files in the data folder", 0.0),
    ):
        report.aim(f"{minutes:g} minutes in real time: {name}, more", last[name] - first[name], most=most)
        report.figure(f"{minutes:g} minutes in real time: {name}", last[name])
