"""Making a dashboard with the card: from the picker, with the editor, on a tile, or all in one click."""

import asyncio
import hashlib
from functools import partial
from pathlib import Path
from typing import Any

from playwright.async_api import Page

from tests.chromium import chromium
from tests.e2e.browser import at_home, shut_out
from tests.e2e.card_house import (
    CARD,
    PHOTO,
    PLAYER,
    WITH_A_BROWSER,
    House,
    connect,
    house,  # noqa: F401
    status_is,
)
from tests.e2e.hass import HomeAssistant, wait_for
from tests.e2e.house import ServiceProcess
from tests.e2e.test_home_assistant import executable  # noqa: F401
from tests.reach import out_of_reach

pytestmark = WITH_A_BROWSER
DESK = (1440, 900)
FEATURE = "custom:yulelight-lights"
CARD_FILE = Path(__file__).parents[2] / "custom_components" / "yulelight" / "frontend" / "yulelight-card.js"
YAML = """\
lovelace:
  resource_mode: yaml
  resources:
    - url: /yulelight/yulelight-card.js?v={version}
      type: module
  dashboards:
    our-house:
      mode: yaml
      title: Our house
      filename: our-house.yaml
"""


async def test_a_dashboard_is_made(house: House) -> None:  # noqa: F811
    await house.dashboard({"cards": []})
    async with at_home(house.browser, house.home, "/our-house/0?edit=1") as page:
        await the_card_is_picked(page, house)
    await house.dashboard({"cards": [{**CARD, "image": PHOTO}]})
    async with editing(house) as page:
        await page.get_by_role("button", name="Edit", exact=True).first.click()
        await what_is_shown_is_ticked(page)
        await the_lights_are_dragged(page)
        assert await shut_out(page) == []
        await page.get_by_role("button", name="Save", exact=True).click()
        await wait_for(lambda: has(house, "lights"), "the lights' places to be kept")
    await the_lights_are_where_they_were_dropped(house)
    await a_tile_has_the_lights(house)
    await the_whole_dashboard_in_one_click(house)


async def test_a_dashboard_is_written(executable: str, tmp_path: Path) -> None:  # noqa: F811
    """In YAML, its resources too: as the repair says it, which then is not there."""
    version = hashlib.sha256(CARD_FILE.read_bytes()).hexdigest()[:12]
    written = {
        "our-house.yaml": f"views: [{{cards: [{{type: 'custom:yulelight-card', entity: {PLAYER}}}]}}]\n"
    }
    home = HomeAssistant(executable, YAML.format(version=version), integration=True, files=written)
    async with ServiceProcess(tmp_path) as service, home, chromium() as browser:
        await home.open_pages()
        await connect(home, service)
        async with at_home(browser, home, "/our-house/0") as page:
            await page.wait_for_selector("yulelight-card #play:enabled")
        issues = (await home.ws_command("repairs/list_issues"))["issues"]
        assert "card_by_hand" not in {issue["issue_id"] for issue in issues}


def editing(house: House) -> Any:  # noqa: F811
    return at_home(house.browser, house.home, "/our-house/0?edit=1", *DESK)


async def has(house: House, key: str) -> bool:  # noqa: F811
    [card] = await house.saved_cards()
    return key in card


async def the_card_is_picked(page: Page, house: House) -> None:  # noqa: F811
    """By its entity, from what Home Assistant suggests; and then it has the entity already."""
    await page.get_by_role("button", name="Add card").click()
    await page.get_by_placeholder("Search entities").fill("yulelight")
    await page.get_by_text("Media player", exact=True).first.click()
    suggested = page.locator("yulelight-card").first
    await suggested.scroll_into_view_if_needed()
    box = await suggested.bounding_box()
    assert box is not None
    await page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 40)

    [card] = await wait_for(house.saved_cards, "the card on the dashboard")
    assert card == CARD


async def what_is_shown_is_ticked(page: Page) -> None:
    """A card that says nothing of its parts shows most of them; one more does not take the others away."""
    boxes = page.locator("ha-form-yulelight-parts").get_by_role("checkbox")
    await boxes.first.wait_for()
    ticked = [await box.is_checked() for box in await boxes.all()]
    assert ticked == [True] * 5 + [False]
    await page.locator("ha-form-yulelight-parts").get_by_text("Songs", exact=True).click()
    await page.wait_for_selector("yulelight-card yulelight-songs")


