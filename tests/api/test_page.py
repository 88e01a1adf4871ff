"""The page in a real Chromium, served by the real server, on a phone's screen."""

import asyncio
import dataclasses
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import pytest_asyncio

from tests.api.stubs import SECTIONS, SONGS, TOKEN, House, Served, serve, until
from yulelight.messages import (
    Blackout,
    ChannelState,
    Next,
    Pause,
    Play,
    Seek,
    State,
    Status,
    Stop,
)

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
BRIGHT = bytes([255] * 8)
DARK = bytes(8)
PATIENCE = 30_000

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Any]:
    """One Chromium for all; every visit gets a profile of its own."""
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        await running.close()


@asynccontextmanager
async def visit(browser: Any, url: str, **options: Any) -> AsyncIterator[Any]:
    """A page at ``url`` that knows nothing of others; fails at the end if its console complained."""
    complaints: list[str] = []
    context = await browser.new_context(viewport={"width": 360, "height": 780}, **options)
    try:
        page = await context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
        await page.goto(url)
        yield page
    finally:
        await context.close()
    # A connection that is refused while the service is away cannot be hushed by a page.
    assert [c for c in complaints if "WebSocket" not in c] == []


@asynccontextmanager
async def at_home(
    browser: Any, house: House | None = None, **options: Any
) -> AsyncIterator[tuple[Served, Any]]:
    async with serve(house) as served, visit(browser, f"{served.url}/#token={TOKEN}", **options) as page:
        await page.wait_for_selector("body[data-link=online]")
        yield served, page


async def keep_shining(house: House, levels: Callable[[], bytes]) -> None:
    while True:
        house.shine(levels())
        await asyncio.sleep(0.05)


@asynccontextmanager
async def shining(house: House, levels: Callable[[], bytes]) -> AsyncIterator[None]:
    task = asyncio.create_task(keep_shining(house, levels))
    try:
        yield
    finally:
        task.cancel()


async def level_is(page: Any, channel: int, test: str) -> None:
    """Wait until the drawn opacity of a string passes ``test``."""
    script = f"() => Number(getComputedStyle(document.getElementById('glow-{channel}')).opacity) {test}"
    await page.wait_for_function(script)


async def photograph(page: Any, to: Path) -> np.ndarray[Any, np.dtype[np.float64]]:
    """A screenshot as (height, width, 3) in 0..255, also kept at ``to``."""
    data = await page.screenshot(path=to)
    with av.open(BytesIO(data)) as picture:
        return next(picture.decode(video=0)).to_ndarray(format="rgb24").astype(float)


def playing() -> House:
    house = House()
    house.status = Status(State.PLAYING, SONGS[0], 60.0, asyncio.get_running_loop().time(), SECTIONS)
    return house


async def test_the_strings_glow_as_the_frames_say(browser: Any, tmp_path: Path) -> None:
    levels = DARK
    async with at_home(browser, playing()) as (served, page), shining(served.house, lambda: levels):
        box = await page.locator("#tree").bounding_box()
        for channel in range(1, 9):
            await level_is(page, channel, "=== 0")
        dark = await photograph(page, tmp_path / "dark.png")
        levels = BRIGHT
        for channel in range(1, 9):
            await level_is(page, channel, "> 0.98")
        lit = await photograph(page, tmp_path / "lit.png")
        levels = bytes([0, 0, 128, 0, 0, 0, 0, 255])
        await level_is(page, 8, "> 0.98")
        await level_is(page, 1, "=== 0")
        await level_is(page, 3, "> 0.4")
        await level_is(page, 3, "< 0.6")
        places = await page.evaluate(
            "import('./page/tree.js').then(tree => [1,2,3,4,5,6,7,8].map(c => tree.bulbs(c)))"
        )
    assert dark.std() > 20, "a picture, not a blank"
    scale = box["width"] / 400
    for bulbs in places:
        gains = []
        for x, y, _ in bulbs:
            column, row = round(box["x"] + x * scale), round(box["y"] + (y + 5) * scale)
            spot = np.s_[row - 2 : row + 3, column - 2 : column + 3]
            gains.append(lit[spot].mean() - dark[spot].mean())
        assert np.median(gains) > 50, "each string's bulbs are brighter when lit"


async def test_frames_wait_for_their_moment(browser: Any) -> None:
    async with at_home(browser) as (_, page):
        seen = await page.evaluate(
            """async () => {
              const { Timeline, ServerClock } = await import("./page/timeline.js");
              const line = new Timeline(), out = new Float32Array(8);
              const frame = (at, level) => ({ at, levels: Array(8).fill(level), switched: [] });
              const see = (time) => Math.round(line.sample(time, out)[7] * 255);
              line.push([frame(1_000_000, 0), frame(1_050_000, 200), frame(1_100_000, 100), frame(3e6, 50)]);
              const before = [see(999_999), see(1_000_000), see(1_025_000), see(1_050_000), see(1_075_000)];
              line.push([frame(1_080_000, 8)]);
              const replaced = [see(1_079_000), see(1_080_000), see(9_000_000), line.moving(9_000_000)];
              const clock = new ServerClock();
              clock.hear(5_000_000, 1000); clock.hear(5_400_000, 1500);
              return [before, replaced, clock.at(2000)];
            }"""
        )
    before, replaced, clock = seen
    assert before == [0, 0, 100, 200, 150]
    assert replaced[1:] == [8, 8, False] and 8 <= replaced[0] <= 16
    assert clock == 6_000_000, "the message that was under way for the least time tells the clock"


