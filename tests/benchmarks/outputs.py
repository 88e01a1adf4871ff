"""How exactly pixels on the network keep time, what they cost, and how soon they go dark.

A show of 40 frames a second goes its whole real way (lights, limits of the house, outputs, DDP) to receivers on the
loopback, where the kernel stamps each packet; a frame's error is that of its last packet against its moment. A
control in the same minute sends the same packets in a bare loop of sleeps. As many seconds each as
YULELIGHT_BENCH_SECONDS says (30).

LedFx shows as many pixels of its own in the same run, where it can be installed: how evenly frames come, and what they
cost.

Dark after: a show at full light on DDP, E1.31 and Art-Net controllers that keep their last frame, and on a double of
WLED, whose process is killed, stopped, or hears nothing any more; seconds from there until all are dark, at worst.
The same devices driven by a node, whose process, broker or service ends or falls silent.
"""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

import numpy as np

from tests.benchmarks import pixel_node
from tests.benchmarks.aims import Report
from tests.benchmarks.ledfx import compare
from tests.benchmarks.pixel_show import RATE, level
from tests.benchmarks.wire import listening
from tests.outputs.controllers import Slots
from tests.outputs.wled_double import Wled

SECONDS = float(os.environ.get("YULELIGHT_BENCH_SECONDS", "30"))
ROUNDS = 3
CASES = ((1, 8, 3.0), (20, 500, 5.0), (200, 50, None))
"""Devices, pixels on each, and the most ms that 99 of 100 frames may be off."""


def errors(rows: np.ndarray, start: float, device: int) -> list[float]:
    """By how many ms the last packet of each frame was late at ``device``."""
    found: dict[int, float] = {}
    for _, at, push, value in rows[rows[:, 0] == device]:
        about = round((at - start) * RATE)
        near = [k for k in range(max(0, about - 60), about + 60) if level(k) == value]
        if push and near:
            k = min(near, key=lambda k: abs(at - start - k / RATE))
            found.setdefault(k, 1e3 * (at - start - k / RATE))
    return list(found.values())


def p99(values: list[float]) -> float:
    ordered = sorted(map(abs, values))
    return ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))] if ordered else float("inf")


def timed(report: Report, devices: int, pixels: int, most: float | None) -> None:
    """Show and control at once, each to receivers of its own; no control where there is no aim."""
    about = f"{devices} of {pixels} pixels"
    said = []
    with listening(2 * devices) as heard:
        ports = list(map(str, heard.ports))
        modules = [("pixel_show", ports[:devices]), ("pixel_control", ports[devices:])][
            : 1 + (most is not None)
        ]
        senders = [
            subprocess.Popen(
                [sys.executable, "-m", f"tests.benchmarks.{module}", str(pixels), str(SECONDS), *own],
                stdout=subprocess.PIPE,
                text=True,
            )
            for module, own in modules
        ]
        for sender in senders:
            said.append(json.loads(sender.communicate(timeout=SECONDS + 60)[0]))
    rows = heard.rows
    show, bare = said[0], said[-1]
    ours = [error for device in range(devices) for error in errors(rows, show["start"], device)]
    control = [
        error for device in range(devices, 2 * devices) for error in errors(rows, bare["start"], device)
    ]
    expected = devices * round(SECONDS * RATE)
    if most is None:
        report.figure(f"{about}: error p99, ms", p99(ours))
    else:
        report.aim(f"{about}: error p99, ms", p99(ours), most=most, unit="ms")
    if most is not None:
        report.figure(f"{about}: control's error p99, ms", p99(control))
    report.figure(f"{about}: error median, ms", float(np.median(np.abs(ours))) if ours else float("inf"))
    report.figure(f"{about}: share of frames that came", len(ours) / expected)
    report.figure(f"{about}: CPU, % of a core", 100 * show["cpu"])
    report.figure(f"{about}: CPU for 1,000 pixels, % of a core", 1e5 * show["cpu"] / (devices * pixels))


async def dark_after(how: signal.Signals) -> dict[str, float]:
    """Seconds until each kind of device is dark after the show's process gets the signal; SIGUSR1 ends its news."""
    async with contextlib.AsyncExitStack() as stack:
        controllers = [await stack.enter_async_context(Slots(kind)) for kind in ("ddp", "e131", "artnet")]
        device = await stack.enter_async_context(Wled())
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        settings = [each.settings() for each in controllers] + [device.settings()]
        show = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.outputs.killed_show", folder, *map(json.dumps, settings)
        )
        until = time.monotonic() + 60
        while not (device.streams and all(each.lit for each in controllers)) and time.monotonic() < until:
            await asyncio.sleep(0.05)
        await asyncio.sleep(3)
        began = time.monotonic()
        show.send_signal(how)
        dark: dict[str, float] = {}
        while len(dark) < 4 and time.monotonic() < began + 20:
            lit = {each.kind: each.lit for each in controllers} | {"wled": device.seen > 0}
            for kind, still in lit.items():
                if not still:
                    dark.setdefault(kind, time.monotonic() - began)
            await asyncio.sleep(0.005)
        with contextlib.suppress(ProcessLookupError):
            show.kill()
        await show.wait()
        return {kind: dark.get(kind, float("inf")) for kind in ("ddp", "e131", "artnet", "wled")}


def run() -> Report:
    report = Report("outputs")
    for devices, pixels, most in CASES:
        timed(report, devices, pixels, most)
    compare(report, SECONDS)
    for name, how in (
        ("killed", signal.SIGKILL),
        ("stopped", signal.SIGSTOP),
        ("no more news", signal.SIGUSR1),
    ):
        found = [asyncio.run(dark_after(how)) for _ in range(ROUNDS)]
        for kind in found[0]:
            worst = max(each[kind] for each in found)
            report.aim(f"{kind} dark after the show is {name}, s", worst, most=2.6, unit="s")
    for name, fault in pixel_node.FAULTS.items():
        found = [asyncio.run(pixel_node.dark_after(fault)) for _ in range(ROUNDS)]
        for kind in pixel_node.KINDS:
            worst = max(each[kind] for each in found)
            report.aim(f"a node's {kind} dark after {name}, s", worst, most=2.6, unit="s")
    return report
