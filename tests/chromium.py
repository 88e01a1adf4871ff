"""The machine's own Chromium, and what tests, pictures and benchmarks ask of a page in it."""

import contextlib
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
AXE = Path(__file__).parents[1] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
"""Where scripts/frontend installs it."""
HIDE = """hidden => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
"""Evaluated with True, the page takes itself for hidden."""


@contextlib.asynccontextmanager
async def chromium() -> AsyncIterator["Browser"]:
    """One browser; ended in every case."""
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            await browser.close()


async def serious(page: "Page", root: str = "document") -> list[tuple[str, list[Any], str]]:
    """What axe finds below ``root`` (JavaScript) that would keep somebody out: rule, where, and what to do.

    AXE has to have been evaluated on the page.
    """
    found = await page.evaluate(f"axe.run({root}, {{ resultTypes: ['violations'] }})")
    return [
        (violation["id"], node["target"], node["failureSummary"])
        for violation in found["violations"]
        if violation["impact"] in {"serious", "critical"}
        for node in violation["nodes"]
    ]
