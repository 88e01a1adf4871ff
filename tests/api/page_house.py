"""The page of a real service, as people open it: on phones and on a desk."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from tests.brokers import free_port
from tests.chromium import AXE, chromium, serious
from tests.library.shelf import make_song
from tests.reach import out_of_reach
from yulelight.app.build import running
from yulelight.app.service import Service
from yulelight.app.settings import Settings
from yulelight.app.settings import load as load_settings
from yulelight.library.playlists import Change, Playlists

PATIENCE = 30_000
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SMALL = {"viewport": {"width": 320, "height": 568}, "has_touch": True, "is_mobile": True}
DESK = {"viewport": {"width": 1280, "height": 800}}


def settings_of(
    home: Path, songs: tuple[str, ...] = ("Noël", "Silent Night"), *, seconds: float = 2.0, **more: Any
) -> Settings:
    """Settings of a quiet service in ``home`` with its own ports; ``songs`` of so many seconds lie in its music
    folder.
    """
    (home / "music").mkdir(exist_ok=True)
    for title in songs:
        make_song(home / "music" / f"Trad. - {title}.flac", 2000, seconds)
    values = {
        "data": home / "data",
        "music": [home / "music"],
        "http__host": "127.0.0.1",
        "http__port": free_port(),
        "mqtt__host": "127.0.0.1",
        "mqtt__port": free_port(),
        "zeroconf__enabled": False,
        "sound__enabled": False,
    }
    return load_settings(**{**values, **more})


@dataclass
class Home:
    """A running service, a browser, and what the consoles of its pages complained about."""

    service: Service
    browser: Any
    complaints: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def open(self, kind: dict[str, Any], tab: str = "", **options: Any) -> AsyncIterator[Any]:
        """A page of its own, signed in; ``tab`` is opened."""
        context = await self.browser.new_context(**{"locale": "en-GB", **kind, **options})
        try:
            page = await context.new_page()
            page.set_default_timeout(PATIENCE)
            page.on("pageerror", lambda error: self.complaints.append(str(error)))
            await page.goto(self.service.page)
            await page.wait_for_selector("body[data-link=online]")
            if tab:
                await page.click(f"#tab-{tab}")
            yield page
        finally:
            await context.close()

    async def get(self, path: str) -> Any:
        """What the API answers."""
        headers = {"Authorization": f"Bearer {self.service.identity.token}"}
        async with (
            ClientSession(headers=headers) as session,
            session.get(f"{self.service.address}api/v1/{path}") as answer,
        ):
            assert answer.status == 200, await answer.text()
            return await answer.json()


@asynccontextmanager
async def home(settings: Settings, lists: tuple[str, ...] = ("Carols", "Rock")) -> AsyncIterator[Home]:
    """A service with ``settings`` and playlists of all its songs; no page of it may have complained at the end."""
    async with running(settings) as service, chromium() as browser:
        playlists = Playlists(settings.data / "playlists", service.library.songs)
        for name in lists:
            playlists.save(name, Change(songs=tuple(found.song.id for found in service.library.songs())))
        found = Home(service, browser)
        yield found
    assert found.complaints == []


PICTURES = os.environ.get("YULELIGHT_PICTURES")
"""A folder for pictures, to be looked at."""


async def picture(page: Any, name: str) -> None:
    """Keeps a picture of the whole ``page``, if somebody asked for it."""
    if PICTURES:
        await page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


async def no_barriers(page: Any) -> None:
    """The blackout is in reach, nothing is too wide, and axe finds nothing that keeps somebody out."""
    assert await out_of_reach(page) == []
    if AXE.exists():
        await page.evaluate(AXE.read_text())
        # Colours fade from one state to the next.
        await asyncio.sleep(0.4)
        found = await serious(page)
        assert not found, found
