"""The panel in a real Home Assistant's sidebar: the page's parts, signed in there, and no token of the service."""

import json
from pathlib import Path

from playwright.async_api import Page, Request, WebSocket

from tests.e2e.browser import at_home, shut_out
from tests.e2e.card_house import (
    WITH_A_BROWSER,
    House,
    house,  # noqa: F401
    status_is,
)
from tests.e2e.hass import wait_for
from tests.e2e.test_home_assistant import executable  # noqa: F401
from tests.library.shelf import make_song

pytestmark = WITH_A_BROWSER
ROOM = 300
"""Characters around a leak that are shown."""


class Ear:
    """Everything that the browser of a page sends and hears."""

    def __init__(self, page: Page) -> None:
        self.texts: list[str] = []
        page.on("request", self._asked)
        page.on("websocket", self._opened)

    def _asked(self, request: Request) -> None:
        self.texts.append(request.url + json.dumps(request.headers))

    def _opened(self, socket: WebSocket) -> None:
        socket.on("framesent", lambda text: self.texts.append(str(text)))
        socket.on("framereceived", lambda text: self.texts.append(str(text)))

    def heard(self, secret: str) -> list[str]:
        return [text[max(0, text.find(secret) - ROOM) :][: 2 * ROOM] for text in self.texts if secret in text]


async def test_an_evening_with_the_panel(house: House, tmp_path: Path) -> None:  # noqa: F811
    home, service = house.home, house.service
    song = make_song(tmp_path / "Trad. - Noël.flac", 2000)
    async with at_home(house.browser, home, "/") as page:
        ear = Ear(page)
        await page.goto(f"{home.url}/yulelight")
        await page.wait_for_selector("yulelight-panel #play:enabled")
        # The menu is Home Assistant's own, so that nobody is caught in here on a phone.
        await page.wait_for_selector("yulelight-panel ha-menu-button")
        await plays(page, house)
        await makes_a_list(page, house)
        await page.click("#tab-songs")
        await page.set_input_files("yulelight-panel #upload", song)
        await page.wait_for_selector("[data-song]:has-text('Noël')")
        await sees_all_views(page)
        assert await shut_out(page) == []
        await the_service_goes_and_comes_back(page, house)
        token = service.identity.token
        assert len(ear.texts) > 20 and ear.heard(token) == []
        kept = await page.evaluate("JSON.stringify({ ...localStorage, ...sessionStorage })")
        assert token not in kept and token not in await page.content()


async def plays(page: Page, house: House) -> None:  # noqa: F811
    await page.click("#tab-playlists")
    await page.select_option("yulelight-panel #playlist", "Christmas")
    await wait_for(status_is(house.service, state="playing", playlist="Christmas"), "the playlist")
    await page.wait_for_selector("yulelight-panel #play[aria-label='Pause']")
    await page.click("yulelight-panel #blackout")
    await wait_for(status_is(house.service, blackout=True), "the blackout")
    await page.click("yulelight-panel #blackout")
    await wait_for(status_is(house.service, blackout=False), "the lights")


async def makes_a_list(page: Page, house: House) -> None:  # noqa: F811
    await page.fill("yulelight-playlists input", "Evening")
    await page.press("yulelight-playlists input", "Enter")

    async def there() -> bool:
        lists = (await house.service.get("playlists"))["playlists"]
        return "Evening" in [each["id"] for each in lists]

    await wait_for(there, "the new playlist")


async def sees_all_views(page: Page) -> None:
    for tab, shown in (
        ("calendar", "yulelight-month [data-day]"),
        ("lights", "yulelight-lights h3, yulelight-lights p"),
        ("looks", "[data-look=calm]"),
        ("health", "yulelight-health li"),
        ("guide", "[data-step=music]"),
        ("tonight", "yulelight-guests h3"),
    ):
        await page.click(f"#tab-{tab}")
        await page.wait_for_selector(shown)


async def the_service_goes_and_comes_back(page: Page, house: House) -> None:  # noqa: F811
    await house.service.kill()
    await page.wait_for_selector("yulelight-panel .chip.away")
    assert await page.locator("yulelight-panel #blackout").is_disabled()
    await house.service.__aenter__()
    await page.wait_for_selector("yulelight-panel #blackout:enabled")
