"""What each further light node costs, and where one broker ends: 1 to 1,000 nodes, and bridged brokers.

`yulelight serve` plays a song beside a mosquitto of its own process. All nodes are simulated by one light process
(tests/benchmarks/crowd_of_nodes.py) that speaks the contract: statuses, clock pings, health, frames. Clocks of service
and nodes are the same, so what a node's clock says is its error. CPU is the processor's, over as many seconds as
YULELIGHT_BENCH_SECONDS says (20); YULELIGHT_BENCH_NODES names the numbers of nodes. The bridged mosquittos follow the
first by the lines that docs/scale.md shows, which are read from there.
"""

import asyncio
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.benchmarks.aims import Report
from tests.benchmarks.footprint import cpu, playing
from tests.brokers import Mosquitto
from yulelight.core.identity import load_or_make

SECONDS = float(os.environ.get("YULELIGHT_BENCH_SECONDS", "20"))
COUNTS = [int(count) for count in os.environ.get("YULELIGHT_BENCH_NODES", "1,10,100,1000").split(",")]
BRIDGED = 2, 3
PAGE = Path(__file__).parents[2] / "docs" / "scale.md"


def bridge(service: str, port: int, name: str) -> list[str]:
    """What docs/scale.md writes into the mosquitto.conf of a broker that follows another, for one on the loopback."""
    block = PAGE.read_text().split("```conf\n# the neighbour's broker\n")[1].split("```")[0]
    for written, here in {
        "4f2a9c10": service,
        "192.168.1.5:1883": f"127.0.0.1:{port}",
        "our-street": name,
    }.items():
        block = block.replace(written, here)
    lines = [line.partition("  #")[0].rstrip() for line in block.splitlines()]
    beside = ("listener", "allow_anonymous", "password_file", "remote_username", "remote_password")
    return [line for line in lines if line and not line.startswith(beside)]


@contextmanager
def brokers(service: str, count: int) -> Iterator[list[Mosquitto]]:
    """The service's broker, and ``count`` - 1 that follow it."""
    with ExitStack() as stack:
        first = stack.enter_context(Mosquitto(verbose=False, settings=["set_tcp_nodelay true"]))
        others = [
            stack.enter_context(Mosquitto(verbose=False, settings=bridge(service, first.port, f"street-{n}")))
            for n in range(1, count)
        ]
        yield [first, *others]


@dataclass(frozen=True)
class Found:
    """What the nodes found (crowd_of_nodes.py), and the share of a core that each process took meanwhile."""

    clock: list[float]
    lead: list[float]
    packets: int
    cpu: dict[str, float]
    seconds: float


async def crowd(service: str, count: int, ports: Sequence[int], watched: dict[str, list[int]]) -> Found:
    """Runs the nodes for SECONDS; ``watched``: ids of processes whose CPU counts."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.benchmarks.crowd_of_nodes", service, str(count), *map(str, ports),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=2**24,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        async with asyncio.timeout(300):
            await process.stdout.readline()
        watched = watched | {"nodes": [process.pid]}
        known = {name: [psutil.Process(pid) for pid in pids] for name, pids in watched.items()}
        before = {name: sum(map(cpu, each)) for name, each in known.items()}
        began = time.monotonic()
        await asyncio.sleep(SECONDS)
        took = time.monotonic() - began
        used = {name: (sum(map(cpu, each)) - before[name]) / took for name, each in known.items()}
        said, _ = await asyncio.wait_for(process.communicate(b""), 60)
        return Found(**json.loads(said), cpu=used, seconds=took)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def quantile(values: list[float], q: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(q * len(ordered)))] if ordered else float("nan")


async def measure(report: Report, folder: Path, counts: Sequence[int], several: int) -> None:
    """All ``counts`` of nodes on ``several`` brokers."""
    identity = load_or_make(folder)
    with brokers(identity.id, several) as made:
        async with playing(
            folder, folder.parent / "passes", "--broker", f"127.0.0.1:{made[0].port}"
        ) as service:
            for count in counts:
                found = await crowd(
                    identity.id,
                    count,
                    [broker.port for broker in made],
                    {"service": [service.pid], "broker": [broker.pid for broker in made]},
                )
                label = f"{count} nodes" + (f", {several} brokers" if several > 1 else "")
                tell(report, label, count, found)


def tell(report: Report, label: str, count: int, found: Found) -> None:
    """The figures of one number of nodes."""
    leads = found.lead
    late = 100 * sum(lead < 0 for lead in leads) / max(1, len(leads))
    report.aim(f"{label}: nodes that know the clock, %", 100 * len(found.clock) / count, least=99)
    report.aim(f"{label}: error of the clock, p99", quantile(found.clock, 0.99), most=5, unit="ms")
    report.aim(f"{label}: packets that came too late, %", late, most=1)
    report.figure(f"{label}: shortest lead of a packet in a hundred, ms", quantile(leads, 0.01))
    report.figure(f"{label}: packets a second and node", found.packets / count / found.seconds)
    report.figure(f"{label}: service, % of a core", 100 * found.cpu["service"])
    report.figure(f"{label}: brokers, % of a core", 100 * found.cpu["broker"])
    report.figure(f"{label}: all simulated nodes, % of a core", 100 * found.cpu["nodes"])


def slopes(report: Report) -> None:
    """What a node adds, from the smallest to the largest number of them."""
    few, many = min(COUNTS), max(COUNTS)
    if few == many:
        return
    for who in ("service", "brokers"):
        added = [report.figures[f"{count} nodes: {who}, % of a core"] for count in (few, many)]
        report.aim(
            f"{who}: % of a core for each further node", (added[1] - added[0]) / (many - few), most=0.03
        )


def run() -> Report:
    """One broker with ever more nodes, then the most nodes on several."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    report = Report("growth")
    with tempfile.TemporaryDirectory() as name:
        (data := Path(name) / "data").mkdir()
        asyncio.run(measure(report, data, COUNTS, 1))
        slopes(report)
        for several in BRIDGED:
            asyncio.run(measure(report, data, [max(COUNTS)], several))
    report.figure("load of the machine", os.getloadavg()[0])
    return report
