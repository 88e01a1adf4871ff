"""The pictures of docs/home-assistant.md and the card's, taken from a real Home Assistant: `scripts/pictures`."""

import asyncio
import os
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, FloatRect, Page, ViewportSize

from tests.brokers import Mosquitto
from tests.carols import CAROLS, shelf
from tests.chromium import chromium
from tests.e2e.browser import at_home, sign_in
from tests.e2e.hass import HomeAssistant, wait_for
from tests.e2e.house import ServiceProcess, light_node
from tests.e2e.test_home_assistant import add_mqtt
from tests.e2e.test_integration import discovered, is_there, moving, pair
from tests.pictures import IMAGES, MOMENT
from yulelight.mqtt.address import BrokerAddress

PLAYER = "media_player.yulelight"
SIZE: ViewportSize = {"width": 1280, "height": 800}
FOUND: FloatRect = {"x": 256, "y": 56, "width": 1024, "height": 310}
"""Where the page of integrations shows what was discovered."""
SETTLE = 2.0
"""Seconds for a page to draw itself and its animations to end."""


async def signed_in(browser: Browser, home: HomeAssistant) -> Page:
    """A page of Home Assistant, signed in as its owner."""
    context = await browser.new_context(viewport=SIZE, locale="en-GB", timezone_id="UTC")
    await sign_in(context, home)
    return await context.new_page()


async def take(
    page: Page,
    home: HomeAssistant,
    path: str,
    name: str,
    ready: str,
    clip: FloatRect | None = None,
    open_: str = "",
) -> None:
    """The page at ``path`` as docs/images/``name``, or ``clip`` of it, once ``ready`` can be read on it.

    ``open_``: what to open on the page before.
    """
    await page.goto(f"{home.url}{path}")
    if open_:
        await page.locator("ha-card", has_text=open_).first.click(timeout=60_000)
    await page.get_by_text(ready).first.wait_for(timeout=60_000)
    await asyncio.sleep(SETTLE)
    # It asks whether the port and the address of this test were meant.
    if await (confirm := page.get_by_role("button", name="Confirm")).count():
        await confirm.click()
        await asyncio.sleep(SETTLE)
    await page.screenshot(path=IMAGES / name, type="jpeg", quality=85, clip=clip)


async def songs_and_shows(home: HomeAssistant, service: ServiceProcess) -> None:
    """Two playlists, and a month of evenings from sunset."""
    await wait_for(lambda: _songs(service), "the service to know its songs")
    songs = [song["id"] for song in (await service.get("songs"))["songs"]]
    await service.send("PUT", "playlists/Carols", {"songs": songs})
    await service.send("PUT", "playlists/Santa", {"songs": songs[:1]})
    place = {"latitude": 52.5, "longitude": 13.4, "elevation": 34.0, "timezone": "UTC"}
    await service.send("PUT", "place", place)
    first = date.today().replace(day=1) + timedelta(days=4)
    evening: dict[str, Any] = {
        "summary": "Carols in the street",
        "playlist": "Carols",
        "look": "calm",
        "start": {"sun": "sunset", "offset": -15, "date": first.isoformat()},
        "end": f"{first}T22:00:00",
        "rrule": "FREQ=DAILY;COUNT=24",
    }
    await service.send("POST", "schedule", evening)
    visit = {"summary": "Santa comes", "playlist": "Santa", "end": {"duration": 20}}
    for week in range(3):
        day = first + timedelta(days=1 + 7 * week)
        await service.send("POST", "schedule", {**visit, "start": f"{day}T19:00:00"})


async def _songs(service: ServiceProcess) -> bool:
    return bool((await service.get("songs"))["songs"])


async def card(browser: Browser, home: HomeAssistant, service: ServiceProcess) -> None:
    """The dashboard that is made in one click, on a phone in the evening and on one by day."""
    await home.ws_command("lovelace/dashboards/create", url_path="our-house", title="Our house")
    strategy = {"strategy": {"type": "custom:yulelight"}}
    await home.ws_command("lovelace/config/save", url_path="our-house", config=strategy)
    for name, dark in (("card-dark.jpg", True), ("card-light.jpg", False)):
        async with at_home(browser, home, "/our-house/show", dark=dark) as page:
            await page.wait_for_selector("yulelight-card #play:enabled")
            await service.control("seek", position=MOMENT - 3)
            await asyncio.sleep(3.3)
            await page.screenshot(path=IMAGES / name, type="jpeg", quality=82)


async def main(executable: str) -> None:
    """All of them, in the order in which a user sees them."""
    with tempfile.TemporaryDirectory() as data, tempfile.TemporaryDirectory() as music:
        shelf(Path(music))
        async with Mosquitto.with_password() as broker, chromium() as browser:
            address = BrokerAddress(broker.host, broker.port, broker.user, broker.password)
            home = HomeAssistant(executable, more="automation: !include automations.yaml\n", integration=True)
            async with (
                ServiceProcess(Path(data), address, more=["--music", music]) as service,
                light_node(service) as lights,
                home,
            ):
                await home.open_pages()
                page = await signed_in(browser, home)
                await add_mqtt(home, service.broker, protocol=None)
                await songs_and_shows(home, service)
                flow = await discovered(home)
                await take(
                    page, home, "/config/integrations/dashboard", "ha-discovery.jpg", "Discovered", FOUND
                )
                await pair(home, flow["flow_id"], service.identity.token)
                await service.control("play", playlist="Carols", repeat="all")
                await wait_for(is_there(home, PLAYER, "playing"), "the show")
                await wait_for(moving(lights), "the lights to move")
                device = next(
                    device["id"]
                    for device in await home.devices()
                    if ["yulelight", service.identity.id] in device["identifiers"]
                )
                await take(page, home, f"/config/devices/device/{device}", "ha-device.jpg", "Audio delay")
                await take(page, home, "/calendar", "ha-calendar.jpg", "Carols in the street")
                where = f"/media-browser/{PLAYER}"
                await take(page, home, where, "ha-media.jpg", CAROLS[0][0], open_="Songs")
                await card(browser, home, service)


if __name__ == "__main__":
    asyncio.run(main(os.environ.get("YULELIGHT_HASS") or sys.argv[1]))
