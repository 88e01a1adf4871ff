"""The page's list of songs, with a real library behind it."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.api.page_house import PHONE, home, settings_of
from tests.api.stubs import TOKEN, Served, serve
from tests.api.test_library import WithLibrary
from tests.chromium import CHROMIUM, chromium
from tests.library.shelf import done, make_song, shelf
from tests.reach import out_of_reach

PATIENCE = 30_000
TITLES = ("Noël", "Silent Night", *(f"Carol {n}" for n in range(1, 16)))
SEEN = """title => {
  const all = root => [...root.querySelectorAll("*")].flatMap(
    node => [node, ...(node.shadowRoot ? all(node.shadowRoot) : [])]);
  const row = all(document).find(node => node.matches("[data-song]") && node.textContent.includes(title));
  const { left, top, width, height } = row.getBoundingClientRect();
  let node = document.elementFromPoint(left + width / 2, top + height / 2);
  while (node?.shadowRoot) node = node.shadowRoot.elementFromPoint(left + width / 2, top + height / 2);
  return row.contains(node);
}"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]


@asynccontextmanager
async def songs(home: Path, width: int, height: int) -> AsyncIterator[tuple[Served, Any]]:
    """The page at a library of seventeen songs and one file that is none."""
    for title in TITLES:
        make_song(home / "music" / f"Trad. - {title}.flac", 100)
    (home / "music" / "Torn tape.mp3").write_bytes(b"no music" * 500)
    async with shelf(home) as made, serve(WithLibrary(made)) as served, chromium() as browser:
        await made.until(done)
        context = await browser.new_context(
            viewport={"width": width, "height": height}, has_touch=True, is_mobile=True
        )
        page = await context.new_page()
        page.set_default_timeout(PATIENCE)
        await page.goto(f"{served.url}/#token={TOKEN}")
        await page.wait_for_selector("[data-song]")
        yield served, page
        await context.close()


@pytest.mark.parametrize(("width", "height"), [(320, 568), (390, 844), (844, 390)])
async def test_what_a_search_finds_is_seen(tmp_path: Path, width: int, height: int) -> None:
    async with songs(tmp_path, width, height) as (_, page):
        await page.tap("#find")
        await page.keyboard.type("noel")
        await page.wait_for_selector("#songs li:only-child")
        assert await page.inner_text("#songs [data-song] b") == "Noël"
        assert await page.evaluate(SEEN, "Noël")
        assert await out_of_reach(page) == []


async def test_a_long_list_comes_page_by_page_with_covers(tmp_path: Path) -> None:
    count = 310
    first = make_song(tmp_path / "music" / "Trad. - Carol 000.flac", 100)
    for n in range(1, count):
        shutil.copy(first, first.with_name(f"Trad. - Carol {n:03}.flac"))
    cover = Image.new("RGB", (600, 600), "#ff0000")
    cover.save(tmp_path / "music" / "cover.png")
    async with shelf(tmp_path) as made, serve(WithLibrary(made)) as served, chromium() as browser:
        page = await browser.new_page(viewport={"width": 390, "height": 844})
        page.set_default_timeout(PATIENCE)
        await made.until(lambda state: state.songs == count)
        await page.goto(f"{served.url}/#token={TOKEN}")
        rows = page.locator("[data-song]")
        picture = rows.first.locator("canvas")
        await rows.first.scroll_into_view_if_needed()
        await picture.wait_for()
        pixel = "node => [...node.getContext('2d').getImageData(40, 40, 1, 1).data]"
        assert await picture.evaluate(pixel) == [255, 0, 0, 255]
        seen: set[str] = set()
        async with asyncio.timeout(PATIENCE / 1000):
            while len(seen) < count:
                seen.update(await page.locator("[data-song] b").all_inner_texts())
                assert await rows.count() < 80, "only what is near is drawn"
                await page.mouse.wheel(0, 300)
        assert seen == {f"Carol {n:03}" for n in range(count)}
        last = page.locator("[aria-posinset='310'][aria-setsize='310']")
        await last.locator("[data-song]").scroll_into_view_if_needed()
        assert await page.evaluate(SEEN, "Carol 309")


async def test_a_broken_song_says_so_and_leaves_the_show_alone(tmp_path: Path) -> None:
    async with songs(tmp_path, 390, 844) as (served, page):
        row = page.locator("[data-song]", has_text="Torn tape")
        why = await row.locator("small").inner_text()
        assert "not music" in why and "/" not in why, "what is wrong, without the folders of the machine"
        whole = page.locator("[data-song]", has_text="Carol 3")
        colour = "node => getComputedStyle(node).color"
        assert await row.locator("small").evaluate(colour) != await whole.locator("small").evaluate(colour)
        await row.tap()
        await page.wait_for_selector(".toast:not(:empty)")
        assert "Torn tape.mp3' is not music" in await page.inner_text(".toast")
        assert served.house.commands == []


async def test_rendering_can_pause_and_go_on(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, library__settle=3600)
    async with home(settings, lists=()) as found, found.open(PHONE, tab="songs") as page:
        button = page.locator("#making button")
        await button.wait_for()
        assert await button.inner_text() == "Pause"
        await button.tap()
        await page.locator("#making button", has_text="Go on").wait_for()
        assert (await found.get("library"))["paused"]
        assert "Paused" in await page.locator("#making").inner_text()
        await page.locator("#making button").tap()
        await page.locator("#making button", has_text="Pause").wait_for()
        assert not (await found.get("library"))["paused"]
