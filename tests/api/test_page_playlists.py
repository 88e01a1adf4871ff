"""Playlists and tonight's queue on the page, as a person at a phone makes and changes them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.api.shelf import Shelf, shelf
from tests.api.stubs import SONGS, TOKEN, until
from tests.brokers import free_port
from tests.chromium import AXE, CHROMIUM, chromium, serious
from tests.library.shelf import make_song
from tests.reach import out_of_reach
from yulelight.app.build import running
from yulelight.app.settings import load as load_settings
from yulelight.library.playlists import Change

PATIENCE = 30_000
LIST = "Holy night"
IDS = [song.id for song in SONGS]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]


@asynccontextmanager
async def page_at(browser: Any, url: str, width: int, height: int, **options: Any) -> AsyncIterator[Any]:
    context = await browser.new_context(viewport={"width": width, "height": height}, **options)
    try:
        page = await context.new_page()
        page.set_default_timeout(PATIENCE)
        await page.goto(url)
        await page.wait_for_selector("body[data-link=online]")
        yield page
    finally:
        await context.close()


@asynccontextmanager
async def phone(
    home: Path, width: int = 390, height: int = 844
) -> AsyncIterator[tuple[Shelf, Any, Any, str]]:
    """The page on a touch screen, with playlists that are real files; the browser and the address for others."""
    async with shelf(home) as (house, served), chromium() as browser:
        url = f"{served.url}/#token={TOKEN}"
        async with page_at(browser, url, width, height, has_touch=True, is_mobile=True) as page:
            yield house, page, browser, url


def kept(house: Shelf, name: str = LIST) -> list[str]:
    return [item.id for item in house.playlists.items(name)]


async def opened(house: Shelf, page: Any, songs: list[str]) -> None:
    """``LIST`` with ``songs``, shown."""
    house.playlists.save(LIST, Change(songs=tuple(songs)))
    await page.tap("#tab-playlists")
    await page.tap(f"[data-list='{LIST}']")
    await page.wait_for_selector(f"yulelight-sortable li:nth-child({len(songs)})")


async def drag(page: Any, index: int, to: int) -> None:
    """With a finger, by the handle of one row to the middle of another."""
    touch = await page.context.new_cdp_session(page)
    rows = page.locator("yulelight-sortable li")
    await rows.nth(max(index, to)).scroll_into_view_if_needed()
    start = await rows.nth(index).locator(".handle").bounding_box()
    end = await rows.nth(to).bounding_box()
    x, y = start["x"] + 20, start["y"] + start["height"] / 2
    goal = end["y"] + end["height"] * (0.9 if to > index else 0.1)

    async def finger(kind: str, *points: float) -> None:
        where = [{"x": x, "y": point} for point in points]
        await touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": where})

    await finger("touchStart", y)
    for step in range(1, 9):
        await finger("touchMove", y + (goal - y) * step / 8)
    await finger("touchEnd")


async def no_barriers(page: Any) -> None:
    assert await out_of_reach(page) == []
    if AXE.exists():
        await page.evaluate(AXE.read_text())
        assert await serious(page) == []


async def test_a_playlist_is_made_of_songs(tmp_path: Path) -> None:
    async with phone(tmp_path, 320, 568) as (house, page, _, _):
        await page.tap("#tab-playlists")
        await page.fill("#playlist-name", LIST)
        await page.keyboard.press("Enter")
        await page.tap("#list-add")
        for song in (2, 0, 2):
            await page.tap(f"yulelight-playlist [data-song='{IDS[song]}']")
        await until(lambda: kept(house) == [IDS[2], IDS[0], IDS[2]])
        await page.tap("#undo")
        await until(lambda: kept(house) == [IDS[2], IDS[0]])
        await no_barriers(page)
        await page.tap("#list-done")
        await page.tap("#list-shuffle")
        await page.select_option("#list-repeat", "all")
        await until(lambda: house.playlists.load(LIST).repeat == "all" and house.playlists.load(LIST).shuffle)
        await no_barriers(page)
        await page.tap("#list-play")
        await until(lambda: [command.playlist for command in house.commands] == [LIST])  # type: ignore[union-attr]
        await page.tap("#lists-back")
        await page.wait_for_selector(f"[data-list='{LIST}']")
        await page.fill("#playlist-name", LIST.upper())
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".toast:has-text('already')")
        assert kept(house) == [IDS[2], IDS[0]], "a list of that name is not made empty"
        await no_barriers(page)


async def test_songs_change_places_by_finger_and_by_keys(tmp_path: Path) -> None:
    async with phone(tmp_path) as (house, page, browser, url):
        await opened(house, page, IDS)
        await drag(page, 3, 0)
        await until(lambda: kept(house) == [IDS[3], IDS[0], IDS[1], IDS[2], IDS[4], IDS[5]])
        await drag(page, 0, 5)
        await until(lambda: kept(house) == [IDS[0], IDS[1], IDS[2], IDS[4], IDS[5], IDS[3]])
        await page.focus("yulelight-sortable li:nth-child(2) .handle")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("ArrowUp")
        await until(lambda: kept(house) == [IDS[0], IDS[2], IDS[1], IDS[4], IDS[5], IDS[3]])
        assert SONGS[1].title in await page.inner_text("yulelight-sortable [aria-live]")
        async with page_at(browser, url, 1280, 800) as desk:
            await desk.click("#tab-playlists")
            await desk.click(f"[data-list='{LIST}']")
            await desk.locator("#list-delete").scroll_into_view_if_needed()
            handle = await desk.locator(".handle").nth(5).bounding_box()
            await desk.mouse.move(handle["x"] + 9, handle["y"] + 20)
            await desk.mouse.down()
            first = await desk.locator("yulelight-sortable li").first.bounding_box()
            await desk.mouse.move(handle["x"] + 9, first["y"] + 4, steps=6)
            await desk.mouse.up()
            await until(lambda: kept(house) == [IDS[3], IDS[0], IDS[2], IDS[1], IDS[4], IDS[5]])
            box = await desk.locator("#blackout").bounding_box()
            assert 780 < box["y"] + box["height"] <= 800, "at the lower edge, with nothing below it"
        shown = f"yulelight-sortable li:first-child:has-text('{SONGS[3].title}')"
        await page.wait_for_selector(shown), "the other phone sees it"
        await no_barriers(page)


async def test_what_is_taken_out_or_deleted_comes_back(tmp_path: Path) -> None:
    async with phone(tmp_path) as (house, page, _, _):
        await opened(house, page, IDS[:4])
        await page.tap("yulelight-sortable li:nth-child(2) .remove")
        await until(lambda: kept(house) == [IDS[0], IDS[2], IDS[3]])
        await page.tap("#undo")
        await until(lambda: kept(house) == IDS[:4])
        await page.tap("#list-shuffle")
        await until(lambda: house.playlists.load(LIST).shuffle)
        await page.tap("#list-delete")
        await page.wait_for_selector(f"[data-list='{LIST}']", state="detached")
        assert not list(house.lists.glob("*"))
        await page.tap("#undo")
        await page.wait_for_selector(f"[data-list='{LIST}']")
        assert kept(house) == IDS[:4] and house.playlists.load(LIST).shuffle


async def test_the_queue_of_tonight_is_seen_and_changed(tmp_path: Path) -> None:
    names = [f"Carol {n}" for n in range(1, 6)]
    for name in names:
        make_song(tmp_path / "music" / f"{name}.flac", 6000)
    settings = load_settings(
        data=tmp_path / "data",
        music=[tmp_path / "music"],
        http__host="127.0.0.1",
        http__port=free_port(),
        mqtt__host="127.0.0.1",
        mqtt__port=free_port(),
        zeroconf__enabled=False,
        sound__enabled=False,
    )

    async with running(settings) as service, chromium() as browser:

        def queue() -> list[str]:
            status = service.statuses.latest
            return [song.title for song in status.queue] if status else []

        async with page_at(browser, service.page, 390, 844, has_touch=True, is_mobile=True) as page:
            await page.tap("[data-song] >> text='Carol 1'")
            await page.wait_for_selector("body[data-state=playing]")
            await page.evaluate("document.querySelector('#remote').toggle()")
            await page.wait_for_selector("body[data-state=paused]")
            for name in names[1:4]:
                await page.get_by_label(f"Add {name} to").tap()
            await until(lambda: queue()[-3:] == names[1:4])
            before = queue()[:-3]
            await page.tap("#tab-tonight")
            last = len(queue())
            await page.focus(f"yulelight-sortable li:nth-child({last}) .handle")
            await page.keyboard.press("ArrowUp")
            await until(lambda: queue() == [*before, "Carol 2", "Carol 4", "Carol 3"])
            await page.tap(f"yulelight-sortable li:nth-child({last - 1}) .remove")
            await until(lambda: queue() == [*before, "Carol 2", "Carol 3"])
            await page.tap("#undo")
            await until(lambda: queue() == [*before, "Carol 2", "Carol 4", "Carol 3"])
            await no_barriers(page)