async def test_the_buttons_do_what_they_say(browser: Any) -> None:
    async with at_home(browser) as (served, page):
        done = served.house.commands
        assert await page.inner_text("#title") == "All is calm"
        await page.click("#play")
        await page.wait_for_selector("body[data-state=playing]")
        assert await page.inner_text("#title") == SONGS[0].title
        assert await page.locator("#track i").count() == len(SECTIONS)
        await page.click("#play")
        await page.wait_for_selector("body[data-state=paused]")
        await page.focus("#seek")
        await page.keyboard.press("End")
        await until(lambda: done[-1:] == [Seek(183.0)])
        await page.click("#next")
        await until(lambda: done[-1:] == [Next()])
        await page.click(f'[data-song="{SONGS[2].id}"]')
        await page.wait_for_selector(f"#title:text('{SONGS[2].title}')")
        assert await page.locator("#songs [aria-current]").inner_text() != ""
        await page.click("#stop")
        await page.wait_for_selector("body[data-state=idle]")
    assert done == [Play(), Pause(), Seek(183.0), Next(), Play(SONGS[2].id), Stop()]


async def test_blackout_needs_no_aiming(browser: Any) -> None:
    async with at_home(browser, playing()) as (served, page):
        box = await page.locator("#blackout").bounding_box()
        assert box["width"] > 300 and box["height"] >= 60 and box["y"] + box["height"] <= 780
        await page.click("#blackout")
        await page.wait_for_selector("body.blackout #blackout[aria-pressed=true]")
        await page.locator("body").press("b")
        await page.wait_for_selector("body:not(.blackout)")
        assert served.house.commands == [Blackout(True), Blackout(False)]


async def test_who_has_no_token_is_asked_for_it(browser: Any) -> None:
    async with serve() as served, visit(browser, served.url) as page:
        await page.wait_for_selector("#sign-in[open]")
        assert "yulelight token" in await page.inner_text("#sign-in")
        await page.fill("#token", "wrong")
        await page.click("#sign-in-form button")
        await page.wait_for_function("() => document.getElementById('sign-in-error').textContent")
        await page.fill("#token", TOKEN)
        await page.click("#sign-in-form button")
        await page.wait_for_selector("body[data-link=online]")
        assert not await page.locator("#sign-in").is_visible()
        await page.reload()
        await page.wait_for_selector("body[data-link=online]")


async def test_the_token_does_not_stay_in_the_address(browser: Any) -> None:
    async with at_home(browser) as (served, page):
        assert page.url == served.url + "/"
        assert await page.evaluate("history.length") <= 2


async def test_a_lost_connection_is_shown_and_recovers(browser: Any) -> None:
    async with visit(browser, "about:blank") as page:
        async with serve(playing()) as served:
            port = served.server.port
            await page.goto(f"{served.url}/#token={TOKEN}")
            await page.wait_for_selector("body[data-link=online]")
        await page.wait_for_selector("body[data-link=offline]")
        assert await page.inner_text("#chip") == "Connection lost"
        assert await page.locator("#blackout").is_disabled()
        async with serve(playing(), port) as again, shining(again.house, lambda: BRIGHT):
            await page.wait_for_selector("body[data-link=online]")
            assert await page.inner_text("#title") == SONGS[0].title
            await level_is(page, 5, "> 0.9")


async def test_a_tapped_string_is_taken_over_and_given_back(browser: Any) -> None:
    async with at_home(browser, playing()) as (served, page), shining(served.house, lambda: DARK):
        house = served.house
        await page.wait_for_selector("#string-3[data-owner=show]")
        await page.click("#string-3")
        await page.wait_for_selector("#taken:visible")
        assert house.states[3] == ChannelState(3, True, 255)
        assert await page.get_attribute("#string-3", "aria-pressed") == "true"
        await page.focus("#taken-level")
        await page.keyboard.press("Home")
        await until(lambda: house.states[3] == ChannelState(3, True, 1))
        await page.click("#taken-release")
        await page.wait_for_selector("#string-3[data-owner=show]")
        assert house.states[3].effect == "show"
        assert not await page.locator("#taken").is_visible()


async def test_what_went_wrong_is_said_and_is_never_markup(browser: Any) -> None:
    async with at_home(browser) as (served, page):
        text = "<img src=x onerror=alert(1)> cannot be read; choose another song"
        served.house.say(dataclasses.replace(served.house.status, message=text))
        await page.wait_for_selector("#toasts p")
        assert await page.inner_text("#toasts p") == text


async def test_everything_can_be_hit_with_a_finger(browser: Any) -> None:
    async with at_home(browser, playing()) as (_, page):
        sizes = await page.evaluate(
            """() => [...document.querySelectorAll("button, input")].filter(n => n.checkVisibility())
              .map(n => [n.id || n.textContent, n.getBoundingClientRect().width,
                         n.getBoundingClientRect().height, n.getAttribute("aria-label") || n.textContent])"""
        )
    assert len(sizes) >= 8 + 5 + len(SONGS)
    for name, width, height, label in sizes:
        assert width >= 44 and height >= 43.5, name
        assert label.strip(), f"{name} has a name for those who cannot see it"


async def test_who_wants_less_motion_gets_less(browser: Any) -> None:
    async with at_home(browser, playing(), reduced_motion="reduce") as (served, page):
        assert not await page.locator(".snow").is_visible()
        running = "document.getAnimations().filter(a => a.playState === 'running').length"
        assert await page.evaluate(running) == 0
        async with shining(served.house, lambda: BRIGHT):
            await level_is(page, 1, "> 0.9")
