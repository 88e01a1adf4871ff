"""Flashes in the light that nodes really emit, whatever is done to the house, counted by an oracle written from WCAG.

The real service plays to 1, 2, 4 and 8 node processes, each with lights that are written down when they change (one
clock for all): relays, dimmers with a minimum level, loads that differ. Each house sees songs with jumps, among them
the one that has been at fault, live sound, brightness and channels set 20 times a second over HTTP and MQTT by two
controllers at once, all on and blackout 10 times a second, and a node that is ended and comes back. Needs
YULELIGHT_AUDIO, a folder of music: without more, a few songs; with YULELIGHT_BENCH_SONGS=all, 12 s of each.

Counted by tests/safety/oracle.py for all lights alike, by their loads, for the lights of each node, and for each light
alone. A blackout is never delayed, and nodes are some milliseconds apart: what that may add is told by docs/safety.md.
"""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import numpy as np

from tests.benchmarks.aims import Report
from tests.benchmarks.songs import carol
from tests.brokers import free_port
from tests.safety.oracle import luminance, worst
from yulelight.app.build import running
from yulelight.app.service import Service
from yulelight.app.settings import load
from yulelight.audio.pcm import PcmFormat
from yulelight.core.messages import Song
from yulelight.dsp.spectrum import RATE
from yulelight.inputs.push import PushInput
from yulelight.mqtt.link import connect
from yulelight.mqtt.topics import Topics
from yulelight.player.director import OpenInput

FAULTY = "electro_energetic_rat"
"""Its relays flashed four times a second on two nodes, at 69.6 s."""
FEW = (FAULTY, "ambient_echo")
LOADS = (100.0, 40.0, 60.0, 20.0, 100.0, 40.0, 60.0, 20.0)
GAMMA, LEAST = 2.2, 0.05
MANY = os.environ.get("YULELIGHT_BENCH_SONGS") == "all"
SECONDS = float(os.environ.get("YULELIGHT_BENCH_SECONDS", "10"))


@dataclass(frozen=True)
class Lamp:
    """What one light emitted: ``light[k]`` from ``times[k]`` on."""

    node: str
    load: float
    times: list[float]
    light: list[float]


