"""The dashboard card in a real Home Assistant with the real service, as a family uses it on a phone."""

import asyncio
import json
from typing import Any

import numpy as np
from playwright.async_api import Page, WebSocketRoute

from tests.e2e.browser import at_home, levels, photograph, shut_out, until_level
from tests.e2e.card_house import (
    CARD,
    WITH_A_BROWSER,
    House,
    house,  # noqa: F401
    position_below,
    position_near,
    status_is,
)
from tests.e2e.hass import wait_for
from tests.e2e.house import ServiceProcess
from tests.e2e.test_home_assistant import executable  # noqa: F401

pytestmark = WITH_A_BROWSER

SPOTS = (
    (166, 280, 18, 22),
    (112, 242, 64, 14),
    (212, 183, 20, 10),
    (122, 200, 20, 26),
    (35, 180, 36, 60),
    (102, 174, 58, 12),
    (146, 105, 44, 8),
    (214, 48, 16, 16),
)
"""Where there are many bulbs of each group in the drawing, 400 wide: left, top, width and height."""
PHONE = (412, 915)


async def test_an_evening_with_the_card(house: House) -> None:  # noqa: F811
    """One test: each part goes on from where the one before left the house, as in life."""
    home, browser = house.home, house.browser
    await house.dashboard({"cards": [CARD]})
    async with at_home(browser, home, "/our-house/0") as page:
        await page.wait_for_selector("yulelight-card #play:enabled")
        await a_playlist_is_played(page, house.service)
        await the_lights_move(page, house.service)
        await the_song_is_moved(page, house.service)
        await a_light_is_taken_over(page, house.service)
        await a_light_is_held(page)
        await everything_goes_dark(page, house.service)
        await the_theme_changes(page)
        await the_service_goes_and_comes_back(page, house.service)
        await nobody_is_shut_out(page)
        await the_theme_comes_before_the_settings(page)


async def a_playlist_is_played(page: Page, service: ServiceProcess) -> None:
    await page.select_option("#playlist", "Christmas")
    await wait_for(status_is(service, state="playing", playlist="Christmas"), "the playlist")
    title = (await service.get("status"))["song"]["title"]
    await page.wait_for_selector(f"yulelight-card #title:has-text('{title}')")
    await page.wait_for_selector("#track i:nth-child(2)", state="attached")
    await page.click("#play")
    await wait_for(status_is(service, state="paused"), "the pause")
    await page.wait_for_selector("#play[aria-label='Resume']")
    await page.click("#play")
    await wait_for(status_is(service, state="playing"), "the song to go on")
    await page.click("#shuffle")
    await page.wait_for_selector("#shuffle[aria-pressed=true]")
    await page.click("#shuffle")
    await wait_for(status_is(service, shuffle=False), "the songs in order")


async def the_lights_move(page: Page, service: ServiceProcess) -> None:
    """Over a while every group is seen bright and dim; and what is drawn is what the frames say."""
    await page.wait_for_selector("#chip:has-text('Playing')")
    seen: list[list[float]] = []

    async def enough() -> bool:
        seen.append(await levels(page))
        return len(seen) > 8 and bool(np.all(np.ptp(np.array(seen), axis=0) > 0.15))

    await wait_for(enough, "all groups of lights to move")
    told, drawn = [], []
    for position in (12, 31, 44, 52, 58, 66, 71, 79):
        await service.control("seek", position=position)
        await asyncio.sleep(1)
        await service.control("pause")
        told.append(await still_levels(page))
        drawn.append(await brightness(page))
        await service.control("resume")
    level, pixels = np.array(told), np.array(drawn)
    moved = np.ptp(level, axis=0) > 0.2
    assert moved.sum() >= 4
    for channel in np.flatnonzero(moved):
        fit = np.corrcoef(level[:, channel], pixels[:, channel])[0, 1]
        assert fit > 0.6, f"light {channel + 1} is bright when its frames are"


async def still_levels(page: Page) -> list[float]:
    """What is drawn once it stands still, as while the song is paused."""
    last: list[float] = []
    async with asyncio.timeout(60):
        while True:
            await asyncio.sleep(0.7)
            now = await levels(page)
            if now == last:
                return now
            last = now


async def brightness(page: Page) -> list[float]:
    """Mean of the pixels of some bulbs of each group of lights."""
    picture = await photograph(page, "yulelight-house")
    scale = picture.shape[1] / 400
    spots = [[round(side * scale) for side in spot] for spot in SPOTS]
    return [picture[top : top + high, left : left + wide].mean() for left, top, wide, high in spots]


async def the_song_is_moved(page: Page, service: ServiceProcess) -> None:
    await service.control("pause")
    await page.wait_for_selector("#play[aria-label='Resume']")
    await page.focus("#seek")
    await page.keyboard.press("Home")
    await wait_for(position_below(service, 3), "the start of the song")
    box = await page.locator("#seek").bounding_box()
    assert box is not None
    await page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + 22)
    duration = (await service.get("status"))["song"]["duration"]
    await wait_for(position_near(service, duration / 2, duration * 0.04), "the middle of the song")
    await page.click("#play")
    await wait_for(status_is(service, state="playing"), "the song to go on")


