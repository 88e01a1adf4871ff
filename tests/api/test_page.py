"""The page in a real Chromium, served by the real server, on a phone's screen."""

import asyncio
import dataclasses
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
from tests.chromium import AXE, CHROMIUM, HIDE, chromium, serious
from yulelight.core.messages import (
    Blackout,
    ChannelState,
    Next,
    Pause,
    Play,
    Previous,
    Seek,
    SetOption,
    State,
    Status,
    Stop,
)

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
    async with chromium() as running:
        yield running


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


async def level_is(page: Any, channel: int, test: Callable[[float], bool]) -> None:
    """Wait until the drawn opacity of a group of lights passes ``test``."""
    glow = page.locator(f"#glow-{channel}")
    async with asyncio.timeout(PATIENCE / 1000):
        while not test(float(await glow.evaluate("glow => getComputedStyle(glow).opacity"))):
            await asyncio.sleep(0.05)


async def photograph(page: Any, to: Path) -> np.ndarray[Any, np.dtype[np.float64]]:
    """A screenshot as (height, width, 3) in 0..255, also kept at ``to``."""
    data = await page.screenshot(path=to)
    with av.open(BytesIO(data), "r") as picture:
        return next(picture.decode(video=0)).to_ndarray(format="rgb24").astype(float)


def playing() -> House:
    house = House()
    house.status = Status(State.PLAYING, SONGS[0], 60.0, asyncio.get_running_loop().time(), SECTIONS)
    return house


async def test_the_lights_glow_as_the_frames_say(browser: Any, tmp_path: Path) -> None:
    levels = DARK
    async with (
        at_home(browser, playing(), color_scheme="dark", reduced_motion="no-preference") as (served, page),
        shining(served.house, lambda: levels),
    ):
        for channel in range(1, 9):
            await level_is(page, channel, lambda level: level == 0)
        dark = await photograph(page, tmp_path / "dark.png")
        levels = BRIGHT
        for channel in range(1, 9):
            await level_is(page, channel, lambda level: level > 0.98)
        lit = await photograph(page, tmp_path / "lit.png")
        levels = bytes([0, 0, 128, 0, 0, 0, 0, 255])
        await level_is(page, 8, lambda level: level > 0.98)
        await level_is(page, 1, lambda level: level == 0)
        await level_is(page, 3, lambda level: 0.4 < level < 0.6)
        boxes = [await page.locator(f"#light-{channel}").bounding_box() for channel in range(1, 9)]
    assert dark.std() > 20, "a picture, not a blank"
    for box in boxes:
        left, top = round(box["x"]), round(box["y"])
        spot = np.s_[top : top + round(box["height"]), left : left + round(box["width"])]
        assert lit[spot].mean() - dark[spot].mean() > 4, "each group of lights is brighter when lit"
        assert (lit[spot] - dark[spot]).max() > 100


async def test_the_buttons_do_what_they_say(browser: Any) -> None:
    async with at_home(browser) as (served, page):
        done = served.house.commands
        assert await page.inner_text("#title") == "All is calm"
        await page.click("#play")
        await page.wait_for_selector("body[data-state=playing]")
        await page.wait_for_selector(f"#title:text('{SONGS[0].title}')")
        assert await page.locator("#track i").count() == len(SECTIONS)
        await page.click("#play")
        await page.wait_for_selector("body[data-state=paused]")
        await page.focus("#seek")
        await page.keyboard.press("End")
        await until(lambda: done[-1:] == [Seek(183.0)])
        await page.click("#next")
        await until(lambda: done[-1:] == [Next()])
        await page.click("#previous")
        await until(lambda: done[-1:] == [Previous()])
        await page.select_option("#look", "calm")
        await until(lambda: done[-1:] == [SetOption("look", "calm")])
        await page.click(f'[data-song="{SONGS[2].id}"]')
        await page.wait_for_selector(f"#title:text('{SONGS[2].title}')")
        assert await page.locator("#songs [aria-current]").inner_text() != ""
        await page.click("#stop")
        await page.wait_for_selector("body[data-state=idle]")
    assert done == [
        Play(),
        Pause(),
        Seek(183.0),
        Next(),
        Previous(),
        SetOption("look", "calm"),
        Play(SONGS[2].id),
        Stop(),
    ]


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
        await page.wait_for_selector("#sign-in-error:not(:empty)")
        await page.fill("#token", TOKEN)
        await page.click("#sign-in-form button")
        await page.wait_for_selector("body[data-link=online]")
        assert not await page.locator("#sign-in").is_visible()
        await page.click("#pairing summary")
        assert await page.input_value("#pairing-token") == TOKEN
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
            await level_is(page, 5, lambda level: level > 0.9)


