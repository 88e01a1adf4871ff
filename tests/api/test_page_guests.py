"""The guests' page and its place on the owner's page, in a browser, as neighbours and owner walk through them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.api.page_house import DESK, PATIENCE, PHONE, SMALL, Home, home, no_barriers, settings_of
from tests.chromium import AXE, CHROMIUM, serious

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]
SONGS = tuple(f"Carol {n}" for n in range(14))


@asynccontextmanager
async def neighbour(house: Home, kind: dict[str, Any], **options: Any) -> AsyncIterator[Any]:
    """The guests' page in a browser of its own."""
    context = await house.browser.new_context(**{"locale": "en-GB", **kind, **options})
    try:
        page = await context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: house.complaints.append(str(error)))
        await page.goto(f"{house.service.address}guests")
        yield page
    finally:
        await context.close()


async def fits_and_is_free_of_barriers(page: Any) -> None:
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if AXE.exists():
        await page.evaluate(AXE.read_text())
        found = await serious(page)
        assert not found, found


async def test_a_neighbour_wishes_and_the_owner_sees_and_removes_it(tmp_path: Path) -> None:
    async with (
        home(settings_of(tmp_path, songs=SONGS, seconds=120.0)) as house,
        house.open(PHONE, "tonight") as owner,
    ):
        await owner.wait_for_selector("#guests-list")
        await owner.select_option("#guests-list", "Carols")
        await owner.check("#guests-on")
        await owner.wait_for_selector("yulelight-guests:has-text('No wishes now')")
        await no_barriers(owner)
        async with neighbour(house, SMALL) as guest:
            await guest.wait_for_selector("#closed:has-text('No show is playing')")
            await fits_and_is_free_of_barriers(guest)
            await owner.evaluate(
                """token => fetch("api/v1/control", { method: "POST", body: '{"command":"play","playlist":"Carols"}',
                headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` } })""",
                house.service.identity.token,
            )
            await owner.wait_for_selector("body[data-state=playing]")
            await guest.wait_for_selector("#choice:not([hidden]) button")
            await guest.fill("#search", "carol 13")
            await guest.wait_for_selector("#choice li:nth-child(1):last-child")
            await fits_and_is_free_of_barriers(guest)
            # By keyboard.
            await guest.focus("#choice button")
            await guest.keyboard.press("Enter")
            await guest.wait_for_selector("#said:has-text('Carol 13 comes next')")
            await guest.wait_for_selector("#coming li:has-text('Carol 13')")
            await guest.fill("#search", "carol 7")
            await guest.tap("#choice button")
            await guest.wait_for_selector("#said:has-text('again in 10 min')")
        await owner.wait_for_selector("[data-wish]:has-text('Carol 13')")
        await no_barriers(owner)
        async with neighbour(house, DESK, color_scheme="light") as other:
            await other.wait_for_selector("#coming li:has-text('Carol 13')")
            await fits_and_is_free_of_barriers(other)
            await owner.click("[data-wish] button")
            await owner.wait_for_selector("[data-wish]", state="detached")
            await other.wait_for_selector("#coming", state="hidden")
            await owner.uncheck("#guests-on")
            await other.wait_for_selector("#closed:has-text('not taken')")


async def test_it_speaks_german_to_germans(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, guests__enabled=True, guests__playlist="Carols")
    async with home(settings) as house, neighbour(house, PHONE, locale="de-DE") as guest:
        await guest.wait_for_selector("#closed:not([hidden])")
        assert await guest.evaluate("document.documentElement.lang") == "de"
        assert await guest.text_content("#choice h2") == "Ein Lied wünschen"


async def test_songs_that_are_called_like_markup_are_only_text(tmp_path: Path) -> None:
    title = "<img src=x onerror=alert(1)>"
    settings = settings_of(
        tmp_path, seconds=120.0, songs=(title, "Noël"), guests__enabled=True, guests__playlist="Carols"
    )
    async with home(settings) as house, neighbour(house, PHONE) as guest, house.open(PHONE) as owner:
        await owner.evaluate(
            """token => fetch("api/v1/control", { method: "POST", body: '{"command":"play","playlist":"Carols"}',
            headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` } })""",
            house.service.identity.token,
        )
        await guest.wait_for_selector("#choice:not([hidden]) button")
        async with asyncio.timeout(30):
            while title not in await guest.inner_text("#choice"):
                await asyncio.sleep(0.1)
        assert await guest.locator("#choice img").count() == 0
