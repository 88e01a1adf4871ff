"""What the live house costs a phone: main-thread time a frame, by the browser's trace, on a CPU slowed down 4 times.

The service's own page is measured while a song plays and while sound comes in live, whose frames come one by one: the
same parts as the card, without Home Assistant's frontend around them. A frame is one that the browser shows; the lights
are drawn anew in each, mostly by the compositor alone.
"""

import asyncio
import gzip
import json
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np
from playwright.async_api import CDPSession, Page

from tests.benchmarks.aims import Report
from tests.benchmarks.latency import service
from tests.benchmarks.songs import carol
from tests.chromium import HIDE, chromium
from yulelight.app.service import Service
from yulelight.core.messages import Play, State
from yulelight.dsp.spectrum import HOP, RATE

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


@asynccontextmanager
async def live_sound(running_service: Service) -> AsyncIterator[None]:
    """Music comes in at its own pace, a hop at a time, as from a microphone."""
    samples = (np.clip(carol(60), -1, 1) * 32767).astype("<i2")
    pieces = [samples[k : k + HOP].tobytes() for k in range(0, len(samples) - HOP + 1, HOP)]
    url = f"http://127.0.0.1:{running_service.settings.http.port}/api/v1/ingest"
    headers = {"Authorization": f"Bearer {running_service.identity.token}"}
    async with aiohttp.ClientSession() as session, session.ws_connect(url, headers=headers) as ws:
        await ws.send_str(json.dumps({"rate": RATE, "channels": 2, "format": "s16le", "title": "bench"}))

        async def send() -> None:
            start = time.monotonic()
            for k, piece in enumerate(pieces):
                await asyncio.sleep(max(0.0, start + k * HOP / RATE - time.monotonic()))
                await ws.send_bytes(piece)

        sending = asyncio.create_task(send())
        try:
            yield
            assert not sending.done(), "the music was too short"
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)


async def throttled(page: Page) -> Work:
    """What the page does on a slow phone."""
    session = await page.context.new_cdp_session(page)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    try:
        return work(await trace(session, SECONDS))
    finally:
        await session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
        await session.detach()


@dataclass(frozen=True, slots=True)
class Costs:
    """``seen`` and ``hidden``: messages with frames a second."""

    song: Work
    live: Work
    seen: float
    hidden: float


async def measure() -> Costs:
    """While a song plays, while nobody looks, and while sound comes in live."""
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
            song = await throttled(page)
            seen = await messages(page, heard, SECONDS / 2)
            await page.evaluate(HIDE, True)
            await asyncio.sleep(1)
            hidden = await messages(page, heard, SECONDS / 2)
            await page.evaluate(HIDE, False)
            async with live_sound(running_service):
                await page.wait_for_selector("#chip:has-text('Live')")
                await asyncio.sleep(3)
                return Costs(song, await throttled(page), seen, hidden)


def run() -> Report:
    """Size, time and messages."""
    report = Report("card")
    costs = asyncio.run(measure())
    size = len(gzip.compress(CARD.read_bytes()))
    report.aim("card, gzipped", size / 1000, most=60, unit="kB")
    for name, done in (("a song", costs.song), ("live sound", costs.live)):
        busy = done.busy / max(1, done.shown)
        report.aim(f"{name}: main thread a frame, CPU {SLOWER} times slower", busy, most=4, unit="ms")
        report.figure(f"{name}: frames a second", done.shown / SECONDS)
        report.figure(f"{name}: of these drawn with the main thread's help", done.drawn / SECONDS)
        report.figure(f"{name}: main thread busy, CPU {SLOWER} times slower, %", done.busy / 10 / SECONDS)
    report.aim("messages with frames a second", costs.seen, most=20)
    report.aim("messages with frames a second, hidden", costs.hidden, most=0)
    return report