class House:
    """The nodes of a house as processes, each with its share of the eight channels."""

    def __init__(self, folder: Path, service: Service, kinds: Sequence[str], nodes: int) -> None:
        self._folder, self._service, self._kinds, self._nodes = folder, service, kinds, nodes
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._records: dict[str, list[Path]] = {}
        for number in range(nodes):
            self.start(f"node-{number}")

    def channels(self, node: str) -> range:
        number, share = int(node.removeprefix("node-")), 8 // self._nodes
        return range(number * share + 1, (number + 1) * share + 1)

    def start(self, node: str) -> None:
        broker = self._service.broker
        config = self._folder / f"{node}.toml"
        outputs = "".join(
            f'[[outputs]]\nchannel = {c}\ntype = "{self._kinds[c - 1]}"\nload = {LOADS[c - 1]}\n'
            + (f"minimum = {LEAST}\n" if self._kinds[c - 1] == "dimmer" else "")
            for c in self.channels(node)
        )
        config.write_text(
            f'id = "{node}"\nservice = "{self._service.identity.id}"\n'
            f'broker = "mqtt://{broker.username}:{broker.password}@{broker.host}:{broker.port}"\n{outputs}'
        )
        records = self._records.setdefault(node, [])
        records.append(self._folder / f"{node}-{len(records)}.txt")
        with (self._folder / f"{node}.log").open("ab") as log:
            command = ["-m", "tests.node.recorder", "--config", str(config), "--record", str(records[-1])]
            self._processes[node] = subprocess.Popen(
                [sys.executable, *command], stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def end(self, node: str) -> None:
        process = self._processes[node]
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        finally:
            process.kill()
            process.wait()

    def close(self) -> None:
        for node in self._processes:
            self.end(node)

    def shows(self, node: str) -> bool:
        """Whether it has shown anything since it was started last."""
        record = self._records[node][-1]
        return record.exists() and record.stat().st_size > 0

    def lamps(self) -> list[Lamp]:
        """All that was written down."""
        found = []
        for node, records in self._records.items():
            written = [record for record in records if record.exists()]
            lines = [line.split() for record in written for line in record.read_text().splitlines()]
            times = [float(time) for time, _, _ in lines]
            for place, channel in enumerate(self.channels(node)):
                if self._kinds[channel - 1] == "dimmer":
                    light = [luminance(bytes.fromhex(levels)[place], GAMMA, LEAST) for _, levels, _ in lines]
                else:
                    light = [float(on[place]) for _, _, on in lines]
                found.append(Lamp(node, LOADS[channel - 1], times, light))
        return found


def together(
    lamps: Sequence[Lamp], weights: Sequence[float], begin: float, end: float
) -> tuple[list[float], list[float]]:
    """When the weighted sum of the lamps changed between two moments, and what it was then, as a share of all."""
    events = []
    now = [0.0] * len(lamps)
    for number, lamp in enumerate(lamps):
        before = None
        for at, light in zip(lamp.times, lamp.light, strict=True):
            if at < begin:
                now[number] = light
            elif at <= end and light != before:
                events.append((at, number, light))
            before = light
    times, sums = [begin], [sum(w * x for w, x in zip(weights, now, strict=True))]
    for at, number, light in sorted(events):
        now[number] = light
        shown = sum(w * x for w, x in zip(weights, now, strict=True))
        # One node shows all its lights at once.
        if at == times[-1]:
            sums[-1] = shown
        else:
            times.append(at)
            sums.append(shown)
    total = sum(weights)
    return times, [light / total for light in sums]


def count(lamps: Sequence[Lamp], begin: float, end: float) -> dict[str, int]:
    """The worst second of each way to look at the house."""
    even = [1.0] * len(lamps)
    loads = [lamp.load for lamp in lamps]
    nodes = {lamp.node for lamp in lamps}

    def most(chosen: Sequence[Lamp], weights: Sequence[float]) -> int:
        return worst(*together(chosen, weights, begin, end))[0]

    return {
        "house, even": most(lamps, even),
        "house, by load": most(lamps, loads),
        "one node": max(
            most([lamp for lamp in lamps if lamp.node == node], [1.0] * sum(x.node == node for x in lamps))
            for node in nodes
        ),
        "one light": max(most([lamp], [1.0]) for lamp in lamps),
    }


class Hands:
    """What people and automations do to the house."""

    def __init__(self, service: Service, http: aiohttp.ClientSession) -> None:
        self._service, self._http = service, http
        self._topics = Topics(service.identity.id)

    async def control(self, **body: object) -> None:
        async with self._http.post("/api/v1/control", json=body) as response:
            await response.read()

    async def play(self, song: str, look: str, position: float) -> None:
        await self.control(command="play", song=song, look=look)
        for _ in range(600):
            status = self._service.statuses.latest
            if status is not None and status.state == "playing" and status.song and status.song.id == song:
                break
            await asyncio.sleep(0.1)
        await self.control(command="seek", position=position)

    async def storm(self, seconds: float, hertz: float, *steps: Callable[[], Awaitable[None]]) -> None:
        """Each of ``steps`` in turn, ``hertz`` times a second."""
        until, k = time.monotonic() + seconds, 0
        while (left := until - time.monotonic()) > 0:
            begun = time.monotonic()
            await steps[k % len(steps)]()
            k += 1
            await asyncio.sleep(min(left, max(0.0, 1 / hertz - (time.monotonic() - begun))))

    async def songs(self, songs: Sequence[tuple[str, str]]) -> None:
        for name, song in songs:
            for look in ("lively", "classic"):
                await self.play(song, look, 62.0 if FAULTY in name else 20.0)
                await asyncio.sleep(SECONDS)
                await self.control(command="seek", position=62.0 if FAULTY in name else 45.0)
                await asyncio.sleep(SECONDS / 2)

    async def live(self) -> None:
        pushed = PushInput(Song("", "Live stream"), PcmFormat(RATE, 2, "s16le"))
        await self._service.director.ask(OpenInput(pushed))
        samples = (np.clip(carol(SECONDS), -1, 1) * 32767).astype("<i2")
        begun, step = time.monotonic(), RATE // 20
        for k in range(0, len(samples), step):
            await pushed.write(samples[k : k + step].tobytes())
            await asyncio.sleep(max(0.0, begun + (k + step) / RATE - time.monotonic()))
        await self.control(command="stop")

    async def storms(self, song: str) -> None:
        await self.play(song, "lively", 62.0)
        part = SECONDS / 2
        # A third is the light of 0.95 and 0.88, which levels alone do not tell from steady.
        await self.storm(
            part,
            20,
            lambda: self.control(command="brightness", level=0.95),
            lambda: self.control(command="brightness", level=0.88),
        )
        await asyncio.gather(
            self.storm(
                part,
                20,
                lambda: self.control(command="brightness", level=1.0),
                lambda: self.control(command="brightness", level=0.1),
            ),
            self._set_channels(part),
            self.storm(part, 2, lambda: self.control(command="seek", position=62.0)),
        )
        await self.control(command="brightness", level=1.0)

    async def _set_channels(self, seconds: float) -> None:
        async with connect(self._service.broker) as client:

            async def say(channel: int, payload: str) -> None:
                await client.publish(self._topics.channel_set(channel), payload.encode(), qos=0)

            def all_of(payload: str) -> Callable[[], Awaitable[None]]:
                async def step() -> None:
                    for channel in range(1, 9):
                        await say(channel, payload)

                return step

            on, off = '{"state":"ON","brightness":255}', '{"state":"OFF"}'
            show = '{"state":"ON","effect":"show"}'
            await self.storm(seconds, 20, *map(all_of, (on, off, on, show)))

    async def switches(self) -> None:
        await self.storm(
            SECONDS,
            10,
            lambda: self.control(command="all_on", on=True),
            lambda: self.control(command="blackout", on=True),
            lambda: self.control(command="blackout", on=False),
            lambda: self.control(command="all_on", on=False),
        )
        await self.control(command="all_on", on=False)
        await self.control(command="blackout", on=False)

    async def comings_and_goings(self, house: House, song: str) -> None:
        await self.play(song, "classic", 62.0)
        await asyncio.sleep(2)
        await asyncio.to_thread(house.end, "node-0")
        await asyncio.sleep(3)
        house.start("node-0")
        for _ in range(300):
            if house.shows("node-0"):
                break
            await asyncio.sleep(0.1)
        await asyncio.sleep(SECONDS / 2)


async def measured(
    folder: Path, home: Path, music: Path, kinds: Sequence[str], nodes: int
) -> dict[str, dict[str, int]]:
    """The worst seconds of every scenario in a house of so many nodes; the service keeps its shows in ``home``."""
    chosen = (
        sorted(music.iterdir()) if MANY else [f for f in sorted(music.iterdir()) if f.name.startswith(FEW)]
    )
    songs = home / "music"
    songs.mkdir(exist_ok=True)
    for file in chosen:
        if file.suffix in (".mp3", ".ogg", ".flac", ".wav", ".opus"):
            (songs / file.name).unlink(missing_ok=True)
            (songs / file.name).symlink_to(file)
    settings = load(
        data=home / "data", music=[songs], library__render=False, sound__enabled=False,
        zeroconf__enabled=False, http__host="127.0.0.1", http__port=free_port(),
        mqtt__host="127.0.0.1", mqtt__port=free_port(),
    )  # fmt: skip
    spans: dict[str, tuple[float, float]] = {}

    @contextmanager
    def noted(name: str) -> Iterator[None]:
        begun = time.monotonic()
        yield
        spans[name] = begun, time.monotonic()
        print(f"{nodes} nodes: {name}", file=sys.stderr)

    async with running(settings) as service:
        house = House(folder, service, kinds, nodes)
        try:
            found = await asyncio.to_thread(service.library.scan)
            known = [(one.path.name, one.song.id) for one in found if one.path.parent == songs]
            faulty = next(song for name, song in known if name.startswith(FAULTY))
            headers = {"Authorization": f"Bearer {service.identity.token}"}
            async with aiohttp.ClientSession(service.address, headers=headers) as http:
                hands = Hands(service, http)
                await hands.play(faulty, "classic", 0.0)
                await asyncio.sleep(3)
                with noted("songs"):
                    await hands.songs(known)
                with noted("live"):
                    await hands.live()
                with noted("storms"):
                    await hands.storms(faulty)
                with noted("all on and blackout"):
                    await hands.switches()
                with noted("a node ends and comes back"):
                    await hands.comings_and_goings(house, faulty)
                await hands.control(command="stop")
                await asyncio.sleep(1)
        finally:
            await asyncio.to_thread(house.close)
    lamps = house.lamps()
    assert len(lamps) == 8 and all(len(set(lamp.light)) > 1 for lamp in lamps), "a light that never changed"
    return {name: count(lamps, *span) for name, span in spans.items()}


def run() -> Report:
    """Every house, one after the other."""
    audio = os.environ.get("YULELIGHT_AUDIO")
    if not audio:
        sys.exit("safety: set YULELIGHT_AUDIO to a folder of music")
    report = Report("safety")
    with tempfile.TemporaryDirectory() as kept:
        home = Path(kept)
        for kind, nodes in (
            ("relay", 1),
            ("relay", 2),
            ("relay", 4),
            ("relay", 8),
            ("dimmer", 2),
            ("mixed", 4),
        ):
            kinds = ["relay", "dimmer"] * 4 if kind == "mixed" else [kind] * 8
            with tempfile.TemporaryDirectory() as folder:
                found = asyncio.run(measured(Path(folder), home, Path(audio), kinds, nodes))
            for scenario, ways in found.items():
                for way, most in ways.items():
                    report.aim(f"{nodes} x {kind}, {scenario}: {way}", most, most=3, unit="flashes a second")
    return report