async def the_lights_are_dragged(page: Page) -> None:
    """With the mouse, then with a key."""
    await page.get_by_text("Your house", exact=True).first.click()
    places = page.locator("ha-form-yulelight-places")
    await places.scroll_into_view_if_needed()
    await asyncio.sleep(1)  # The fold opens.
    picture, first = places.locator(".picture"), places.locator("button").first
    await first.hover()  # Scrolls to it.
    area, box = await picture.bounding_box(), await first.bounding_box()
    assert area is not None and box is not None
    assert abs(area["width"] / area["height"] - 2) < 0.05, "the whole picture is seen"
    await page.mouse.move(box["x"] + 22, box["y"] + 22)
    await page.mouse.down()
    await page.mouse.move(area["x"] + area["width"] * 0.5, area["y"] + area["height"] * 0.5, steps=4)
    await page.mouse.move(area["x"] + area["width"] * 0.2, area["y"] + area["height"] * 0.3, steps=4)
    await page.mouse.up()
    await places.locator("button[aria-label^='Light 1, 20 % from the left, 30 %']").focus()
    await page.keyboard.press("ArrowRight")
    await places.locator("button[aria-label^='Light 1, 21 % from the left, 30 %']").wait_for()


async def the_lights_are_where_they_were_dropped(house: House) -> None:  # noqa: F811
    """On the card as kept, also where only a part of the picture is seen."""
    [card] = await house.saved_cards()
    assert set(card["parts"]) == {"player", "choices", "dials", "next", "blackout", "songs"}
    assert abs(card["lights"][0]["x"] - 21) < 1 and abs(card["lights"][0]["y"] - 30) < 1
    await house.dashboard({"cards": [card]}, {"path": "wide", "type": "panel", "cards": [card]})
    for path, size in (("0", (412, 915)), ("wide", (820, 1180))):
        async with at_home(house.browser, house.home, f"/our-house/{path}", *size) as page:
            await page.wait_for_selector("yulelight-card #play:enabled")
            await wait_for(partial(at_its_place, page), "the first light at its place")


async def at_its_place(page: Page) -> bool:
    light, picture = [await page.locator(what).first.bounding_box() for what in ("#glow-1", ".photo img")]
    if not light or not picture or abs(picture["width"] / max(1, picture["height"]) - 2) > 0.02:
        return False
    x = (light["x"] + light["width"] / 2 - picture["x"]) / picture["width"]
    y = (light["y"] + light["height"] / 2 - picture["y"]) / picture["height"]
    return abs(x - 0.21) < 0.015 and abs(y - 0.3) < 0.015


async def a_tile_has_the_lights(house: House) -> None:  # noqa: F811
    """Offered for the player's tile; the lights are seen there, and everything goes dark."""
    await house.dashboard({"cards": [{"type": "tile", "entity": PLAYER}]})
    async with editing(house) as page:
        await page.get_by_role("button", name="Edit", exact=True).first.click()
        await page.get_by_text("Features", exact=True).first.click()
        await page.get_by_text("Add feature").first.click()
        await page.get_by_text("Yulelight: lights and blackout").first.click()
        await page.wait_for_selector("yulelight-lights")
        await page.get_by_role("button", name="Save", exact=True).click()
        await wait_for(lambda: has(house, "features"), "the tile's feature to be kept")
    [tile] = await house.saved_cards()
    assert [feature["type"] for feature in tile["features"]] == [FEATURE]
    await house.service.control("play", playlist="Christmas", repeat="all")
    async with at_home(house.browser, house.home, "/our-house/0") as page:
        row = page.locator("yulelight-lights")
        lights = row.locator("i b")

        async def shines() -> bool:
            levels = await lights.evaluate_all("lights => lights.map(light => Number(light.style.opacity))")
            return len(levels) == 8 and max(levels) > 0.3

        await wait_for(shines, "the lights on the tile")
        assert await shut_out(page) == []
        await row.get_by_role("button").click()
        await wait_for(status_is(house.service, blackout=True), "the blackout")
        await row.get_by_role("button").click()
        await wait_for(status_is(house.service, blackout=False), "light again")
        await wait_for(shines, "the lights on the tile again")
        await house.service.kill()
        await row.locator(".away").wait_for()

        async def dark() -> bool:
            shown = "lights => lights.map(light => Number(getComputedStyle(light).opacity))"
            return not any(await lights.evaluate_all(shown))

        await wait_for(dark, "the lights of a service that is gone to be drawn dark")
        assert await row.get_by_role("button").is_disabled()
    await house.service.__aenter__()


async def the_whole_dashboard_in_one_click(house: House) -> None:  # noqa: F811
    await house.dashboard(strategy={"type": "custom:yulelight"})
    async with at_home(house.browser, house.home, "/our-house") as page:
        await page.wait_for_selector("yulelight-card #play:enabled")
        await page.wait_for_selector("#songs button")
        assert await shut_out(page) == []
        await page.goto(f"{house.home.url}/our-house/calendar")
        await page.wait_for_selector("hui-calendar-card")
        await page.goto(f"{house.home.url}/our-house/settings")
        await page.get_by_text("Brightness", exact=True).wait_for()
    async with at_home(house.browser, house.home, "/our-house/show", 1440, 900) as page:
        await page.wait_for_selector("#songs button")
        box = await page.locator("yulelight-house").bounding_box()
        assert box is not None and box["y"] + box["height"] <= 900, "the house is seen without scrolling"
        assert await out_of_reach(page) == []
