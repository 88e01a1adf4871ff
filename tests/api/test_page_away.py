"""A page that stays open while the service is away, and where the keyboard's focus goes."""

from pathlib import Path
from typing import Any

import pytest

from tests.api.page_house import PATIENCE, PHONE, home, settings_of
from tests.chromium import CHROMIUM, chromium
from yulelight.app.build import running
from yulelight.library.playlists import Change, Playlists

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]

FOCUSED = """() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at === document.body ? "" : at.id || at.className || at.dataset.list || at.tagName;
}"""


async def until_focused(page: Any, what: str) -> None:
    await page.wait_for_function(f"what => ({FOCUSED})() === what", arg=what)


async def test_a_form_half_filled_in_outlives_a_restart_of_the_service(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, ("Noël",), seconds=0.5)
    async with chromium() as browser:
        options: dict[str, Any] = {**PHONE, "locale": "en-GB"}
        page = await (await browser.new_context(**options)).new_page()
        page.set_default_timeout(PATIENCE)
        async with running(settings) as service:
            lists = Playlists(settings.data / "playlists", service.library.songs)
            for name in ("Advent", "Carols"):
                lists.save(name, Change(songs=[]))
            await page.goto(service.page)
            await page.wait_for_selector("body[data-link=online]")
            await page.click("#tab-calendar")
            await page.click("#show-add")
            await page.select_option("#show-playlist", "Carols")
            await page.fill("#show-night", "2030-12-24")
            await page.fill("#show-end", "21:35")
        await page.wait_for_selector("body[data-link=offline]")
        async with running(settings) as service:
            await page.wait_for_selector("body[data-link=online]")
            await page.wait_for_selector("#show-playlist option[value=Advent]", state="attached")
            seen = [await page.input_value(f"#show-{name}") for name in ("playlist", "night", "end")]
            assert seen == ["Carols", "2030-12-24", "21:35"]
            await page.click("#show-save")
            await page.wait_for_selector(".toast:has-text('Carols is in the calendar')")


async def test_the_keyboard_is_never_left_nowhere(tmp_path: Path) -> None:
    async with (
        home(settings_of(tmp_path, ("One", "Two"), seconds=0.5), ("Carols",)) as house,
        house.open(PHONE, "playlists") as page,
    ):
        await page.focus("[data-list=Carols]")
        await page.keyboard.press("Enter")
        await until_focused(page, "lists-back")
        await page.focus("#list-add")
        await page.keyboard.press("Enter")
        await until_focused(page, "list-done")
        await page.keyboard.press("Enter")
        await until_focused(page, "list-add")
        await page.focus("yulelight-sortable li:nth-child(1) .remove")
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".toast:has-text('Removed')")
        await until_focused(page, "remove")
        await page.focus("#lists-back")
        await page.keyboard.press("Enter")
        await until_focused(page, "open")
        await page.click("#tab-calendar")
        await page.focus("#show-add")
        await page.keyboard.press("Enter")
        await until_focused(page, "show-playlist")
        await page.click("yulelight-show-form .text:not(.golden)")
        await until_focused(page, "show-add")