async def test_a_tapped_light_is_taken_over_and_given_back(browser: Any) -> None:
    async with at_home(browser, playing()) as (served, page), shining(served.house, lambda: DARK):
        house = served.house
        await page.wait_for_selector("#light-3[data-owner=show]")
        await page.click("#light-3")
        await page.wait_for_selector("#taken:visible")
        assert house.states[3] == ChannelState(3, True, 255)
        assert await page.get_attribute("#light-3", "aria-pressed") == "true"
        await page.focus("#taken-level input")
        await page.keyboard.press("Home")
        await page.keyboard.press("ArrowRight")
        await until(lambda: house.states[3] == ChannelState(3, True, 3))
        await page.click("#taken-release")
        await page.wait_for_selector("#light-3[data-owner=show]")
        assert house.states[3].effect == "show"
        assert not await page.locator("#taken").is_visible()


async def test_what_went_wrong_is_said_and_is_never_markup(browser: Any) -> None:
    async with at_home(browser) as (served, page):
        text = "<img src=x onerror=alert(1)> cannot be read; choose another song"
        served.house.say(dataclasses.replace(served.house.status, message=text))
        await page.wait_for_selector(".toast:not(:empty)")
        assert await page.inner_text(".toast") == text


async def test_everything_can_be_hit_with_a_finger(browser: Any) -> None:
    async with at_home(browser, playing()) as (_, page):
        await page.wait_for_selector("#songs button")
        sizes = await page.evaluate(
            """() => {
              const all = root => [...root.querySelectorAll("*")].flatMap(
                node => [node, ...(node.shadowRoot ? all(node.shadowRoot) : [])]);
              return all(document).filter(n => n.matches("button, input, select") && n.checkVisibility())
                .map(n => [n.id || n.textContent, n.getBoundingClientRect().width, n.getBoundingClientRect().height,
                           n.getAttribute("aria-label") || n.labels?.[0]?.textContent || n.textContent]);
            }"""
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
            await level_is(page, 1, lambda level: level > 0.9)


@pytest.mark.skipif(not AXE.exists(), reason="scripts/frontend installs axe-core")
@pytest.mark.parametrize("scheme", ["dark", "light"])
async def test_nobody_is_shut_out(browser: Any, scheme: str) -> None:
    async with serve(playing()) as served, visit(browser, served.url, color_scheme=scheme) as page:
        await page.wait_for_selector("#sign-in[open]")
        await page.evaluate(AXE.read_text())
        assert await barriers(page) == []
        await page.fill("#token", TOKEN)
        await page.click("#sign-in-form button")
        await page.wait_for_selector("#songs button")
        assert await barriers(page) == []
        await page.click("#pairing summary")
        await page.locator("#light-4").click(button="right")
        await page.wait_for_selector("#taken:visible")
        assert await barriers(page) == []
        await page.click("#blackout")
        await page.wait_for_selector("#blackout[aria-pressed=true]")
        assert await barriers(page) == []


async def barriers(page: Any) -> list[tuple[str, list[Any], str]]:
    """What axe finds, once colours have faded from one state to the next."""
    await asyncio.sleep(0.6)
    return await serious(page)


async def test_frames_come_only_while_somebody_looks(browser: Any) -> None:
    house = playing()
    heard: list[str] = []
    async with serve(house) as served, visit(browser, "about:blank") as page, shining(house, lambda: BRIGHT):
        page.on("websocket", lambda line: line.on("framesent", lambda text: heard.append(str(text))))
        await page.goto(f"{served.url}/#token={TOKEN}")
        await level_is(page, 1, lambda level: level > 0.9)
        assert [text for text in heard if '"frames"' in text][-1].count("unsubscribe") == 0
        await page.evaluate(HIDE, True)
        await until(lambda: any('"unsubscribe","topic":"frames"' in text for text in heard))
        heard.clear()
        await page.evaluate(HIDE, False)
        await until(lambda: any('"subscribe","topic":"frames"' in text for text in heard))


async def test_it_speaks_the_language_of_who_reads_it(browser: Any) -> None:
    async with at_home(browser, locale="de-AT") as (_, page):
        assert await page.get_attribute("html", "lang") == "de-AT"
        assert await page.inner_text("#blackout") == "Licht aus"
