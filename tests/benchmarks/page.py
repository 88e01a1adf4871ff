"""The page: what a phone fetches, how soon it answers a tap on a slow processor, and how 5,000 songs scroll.

A tap is measured as browsers do it (Event Timing: from the input to the next paint, in steps of 8 ms).
"""

import asyncio
import gzip
import shutil
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks.aims import Report
from tests.brokers import free_port
from tests.chromium import chromium
from tests.library.shelf import make_song
from yulelight.app.build import running
from yulelight.app.settings import load

PAGE = Path(__file__).parents[2] / "service" / "yulelight" / "api" / "page"
SLOWER = 4
SONGS = 5000
TABS = ("playlists", "calendar", "lights", "looks", "health", "guide", "tonight", "songs")
ROUNDS = 3
TAPS = """() => {
  window.taps = [];
  new PerformanceObserver(list => {
    for (const { name, duration, interactionId } of list.getEntries())
      if (interactionId) window.taps.push(duration);
  }).observe({ type: "event", durationThreshold: 16, buffered: false });
}"""
SCROLL = """async () => {
  const gaps = []; let last = performance.now();
  for (let k = 0; k < 150; k++) {
    scrollBy(0, 160);
    const now = await new Promise(requestAnimationFrame);
    gaps.push(now - last); last = now;
  }
  return gaps;
}"""


async def _cpu(session: Any) -> float:
    """Milliseconds of the processor that the page's main thread has spent on scripts, styles and layout."""
    told = {one["name"]: one["value"] for one in (await session.send("Performance.getMetrics"))["metrics"]}
    return float(
        1000 * sum(told[name] for name in ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration"))
    )


async def _tap(page: Any, session: Any, selector: str) -> tuple[float, float]:
    """Milliseconds from the tap to the next paint (16 for what was too quick to be told), and of the processor."""
    before = await _cpu(session)
    await page.evaluate("window.taps.length = 0")
    await page.locator(selector).first.scroll_into_view_if_needed()
    await page.tap(selector)
    await asyncio.sleep(0.8)
    told = await page.evaluate("window.taps")
    return max(told, default=16.0), await _cpu(session) - before


async def measure(home: Path) -> tuple[dict[str, list[tuple[float, float]]], list[float], int]:
    """The taps of each kind, the gaps between frames while scrolling (ms), and rows drawn at most."""
    first = make_song(home / "music" / "Trad. - Carol 0000.flac", 100)
    for n in range(1, SONGS):
        shutil.copy(first, first.with_name(f"Trad. - Carol {n:04}.flac"))
    settings = load(
        data=home / "data", music=[home / "music"], http__host="127.0.0.1", http__port=free_port(),
        mqtt__host="127.0.0.1", mqtt__port=free_port(), zeroconf__enabled=False, sound__enabled=False,
        library__render=False,
    )  # fmt: skip
    async with running(settings) as service, chromium() as browser:
        context = await browser.new_context(
            viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
        )
        page = await context.new_page()
        page.set_default_timeout(120_000)
        await page.goto(service.page)
        await page.wait_for_selector("[data-song]")
        session = await context.new_cdp_session(page)
        await session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        await page.evaluate(TAPS)
        await session.send("Performance.enable", {"timeDomain": "threadTicks"})
        taps: dict[str, list[tuple[float, float]]] = {}
        for _ in range(ROUNDS):
            for tab in TABS:
                taps.setdefault(tab, []).append(await _tap(page, session, f"#tab-{tab}"))
            for name, selector in (("blackout", "#blackout"), ("month", "#month-after")):
                if name == "month":
                    await page.tap("#tab-calendar")
                    await page.wait_for_selector(selector)
                taps.setdefault(name, []).append(await _tap(page, session, selector))
        await page.tap("#tab-songs")
        await page.wait_for_selector("[data-song]")
        await page.evaluate(SCROLL)
        gaps = await page.evaluate(SCROLL)
        rows = await page.locator("[data-song]").count()
        await context.close()
    return taps, list(gaps), rows


def run() -> Report:
    """Size, taps and scrolling."""
    report = Report("page")
    size = sum(len(gzip.compress(path.read_bytes())) for path in PAGE.iterdir())
    report.aim("all files, gzipped", size / 1000, most=120, unit="kB")
    with tempfile.TemporaryDirectory() as folder:
        taps, gaps, rows = asyncio.run(measure(Path(folder)))
    waits = {name: median(wait for wait, _ in each) for name, each in taps.items()}
    works = {name: median(work for _, work in each) for name, each in taps.items()}
    slow = f"CPU {SLOWER} times slower"
    report.aim(f"slowest view: tap to next paint, {slow}", max(waits.values()), most=100, unit="ms")
    for name in taps:
        report.figure(f"{name}: tap to next paint, {slow}, ms", waits[name])
        report.figure(f"{name}: main thread's processor time, ms", works[name])
    report.aim(f"{SONGS} songs: median frame while scrolling", median(gaps), most=34, unit="ms")
    report.figure(f"{SONGS} songs: frames over 100 ms, of {len(gaps)}", sum(gap > 100 for gap in gaps))
    report.figure(f"{SONGS} songs: rows drawn", rows)
    return report
