"""What the live house costs a phone: main-thread time a frame, by the browser's trace, on a CPU slowed down 4 times.

The service's own page is measured while a song plays: the same parts as the card, without Home Assistant's frontend
around them. A frame is one that the browser shows; the lights are drawn anew in each, mostly by the compositor alone.
"""

import asyncio
import gzip
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import CDPSession, Page

from tests.benchmarks.aims import Report
from tests.benchmarks.latency import service
from tests.chromium import HIDE, chromium
from yulelight.messages import Play, State

SECONDS = 10.0
SLOWER = 4
CATEGORIES = (
    "toplevel,devtools.timeline,disabled-by-default-devtools.timeline,"
    "disabled-by-default-devtools.timeline.frame,devtools.timeline.frame,__metadata"
)
CARD = Path(__file__).parents[2] / "custom_components" / "yulelight" / "frontend" / "yulelight-card.js"


async def trace(session: CDPSession, seconds: float) -> list[dict[str, Any]]:
    """All trace events of the next ``seconds``."""
    events: list[dict[str, Any]] = []
    done = asyncio.Event()
    session.on("Tracing.dataCollected", lambda part: events.extend(part["value"]))
    session.on("Tracing.tracingComplete", lambda _: done.set())
    await session.send("Tracing.start", {"categories": CATEGORIES, "transferMode": "ReportEvents"})
    await asyncio.sleep(seconds)
    await session.send("Tracing.end")
    await done.wait()
    return events


@dataclass(frozen=True, slots=True)
class Work:
    """What a page did in a trace."""

    busy: float
    """Milliseconds of CPU of its main thread."""
    shown: int
    """Frames that the browser showed of it."""
    drawn: int
    """Those for which the main thread had to do something."""


def work(events: Sequence[Mapping[str, Any]]) -> Work:
    """Tasks do not lie in each other; their own CPU time leaves out what the machine did for others meanwhile."""
    mains = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }

    def styled(thread: tuple[int, int]) -> int:
        return sum(
            event["name"] == "UpdateLayoutTree" and (event["pid"], event["tid"]) == thread for event in events
        )

    page = max(mains, key=styled)
    tasks = [
        event
        for event in events
        if (event["pid"], event["tid"]) == page
        and event["name"] in {"RunTask", "ThreadControllerImpl::RunTask"}
        and event["ph"] == "X"
    ]
    one = min(event["name"] for event in tasks)  # The same tasks may be told under both names.
    busy = sum(event.get("tdur", event["dur"]) for event in tasks if event["name"] == one)
    shown = sum(event["name"] == "DrawFrame" and event["pid"] == page[0] for event in events)
    return Work(busy / 1000, shown, styled(page))


async def messages(page: Page, heard: list[str], seconds: float) -> float:
    """Messages with frames, a second."""
    heard.clear()
    await asyncio.sleep(seconds)
    return sum('"frames"' in text for text in heard) / seconds


async def measure() -> tuple[Work, float, float]:
    """The work while a song plays; messages with frames a second, seen and hidden."""
    heard: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        async with service(Path(folder), None) as running_service, chromium() as browser:
            songs = await asyncio.to_thread(running_service.library.scan)
            await running_service.director.ask(Play(songs[-1].song.id))
            while (status := running_service.statuses.latest) is None or status.state is not State.PLAYING:
                await asyncio.sleep(0.05)
            page = await browser.new_page(viewport={"width": 412, "height": 915}, device_scale_factor=2)
            page.on("websocket", lambda line: line.on("framereceived", lambda text: heard.append(str(text))))
            await page.goto(running_service.page)
            await page.wait_for_selector("#chip:has-text('Playing')")
            await asyncio.sleep(3)
            session = await page.context.new_cdp_session(page)
            await session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
            live = work(await trace(session, SECONDS))
            await session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
            seen = await messages(page, heard, SECONDS / 2)
            await page.evaluate(HIDE, True)
            await asyncio.sleep(1)
            return live, seen, await messages(page, heard, SECONDS / 2)


def run() -> Report:
    """Size, time and messages."""
    report = Report("card")
    live, seen, hidden = asyncio.run(measure())
    size = len(gzip.compress(CARD.read_bytes()))
    report.aim("card, gzipped", size / 1000, most=60, unit="kB")
    time = live.busy / max(1, live.shown)
    report.aim(f"main thread a frame, CPU {SLOWER} times slower", time, most=4, unit="ms")
    report.aim("messages with frames a second", seen, most=20)
    report.aim("messages with frames a second, hidden", hidden, most=0)
    report.figure("frames a second", live.shown / SECONDS)
    report.figure("of these drawn with the main thread's help", live.drawn / SECONDS)
    report.figure("main thread busy, CPU 4 times slower, %", live.busy / 10 / SECONDS)
    return report
