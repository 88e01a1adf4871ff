"""How exactly light nodes keep time, how soon they go dark, and what they take of the machine.

Whole nodes as processes drive pins of a stand-in for pigpiod, a process of its own, which notes when each changes
(CLOCK_MONOTONIC); a frame's moment is the same clock's. Five minutes each, or as many seconds as the environment
variable YULELIGHT_BENCH_SECONDS says. On a loaded machine four processes for each core do nothing but count. The
jitter is 100 ± 80 ms each way with one piece in fifty lost and sent again,
in order as TCP delivers; there the clock is followed for a minute before the song counts.

What is the machine's own share is measured in the same minutes: a control sleeps as frames come and switches a pin of
another stand-in, with no node between (how late it woke, and how late the stand-in noted what it wrote). Service and
nodes share a clock here, so the offset that a node reports is the error of its estimate; the rest is of waking up.
"""

import asyncio
import json
import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext

import psutil
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from tests.benchmarks.aims import Report
from tests.node.proxy import BadNetwork
from tests.node.stage import Change, Node, Pins, Stage, until

SECONDS = float(os.environ.get("YULELIGHT_BENCH_SECONDS", "300"))
_WARM = min(60.0, SECONDS / 2)


@contextmanager
def bad_network() -> Iterator[Stage]:
    """A house whose nodes have jitter between them and the broker; each node connects anew through it."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    networks: list[BadNetwork] = []

    def through(port: int) -> int:
        networks.append(BadNetwork(port, delay=0.1, jitter=0.08, loss=0.02))
        asyncio.run_coroutine_threadsafe(networks[-1].__aenter__(), loop).result(20)
        return networks[-1].port

    try:
        with Stage(way=through) as stage:
            yield stage
    finally:
        for network in networks:
            asyncio.run_coroutine_threadsafe(network.__aexit__(None, None, None), loop).result(20)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def play(nodes: Sequence[Node]) -> tuple[list[list[Change]], float]:
    """What each node's outputs did in ``SECONDS`` of the song, and seconds of CPU that the first one took."""
    process = psutil.Process(nodes[0].process.pid)
    began, before = time.monotonic(), process.cpu_times()
    time.sleep(SECONDS)
    ended, after = time.monotonic(), process.cpu_times()
    used = after.user + after.system - before.user - before.system
    return [[change for change in node.pins.changes if began < change.time < ended] for node in nodes], used


@contextmanager
def healths(stage: Stage) -> Iterator[list[dict[str, int]]]:
    """What the nodes report of themselves while the context is open."""
    heard: list[dict[str, int]] = []
    client = Client(CallbackAPIVersion.VERSION2)

    def hear(_client: Client, _data: object, message: MQTTMessage) -> None:
        heard.append(json.loads(message.payload))

    client.on_message = hear
    client.connect("127.0.0.1", stage.broker.port)
    client.subscribe("yulelight/ab12/node/+/health")
    client.loop_start()
    try:
        yield heard
    finally:
        client.loop_stop()
        client.disconnect()


@contextmanager
def control(stage: Stage, seconds: float) -> Iterator[dict[str, list[float]]]:
    """Fills in, when the context is left, by how many ms the machine and the stand-in were late meanwhile."""
    (folder := stage.folder / "control").mkdir()
    pins = Pins(folder)
    command = [sys.executable, "-m", "tests.benchmarks.control", str(pins.port), str(seconds)]
    found: dict[str, list[float]] = {}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield found
            said = json.loads(process.communicate(timeout=seconds + 60)[0])
            noted = [change.time for change in pins.changes]
            found["woke"] = said["slept_late"]
            found["noted"] = [1e3 * (b - a) for a, b in zip(said["wrote"], noted, strict=True)]
        finally:
            process.kill()
            pins.process.end()


def quantile(values: Sequence[float], q: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(q * len(ordered)))]


def skews(stage: Stage, played: list[list[Change]]) -> list[float]:
    """How far apart in time all nodes made the same change, for each change, ms."""
    times: dict[tuple[int, int], list[float]] = defaultdict(list)
    for changes in played:
        for change in changes:
            times[change.channel, round((change.time - stage.error(change)) * 1e4)].append(change.time)
    return [1e3 * (max(made) - min(made)) for made in times.values() if len(made) == len(played)]


