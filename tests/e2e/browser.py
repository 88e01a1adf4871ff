"""A real Chromium, signed in to a real Home Assistant."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from io import BytesIO

import av
import numpy as np
from numpy.typing import NDArray
from playwright.async_api import Browser, BrowserContext, Page

from tests.chromium import AXE, serious
from tests.e2e.hass import HomeAssistant

PATIENCE = 60_000
"""Milliseconds; a busy machine is slow."""

Picture = NDArray[np.float64]


@contextlib.asynccontextmanager
async def at_home(
    browser: Browser,
    home: HomeAssistant,
    path: str,
    width: int = 412,
    height: int = 915,
    dark: bool = True,
    still: bool = False,
) -> AsyncIterator[Page]:
    """A phone's page at ``path``, signed in as the owner, with nothing kept from other visits.

    ``still``: the phone asks for reduced motion.
    """
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce" if still else "no-preference",
        locale="en-GB",
        timezone_id="UTC",
        has_touch=True,
    )
    try:
        await sign_in(context, home)
        page = await context.new_page()
        page.set_default_timeout(PATIENCE)
        await page.goto(home.url + path)
        yield page
    finally:
        await context.close()


async def sign_in(context: BrowserContext, home: HomeAssistant) -> None:
    """All pages opened from now on are the owner's."""
    tokens = {
        "hassUrl": home.url,
        "clientId": f"{home.url}/",
        "access_token": home.token,
        "token_type": "Bearer",
        "expires_in": 1800,
        "refresh_token": "",
        "expires": 4_000_000_000_000,
    }
    await context.add_init_script(f"localStorage.setItem('hassTokens', {json.dumps(json.dumps(tokens))})")


async def photograph(page: Page, selector: str = "") -> Picture:
    """What is seen of the page, or of one element, as (height, width, 3) in 0..255."""
    data = await (page.locator(selector).first.screenshot() if selector else page.screenshot())
    return decoded(data)


def decoded(data: bytes) -> Picture:
    """A picture file as (height, width, 3) in 0..255."""
    with av.open(BytesIO(data), "r") as file:
        return next(file.decode(video=0)).to_ndarray(format="rgb24").astype(float)


async def level(page: Page, channel: int) -> float:
    """How bright a group of lights is drawn, 0 to 1."""
    glow = page.locator(f"yulelight-house #glow-{channel}").first
    return float(await glow.evaluate("glow => getComputedStyle(glow).opacity"))


async def levels(page: Page) -> list[float]:
    """All eight."""
    return [await level(page, channel) for channel in range(1, 9)]


async def until_level(page: Page, channel: int, low: float, high: float) -> None:
    """Wait until a group of lights is drawn that bright."""
    async with asyncio.timeout(PATIENCE / 1000):
        while not low <= await level(page, channel) <= high:
            await asyncio.sleep(0.05)


async def shut_out(page: Page) -> list[str]:
    """What of ours would keep somebody out, by axe, in light and dark; the page stays dark.

    Nothing where axe is not installed: scripts/frontend does that.
    """
    if not AXE.exists():
        return []
    await page.evaluate(AXE.read_text())
    findings = []
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        is_dark = "dark => document.querySelector('home-assistant').hass.themes.darkMode === dark"
        await page.wait_for_function(is_dark, arg=scheme == "dark")
        await asyncio.sleep(1)  # Colours fade from theme to theme.
        found = await serious(page, "document.querySelector('home-assistant')")
        findings += [
            f"{scheme}: {json.dumps(finding)}" for finding in found if "yulelight" in json.dumps(finding[1])
        ]
    return findings
