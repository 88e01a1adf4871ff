"""Joining a house by a tap on its page: programs that ask, and the code that another phone reads."""

import dataclasses
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession

from tests.api.stubs import TOKEN, House, Served, serve
from tests.chromium import AXE, CHROMIUM, chromium, serious
from tests.reach import out_of_reach
from yulelight.api.services import Services

HOME = "http://192.168.1.5:8770/"
PATIENCE = 30_000

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]


class AtHome(House):
    """A house that phones can reach."""

    def services(self, *parts: Any) -> Services:
        made = super().services(*parts)
        return dataclasses.replace(made, about=dataclasses.replace(made.about, addresses=lambda: (HOME,)))


@pytest.fixture
async def phones() -> AsyncIterator[tuple[Served, Any, Any]]:
    """Two phones, signed in."""
    async with serve(AtHome()) as served, chromium() as browser:
        pages = []
        for width, height in ((390, 844), (320, 568)):
            page = await browser.new_page(viewport={"width": width, "height": height}, color_scheme="dark")
            page.set_default_timeout(PATIENCE)
            await page.goto(f"{served.url}/#token={TOKEN}")
            await page.wait_for_selector("body[data-link=online]")
            pages.append(page)
        yield served, pages[0], pages[1]


async def ask(stranger: ClientSession, name: str) -> dict[str, Any]:
    async with stranger.post("/api/v1/pairing", json={"name": name}) as answer:
        return dict(await answer.json())


async def answer(stranger: ClientSession, request: dict[str, Any]) -> Any:
    headers = {"X-Pairing-Secret": request["secret"]}
    async with stranger.get(f"/api/v1/pairing/{request['id']}", headers=headers) as told:
        return await told.json()


async def test_who_asks_is_let_in_by_a_tap(phones: tuple[Served, Any, Any]) -> None:
    served, one, other = phones
    async with served.client(token=None) as stranger:
        request = await ask(stranger, "Home <b>Assistant</b>")
        for page in (one, other):
            await page.wait_for_selector(".asking")
            assert await page.inner_text(".asking output") == request["code"]
            assert "Home <b>Assistant</b> wants to join" in await page.inner_text(".asking")
            assert "127.0.0.1" in await page.inner_text(".asking")
            assert await out_of_reach(page) == []
        if AXE.exists():
            await one.evaluate(AXE.read_text())
            assert await serious(one) == []
        await one.click(".asking .allow")
        await other.wait_for_selector(".asking", state="detached")
        assert await answer(stranger, request) == {"answer": "allowed", "token": TOKEN}
        assert await one.locator(".asking").count() == 0


async def test_who_asks_can_be_refused(phones: tuple[Served, Any, Any]) -> None:
    served, one, _ = phones
    async with served.client(token=None) as stranger:
        request = await ask(stranger, "A neighbour")
        await one.click(".asking .refuse")
        await one.wait_for_selector(".asking", state="detached")
        assert await answer(stranger, request) == {"answer": "refused"}


async def test_another_phone_reads_a_code(phones: tuple[Served, Any, Any]) -> None:
    _, one, _ = phones
    await one.click("#pairing summary")
    await one.wait_for_selector("#pairing-code svg")
    box = await one.locator("#pairing-code svg").bounding_box()
    assert min(box["width"], box["height"]) >= 140, "large enough for a camera"
    assert await one.inner_text(".address") == "192.168.1.5:8770"
    assert await one.input_value("#pairing-token") == TOKEN
    assert await out_of_reach(one) == []
    if AXE.exists():
        await one.evaluate(AXE.read_text())
        assert await serious(one) == []