async def a_light_is_taken_over(page: Page, service: ServiceProcess) -> None:
    await page.wait_for_selector("#light-5[data-owner=show]")
    await page.click("#light-5")
    await page.wait_for_selector("#light-5[data-owner=you]")
    await page.wait_for_selector("#taken:visible")
    await page.focus("#taken-level input")
    await page.keyboard.press("End")
    await until_level(page, 5, 0.98, 1)
    await page.keyboard.press("Home")
    await until_level(page, 5, 0, 0.02)
    assert (await service.get("channels"))["channels"][4]["effect"] != "show"
    await page.keyboard.press("End")
    await page.click("#taken-release")
    await page.wait_for_selector("#light-5[data-owner=show]")
    assert not await page.locator("#taken").is_visible()


async def a_light_is_held(page: Page) -> None:
    """Holding shows the details and changes nothing."""
    box = await page.locator("#light-8").bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + 20, box["y"] + 20)
    await page.mouse.down()
    await page.wait_for_selector("#taken:has-text('Star')")
    await page.mouse.up()
    assert await page.get_attribute("#light-8", "data-owner") == "show"
    await page.click("#taken-close")


async def everything_goes_dark(page: Page, service: ServiceProcess) -> None:
    """The button is as wide as the card and in sight without scrolling, whatever the phone."""
    box, card = (
        await page.locator("#blackout").bounding_box(),
        await page.locator("yulelight-card").bounding_box(),
    )
    assert box is not None and card is not None
    assert box["width"] > card["width"] * 0.85 and box["height"] >= 60
    assert box["y"] + box["height"] <= PHONE[1]
    await page.click("#blackout")
    await wait_for(status_is(service, blackout=True), "the blackout")
    for channel in range(1, 9):
        await until_level(page, channel, 0, 0.01)
    await page.click("#blackout")
    await wait_for(status_is(service, blackout=False), "light again")
    await page.select_option("#look", "calm")
    await wait_for(status_is(service, look="calm"), "the calm look")
    await page.focus("#brightness input")
    await page.keyboard.press("Home")
    await wait_for(status_is(service, brightness=0), "the master brightness")
    await page.keyboard.press("End")
    await wait_for(status_is(service, brightness=1), "full brightness")


async def the_theme_changes(page: Page) -> None:
    dark = await photograph(page, "yulelight-card")
    await page.emulate_media(color_scheme="light")
    await page.wait_for_selector("yulelight-house .dusk", state="attached")
    light = await photograph(page, "yulelight-card")
    assert light[-200:].mean() > dark[-200:].mean() + 60, "the card follows the theme"
    await page.emulate_media(color_scheme="dark")
    await page.wait_for_selector("yulelight-house .night", state="attached")


async def the_service_goes_and_comes_back(page: Page, service: ServiceProcess) -> None:
    await service.kill()
    await page.wait_for_selector("#chip:has-text('Connection lost')")
    assert await page.locator("#blackout").is_disabled()
    await service.__aenter__()
    await page.wait_for_selector("#blackout:enabled")
    await service.control("play", playlist="Christmas", repeat="all")
    await page.wait_for_selector("#chip:has-text('Playing')")

    async def moving() -> bool:
        return sum(await levels(page)) > 0.3

    await wait_for(moving, "the lights to be seen again")


async def nobody_is_shut_out(page: Page) -> None:
    """No serious finding of axe."""
    assert await shut_out(page) == []


async def the_theme_comes_before_the_settings(page: Page) -> None:
    """Home Assistant then draws a dark dashboard and never says that it is dark."""
    themes_told = asyncio.Event()

    def between(page_side: WebSocketRoute) -> None:
        server = page_side.connect_to_server()
        asked: dict[int, str] = {}
        held: list[str] = []

        def ask(text: str | bytes) -> None:
            asked.update((message["id"], message["type"]) for message in messages(text) if "id" in message)
            server.send(text)

        def answer(text: str | bytes) -> None:
            for message in messages(text):
                kind = asked.pop(message["id"], "") if message.get("type") == "result" else ""
                if kind == "get_config" and not themes_told.is_set():
                    held.append(json.dumps(message))
                    continue
                page_side.send(json.dumps(message))
                if kind == "frontend/get_themes":
                    themes_told.set()
                    while held:
                        page_side.send(held.pop(0))

        page_side.on_message(ask)
        server.on_message(answer)

    await page.route_web_socket("**/api/websocket", between)
    await page.reload()
    await page.wait_for_selector("yulelight-card #play:enabled")
    assert themes_told.is_set()
    # Nothing is left to come: the sky stays as it is now.
    await asyncio.sleep(2)
    knows = "document.querySelector('home-assistant').hass.themes.darkMode"
    assert await page.evaluate(f"{knows} ?? null") is None, "Home Assistant tells it now; this part can go"
    assert await page.locator("yulelight-house .night").count() == 1


def messages(text: str | bytes) -> list[dict[str, Any]]:
    """Home Assistant may send several at once."""
    told = json.loads(text)
    return told if isinstance(told, list) else [told]
