"""A whole song on the page, with the real service: nothing grows, and the blackout stays under a finger."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.brokers import free_port
from tests.chromium import CHROMIUM, chromium
from tests.reach import out_of_reach
from yulelight.app.build import running
from yulelight.app.settings import load as load_settings
from yulelight.core.messages import Pause, Play, Seek, State

SCREENS = {"small": (320, 568), "phone": (390, 844), "lying": (844, 390), "screen": (1440, 900)}
STEP = 5.0
"""Seconds of the song between two looks."""
PATIENCE = 30_000
COMPLAIN = "document.querySelector('#remote').say('Oh dear. '.repeat(60))"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]


@asynccontextmanager
async def evening(data: Path) -> AsyncIterator[tuple[Any, dict[str, Any]]]:
    """A service with the bundled carol, and its page on every screen, signed in."""
    settings = load_settings(
        data=data,
        http__host="127.0.0.1",
        http__port=free_port(),
        mqtt__host="127.0.0.1",
        mqtt__port=free_port(),
        zeroconf__enabled=False,
        sound__enabled=False,
    )
    async with running(settings) as service, chromium() as browser, AsyncExitStack() as stack:
        pages = {}
        for name, (width, height) in SCREENS.items():
            context = await browser.new_context(
                viewport={"width": width, "height": height},
                screen={"width": width, "height": height},
                has_touch=width < 1000,
                is_mobile=width < 1000,
            )
            stack.push_async_callback(context.close)
            pages[name] = await context.new_page()
            pages[name].set_default_timeout(PATIENCE)
            await pages[name].goto(service.page)
            await pages[name].wait_for_selector("body[data-link=online]")
        yield service, pages


async def test_the_blackout_is_in_reach_all_song_long(tmp_path: Path) -> None:
    wrong: list[str] = []

    async with evening(tmp_path) as (service, pages):

        async def look(moment: str, before: Callable[[Any], Awaitable[Any]] | None = None) -> None:
            for name, page in pages.items():
                if before:
                    await before(page)
                wrong.extend(f"{name}, {moment}: {found}" for found in await out_of_reach(page))

        async def shown(selector: str) -> None:
            for page in pages.values():
                await page.wait_for_selector(selector)

        await look("idle")
        (song,) = await asyncio.to_thread(service.library.scan)
        await service.director.ask(Play(song.song.id))
        await look("loading")
        while service.statuses.latest is None or service.statuses.latest.state is not State.PLAYING:
            await asyncio.sleep(0.05)
        await shown("body[data-state=playing]")
        duration = service.statuses.latest.song.duration
        assert duration > 60, "a song, not a sound"
        await look("playing")
        # Paused, so that a busy machine has time to look at each of them.
        await service.director.ask(Pause())
        await shown("body[data-state=paused]")
        for step in range(int(duration // STEP)):
            await service.director.ask(Seek(step * STEP))
            elapsed = f"{int(step * STEP) // 60}:{int(step * STEP) % 60:02}"
            await shown(f"#elapsed:has-text('{elapsed}')")
            await look(f"at {elapsed}")
        await service.director.ask(Seek(duration))
        await look("at the end")
        await look("scrolled down", lambda page: page.mouse.wheel(0, 4000))
        await look("Home Assistant's token", lambda page: page.click("#pairing summary"))
        await look("scrolled to it", lambda page: page.focus("#pairing-token"))
        await look("scrolled up", lambda page: page.evaluate("scrollTo(0, 0)"))
        await look("a light's details", lambda page: page.locator("#light-5").dispatch_event("contextmenu"))
        await pages["phone"].tap("#blackout")
        await shown("body.blackout")
        await look("dark")
        await look("a long complaint", lambda page: page.evaluate(COMPLAIN))
        await shown(".toast:not(:empty)")
        await look("complained")
    assert not wrong, "\n".join(wrong)
