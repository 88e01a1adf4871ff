"""A playlist of songs and radio stations, made on the page; and what becomes of an open one when the line breaks."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from tests.api.page_house import PHONE, SMALL, Home, home, no_barriers, settings_of
from tests.chromium import CHROMIUM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]

LIST = "Bob's big band"
"""Its letters include that of the blackout's key."""
SONGS = ("Noël", *(f"Song {n}" for n in range(12)))


async def send(house: Home, method: str, path: str, body: Any) -> None:
    headers = {"Authorization": f"Bearer {house.service.identity.token}"}
    url = f"{house.service.address}api/v1/{path}"
    async with (
        ClientSession(headers=headers) as session,
        session.request(method, url, json=body) as answer,
    ):
        assert answer.status == 200, await answer.text()


async def kept(house: Home) -> list[tuple[str, float | None]]:
    items = (await house.get(f"playlists/{LIST}"))["items"]
    return [(item["title"], item["station"] and item["station"]["seconds"]) for item in items]


async def becomes(house: Home, *wanted: tuple[str, float | None]) -> None:
    async with asyncio.timeout(30):
        while await kept(house) != list(wanted):
            await asyncio.sleep(0.05)


async def test_a_playlist_has_songs_and_stations(tmp_path: Path) -> None:
    async with home(settings_of(tmp_path, SONGS, seconds=0.5), ()) as house:
        for name in ("Radio Noël", "Radio Two"):
            await send(house, "POST", "stations", {"url": f"https://radio.example/{name[-1]}", "name": name})
        async with house.open(SMALL, "playlists") as page:
            await page.focus("#playlist-name")
            await page.keyboard.type(LIST)
            await page.keyboard.press("Enter")
            await page.click("#list-add")
            assert (await house.get("status"))["blackout"] is False, "letters that are typed are no keys"
            await page.wait_for_selector("#stations li:nth-child(2)")
            await page.wait_for_selector("#find")
            await page.fill("#find", "noel")
            await page.click("#stations [data-add]:has-text('Radio Noël')")
            assert await page.locator("#stations li").count() == 1
            await page.click("[data-song]:has-text('Noël')")
            await becomes(house, ("Radio Noël", 0), ("Noël", None))
            await no_barriers(page)
            await page.click("#list-done")
            await page.wait_for_selector("text=Give Radio Noël a time")
            await page.select_option("[data-lasts]", label="30 minutes")
            await becomes(house, ("Radio Noël", 1800), ("Noël", None))
            await page.wait_for_selector("text=1 song · 1 station")
            await page.focus("yulelight-sortable li:nth-child(1) .handle")
            await page.keyboard.press("ArrowDown")
            await becomes(house, ("Noël", None), ("Radio Noël", 1800))
            await no_barriers(page)
            await page.click("yulelight-sortable li:nth-child(2) .remove")
            await becomes(house, ("Noël", None))
            await page.click("#undo")
            await becomes(house, ("Noël", None), ("Radio Noël", 1800))


async def test_after_a_lost_connection_the_list_is_what_the_house_has(tmp_path: Path) -> None:
    async with home(settings_of(tmp_path, ("One", "Two", "Three"), seconds=0.5), (LIST,)) as house:
        before = await kept(house)
        async with house.open(PHONE, "playlists") as page:
            await page.click(f'[data-list="{LIST}"]')
            await page.focus("yulelight-sortable li:nth-child(1) .handle")
            await page.route("**/playlists/**", lambda route: route.abort())
            await page.keyboard.press("ArrowDown")
            await page.wait_for_selector(".toast:has-text('did not work')")
            await page.unroute("**/playlists/**")
            await page.evaluate("document.querySelector('#remote').source.socket.connect()")
            title = before[0][0]
            await page.wait_for_selector(f"yulelight-sortable li:nth-child(1):has-text('{title}')")
            assert await kept(house) == before


async def test_two_phones_at_one_list_take_out_what_they_see(tmp_path: Path) -> None:
    async with home(settings_of(tmp_path, ("One", "Two", "Three"), seconds=0.5), (LIST,)) as house:
        titles = [title for title, _ in await kept(house)]
        async with house.open(PHONE, "playlists") as page:
            await page.click(f'[data-list="{LIST}"]')
            await page.wait_for_selector(f"yulelight-sortable li:nth-child({len(titles)})")
            # This phone does not hear of it in time.
            await page.evaluate("document.querySelector('#remote').source.changes = () => () => {}")
            await page.evaluate("document.querySelector('#remote').source.socket.onMessage = () => {}")
            await send(house, "POST", f"playlists/{LIST}/items/0", {"to": len(titles) - 1})
            await page.click("yulelight-sortable li:nth-child(2) .remove")
            await becomes(house, *((title, None) for title in (*titles[2:], titles[0])))