def timing(report: Report, label: str, stage: Stage, nodes: int, *, most: float, warm: float) -> None:
    """Plays, and reports errors or, for several nodes, the skew between them."""
    made = [stage.node(f"node-{n}") for n in range(nodes)]
    for node in made:
        until(node.follows, node.process)
    time.sleep(warm)
    with healths(stage) as reports, control(stage, SECONDS) as own:
        played, used = play(made)
    errors = [1e3 * abs(stage.error(change)) for changes in played for change in changes]
    report.aim(f"{label}: error p99, ms", quantile(errors, 0.99), most=most, unit="ms")
    report.figure(f"{label}: error p50, ms", statistics.median(errors))
    report.figure(f"{label}: error max, ms", max(errors))
    report.figure(f"{label}: changes measured", len(errors))
    report.figure(
        f"{label}: of it offset, max, ms",
        max((abs(health["offset_us"]) for health in reports), default=0) / 1e3,
    )
    woke = [health["error_p99_us"] / 1e3 for health in reports] or [0.0]
    report.figure(f"{label}: of it waking up, p99, ms", statistics.median(woke))
    report.figure(f"{label}: control woke late, p99, ms", quantile(own["woke"], 0.99))
    report.figure(f"{label}: control noted late, p99, ms", quantile(own["noted"], 0.99))
    if nodes > 1:
        apart = skews(stage, played)
        report.aim(f"{label}: skew p99, ms", quantile(apart, 0.99), most=5, unit="ms")
        report.figure(f"{label}: skew p50, ms", statistics.median(apart))
        return
    process = psutil.Process(made[0].process.pid)
    memory = process.memory_info().rss
    guardian = sum(child.memory_info().rss for child in process.children())
    report.aim(f"{label}: CPU, % of a core", 100 * used / SECONDS, most=5, unit="%")
    report.aim(f"{label}: memory, MB", memory / 1e6, most=40, unit="MB")
    report.figure(f"{label}: memory of its dead man's switch, MB", guardian / 1e6)


@contextmanager
def load() -> Iterator[None]:
    """Four processes for each core that do nothing but count."""
    busy = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(4 * (os.cpu_count() or 1))
    ]
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.wait()


FAULTS = (
    "service killed",
    "service silent",
    "broker killed",
    "broker stopped",
    "node hung",
    "node stopped",
    "node killed",
)
LOADED = ("broker stopped", "service killed", "node stopped", "node killed")
"""Those that are measured on a loaded machine, too."""


def happen(fault: str, stage: Stage, node: Node) -> None:
    """What a fault is."""
    assert stage.song
    match fault:
        case "service killed":
            stage.song.end()
        case "service silent":
            stage.song.send(signal.SIGSTOP)
        case "broker killed":
            stage.broker.kill()
        case "broker stopped":
            stage.broker.send(signal.SIGSTOP)
        case "node hung":
            node.process.send(signal.SIGUSR1)
        case "node stopped":
            node.process.send(signal.SIGSTOP)
        case "node killed":
            node.process.send(signal.SIGKILL)


def dark_after(fault: str, *, loaded: bool) -> float:
    """Seconds from the fault to the last light's going off."""
    with Stage() as stage:
        node = stage.node()
        if fault == "node hung":
            node.process.end(signal.SIGTERM)
            node.start("-m", "tests.node.hang", "--config")
        until(node.follows, node.process)
        with load() if loaded else nullcontext():
            if loaded:
                time.sleep(2.0)
            began = time.monotonic()
            happen(fault, stage, node)
            until(lambda: node.pins.dark)
        return node.pins.changes[-1].time - began


def darkness(report: Report) -> None:
    """Each fault, and how long after it the last light was off; on a loaded machine the worst of several times."""
    for fault in FAULTS:
        report.aim(f"dark after: {fault}, s", dark_after(fault, loaded=False), most=2.6, unit="s")
    for fault in LOADED:
        worst = max(dark_after(fault, loaded=True) for _ in range(3))
        report.aim(f"dark after: {fault}, loaded, worst of 3, s", worst, most=2.6, unit="s")


def run() -> Report:
    """All of it; with the usual five minutes this takes half an hour."""
    report = Report("node")
    darkness(report)
    for nodes in (1, 4):
        name = "one node" if nodes == 1 else "four nodes"
        with Stage() as stage:
            timing(report, name, stage, nodes, most=3, warm=1.0)
        with bad_network() as stage:
            timing(report, f"{name}, jitter", stage, nodes, most=5, warm=_WARM)
    return report
