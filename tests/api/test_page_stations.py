"""Radio stations and pairing on the page, as a person at a phone uses them."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from tests.api.stubs import TOKEN, House, serve, until
from tests.api.test_page_playlists import no_barriers, page_at
from tests.chromium import CHROMIUM, chromium
from yulelight.actors import Actor, Broadcast, Supervisor
from yulelight.api.services import InputService, Services
from yulelight.core.messages import Play, Song
from yulelight.inputs.manager import ChangeInput, GetInputs, InputReport, ManagerMessage

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]

CODE = "123-456"
PLAYER = InputReport(
    "Music Assistant", "away", None, 0, "", Song("", ""), kind="sendspin", pairing_code=CODE, unpaired=False
)


class Manager(Actor[ManagerMessage]):
    """One player, which remembers whether it is open."""

    def __init__(self, reports: Broadcast[tuple[InputReport, ...]]) -> None:
        self._reports, self._player = reports, PLAYER

    async def receive(self, message: ManagerMessage) -> object:
        match message:
            case GetInputs():
                return [self._player]
            case ChangeInput(unpaired=unpaired):
                self._player = dataclasses.replace(self._player, unpaired=unpaired, pairing_code="")
                self._reports.publish((self._player,))
        return None


async def test_a_station_is_played_kept_and_removed(tmp_path: Path) -> None:
    house = House()
    async with serve(house) as served, chromium() as browser:
        url, kept = f"{served.url}/#token={TOKEN}", served.services.stations.stations
        async with page_at(browser, url, 360, 740, has_touch=True, is_mobile=True) as page:
            await page.tap("#tab-sound")
            await page.fill("#station-url", "https://radio.example/live.pls")
            await page.keyboard.press("Enter")
            await until(lambda: Play(url="https://radio.example/live.pls") in house.commands)
            await page.tap("#station-keep")
            await page.wait_for_selector(".toast:has-text('Radio One Two')")
            (station,) = kept.all()
            await page.tap(f"[data-station='{station.id}']")
            await until(lambda: Play(station=station.id) in house.commands)
            await no_barriers(page)
            await page.fill("#station-url", "https://silent.example/")
            await page.tap("#station-keep")
            await page.wait_for_selector(".toast:has-text('sends no sound')")
            await page.tap(f"[data-remove='{station.id}']")
            await until(lambda: not kept.all())
            await page.tap("#undo")
            await until(lambda: [each.name for each in kept.all()] == ["Radio One Two"])


async def test_a_player_shows_its_pairing_code_and_is_opened_with_one_tap(tmp_path: Path) -> None:
    async with Supervisor() as supervisor:
        reports: Broadcast[tuple[InputReport, ...]] = Broadcast()
        manager = supervisor.start(lambda: Manager(reports), "inputs")

        class Paired(House):
            def services(self, *parts: Any) -> Services:
                made = super().services(*parts)
                return dataclasses.replace(made, inputs=InputService(manager, self.open_ingest, reports))

        async with serve(Paired()) as served, chromium() as browser:
            url = f"{served.url}/#token={TOKEN}"
            async with page_at(browser, url, 360, 740, has_touch=True, is_mobile=True) as page:
                await page.tap("#tab-sound")
                await page.wait_for_selector(f"[data-code]:has-text('{CODE}')")
                await no_barriers(page)
                await page.tap("[data-unpaired='Music Assistant']")
                await page.wait_for_selector("[data-code]", state="detached")
                (report,) = await manager.ask(GetInputs())
                assert report.unpaired is True
