"""A whole service on a simulated clock: ``python -m tests.benchmarks.evening_house DATA WALL SECONDS EVERY [CUT]``.

Everything of `yulelight serve` but sound, network and background rendering runs in this process, on an event loop that
waits for nothing (tests/virtual_time.py), from the moment WALL (seconds since 1970) on. Its lights are an output that
looks at each packet. ``CUT``: the power fails after so many seconds; the process ends at once, as by kill -9.

Prints JSON lines. {"at": wall clock, "what": "playing" or "idle", "song": title, "position": seconds} on each change;
every ``EVERY`` seconds {"at", "sample": {memory and what else may grow}, "light": {...}}.
"""

import asyncio
import gc
import json
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.virtual_time import VirtualLoop
from yulelight.app.build import running
from yulelight.app.parts.lights import DirectLights
from yulelight.app.service import Service
from yulelight.app.settings import Settings, load
from yulelight.core.messages import Packet, State, Status
from yulelight.outputs.base import Output, OutputHealth
from yulelight.outputs.deadman import Words
from yulelight.safety.physics import Light

FRAME = 512 / 44_100
"""Seconds of a frame (docs/architecture.md)."""


class SimulatedLoop(VirtualLoop):
    """Its clock moves only where it waits: neither the service nor other programs of the machine take time."""

    def time(self) -> float:
        return 1000.0 + self._skipped


def settings_of(data: Path, *, render: bool) -> Settings:
    """The service's settings; its songs lie in DATA/songs."""
    return load(
        data=data,
        music=[data / "songs"],
        http__host="127.0.0.1",
        http__port=int(os.environ["YULELIGHT_BENCH_PORT"]),
        mqtt__enabled=False,
        sound__enabled=False,
        zeroconf__enabled=False,
        library__render=render,
        library__settle=0,
        place__timezone="UTC",
    )


class Eye:
    """An output that remembers how the packets were."""

    name = "eye"
    lights: Sequence[Light] = ()

    def __init__(self) -> None:
        self.packets = 0
        self.ends = 0.0
        """Moment after the last frame, s."""
        self.gap = 0.0
        """Longest time between the end of one packet of songs and the moment of the next, s."""
        self.off_beat = 0.0
        """Most that a frame was away from a frame of the song that began at ``begun``, s."""
        self.begun: float | None = None
        self.lit = False

    def send(self, packet: Packet) -> None:
        self.packets += 1
        at = packet.at / 1e6
        if self.begun is not None and len(packet.levels) > 1:
            if self.ends:
                self.gap = max(self.gap, at - self.ends)
            frames = (at - self.begun) / FRAME
            self.off_beat = max(self.off_beat, abs(frames - round(frames)) * FRAME)
            self.ends = at + len(packet.levels) * packet.interval / 1e6
        self.lit = any(packet.levels[-1])

    def use(self, on: bool) -> None:
        pass

    def last_words(self) -> Words:
        return ()

    def darkened(self) -> None:
        pass

    def health(self) -> OutputHealth:
        return OutputHealth(True)

    async def run(self, changed: Callable[[], object] = lambda: None) -> None:
        await asyncio.Event().wait()


class Counted(logging.Handler):
    """How many bytes were logged."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.bytes = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.bytes += 30 + len(record.getMessage())


def say(**line: Any) -> None:
    print(json.dumps(line), flush=True)


def sample(data: Path, log: Counted) -> dict[str, float]:
    """All that must not grow with the hours."""
    gc.collect()
    loop: Any = asyncio.get_running_loop()
    sizes = {path: path.stat().st_size for path in data.rglob("*") if path.is_file()}
    return {
        "memory, MB": int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6,
        "open files": len(list(Path("/proc/self/fd").iterdir())),
        "threads": threading.active_count(),
        "tasks": len(asyncio.all_tasks()),
        "timers": sum(not timer.cancelled() for timer in loop._scheduled),
        "objects, thousands": len(gc.get_objects()) / 1e3,
        "log, kB": log.bytes / 1e3,
        "files in the data folder": len(sizes),
        "data folder, kB": sum(sizes.values()) / 1e3,
        "shows, kB": sum(size for path, size in sizes.items() if path.parent.name == "shows") / 1e3,
    }


async def evening(data: Path, seconds: float, every: float, cut: float | None) -> None:
    loop = asyncio.get_running_loop()
    began, eye, log = loop.time(), Eye(), Counted()
    logging.getLogger("yulelight").addHandler(log)
    logging.getLogger("yulelight").setLevel(logging.INFO)
    if cut is not None:
        loop.call_later(cut, os._exit, 9)

    def made() -> Output:
        return eye

    settings = settings_of(data, render=False)
    async with running(settings, loop.time, direct=[DirectLights("eye", "simulated", made)]) as service:
        watching = asyncio.create_task(watch(service, eye))
        try:
            while loop.time() - began < seconds:
                await asyncio.sleep(every)
                light = {"gap, ms": 1e3 * eye.gap, "off beat, ms": 1e3 * eye.off_beat, "packets": eye.packets}
                say(at=time.time(), sample=sample(data, log), light=light)
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)


async def watch(service: Service, eye: Eye) -> None:
    """Says when what plays changes, and tells the eye when each song began."""
    before: tuple[str, str] = ("", "")
    with service.statuses.subscribe(256) as statuses:
        async for status in statuses:
            now = told(status)
            if now == before:
                continue
            eye.begun = status.as_of - status.position if now[0] == "playing" else None
            eye.ends = 0.0
            before = now
            offset = status.as_of - asyncio.get_running_loop().time()
            seconds = status.song.duration if status.song else 0.0
            at = time.time() + offset
            say(at=at, what=now[0], song=now[1], position=status.position, length=seconds)


def told(status: Status) -> tuple[str, str]:
    playing = status.state is State.PLAYING and status.song is not None
    return ("playing", status.song.title) if playing and status.song else ("idle", "")


async def prepare(data: Path) -> None:
    """Renders all shows, on the machine's own clock."""
    async with running(settings_of(data, render=True)) as service:
        with service.libraries.subscribe(1) as states:
            async for state in states:
                if not state.scanning and state.songs and state.rendered == state.songs:
                    return


def main(data: Path, wall: float, seconds: float, every: float, cut: float | None) -> None:
    if seconds <= 0:
        asyncio.run(prepare(data))
        return
    loop = SimulatedLoop()
    began = loop.time()
    time.time = lambda: wall + loop.time() - began
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(evening(data, seconds, every, cut))


if __name__ == "__main__":
    numbers = [float(number) for number in sys.argv[2:]]
    main(Path(sys.argv[1]), numbers[0], numbers[1], numbers[2], numbers[3] if len(numbers) > 3 else None)
