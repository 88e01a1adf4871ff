"""What a song without a show yet costs the one that plays: it is rendered in a thread of the service.

The whole service runs in this process with a light node of its own. While one song plays, three others of four minutes
are queued that nobody rendered ahead. A task sleeps 5 ms again and again: what it oversleeps, the loop stalled.
"""

import asyncio
import tempfile
import time
from pathlib import Path

import numpy as np
import soundfile

from tests.benchmarks.aims import Report
from tests.benchmarks.songs import carol
from tests.brokers import free_port
from yulelight.app.build import running
from yulelight.app.service import Service
from yulelight.app.settings import load
from yulelight.core.messages import Play, QueueClear, State
from yulelight.dsp.spectrum import RATE
from yulelight.node.config import NodeConfig
from yulelight.node.drivers.simulated import SimulatedDriver
from yulelight.node.node import LightNode

NAP = 0.005
CALM = 10.0
"""Seconds watched while nothing is rendered."""
SONGS = 3


async def stalls(over: asyncio.Event) -> np.ndarray:
    """Milliseconds that each nap lasted too long, until ``over``."""
    late = []
    while not over.is_set():
        begun = time.perf_counter()
        await asyncio.sleep(NAP)
        late.append(1000 * (time.perf_counter() - begun - NAP))
    return np.array(late)


async def watched(service: Service, others: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Stalls while a song plays, and while others are rendered besides."""
    over = asyncio.Event()
    asyncio.get_running_loop().call_later(CALM, over.set)
    calm = await stalls(over)
    over.clear()
    watching = asyncio.create_task(stalls(over))
    shows = service.settings.data / "shows"
    for song in others:
        there = len(list(shows.iterdir()))
        await service.director.ask(Play(song, enqueue="next"))
        while len([path for path in shows.iterdir() if path.suffix == ".npz"]) <= there:
            await asyncio.sleep(0.05)
        await service.director.ask(QueueClear())
    over.set()
    return calm, await watching


async def measure(folder: Path) -> tuple[np.ndarray, np.ndarray, int, int]:
    """``watched``, and how many frames the node showed and how many came too late."""
    (folder / "music").mkdir()
    sound = np.clip(carol(240), -1, 1)
    for k in range(SONGS + 1):
        soundfile.write(folder / "music" / f"{k}.mp3", np.roll(sound, k * RATE, axis=0), RATE, format="MP3")
    settings = load(
        data=folder / "data", music=[folder / "music"], library__render=False, sound__enabled=False,
        zeroconf__enabled=False, http__host="127.0.0.1", http__port=free_port(),
        mqtt__host="127.0.0.1", mqtt__port=free_port(),
    )  # fmt: skip
    async with running(settings) as service:
        first, *others = [found.song.id for found in await asyncio.to_thread(service.library.scan)][:-1]
        node = LightNode(
            NodeConfig(id="bench", service=service.identity.id), service.broker, SimulatedDriver(draw=False)
        )
        playing = asyncio.create_task(node.run())
        await service.director.ask(Play(first))
        while (service.statuses.latest is None) or service.statuses.latest.state is not State.PLAYING:
            await asyncio.sleep(0.05)
        await asyncio.sleep(2)
        shown, late = node.player.shown, node.player.timeline.late
        calm, busy = await watched(service, others)
        shown, late = node.player.shown - shown, node.player.timeline.late - late
        playing.cancel()
        await asyncio.gather(playing, return_exceptions=True)
    return calm, busy, shown, late


def run() -> Report:
    """Plays one song and renders three."""
    with tempfile.TemporaryDirectory() as folder:
        calm, busy, shown, late = asyncio.run(measure(Path(folder)))
    report = Report("stalls")
    report.aim(
        "loop stalls while songs are rendered, p99", float(np.percentile(busy, 99)), most=50, unit="ms"
    )
    report.aim("loop stalls while songs are rendered, worst", float(busy.max()), most=300, unit="ms")
    report.aim("light frames that came too late", late, most=0)
    report.figure("light frames shown", shown)
    report.figure("loop stalls while songs are rendered, p50, ms", float(np.median(busy)))
    report.figure("loop stalls while one song plays, p99, ms", float(np.percentile(calm, 99)))
    report.figure("loop stalls while one song plays, worst, ms", float(calm.max()))
    return report
