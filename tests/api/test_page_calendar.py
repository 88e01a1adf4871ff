"""The calendar on the page, as a person plans a season on a phone."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.api import waiting
from tests.api.page_house import DESK, PHONE, SMALL, Home, home, no_barriers, settings_of
from tests.chromium import CHROMIUM
from yulelight.library.stations import Stations

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]

eventually = partial(waiting.eventually, patience=20.0)
PLACE: dict[str, Any] = {
    "place__latitude": 48.14,
    "place__longitude": 11.58,
    "place__timezone": "Europe/Berlin",
}


async def events(house: Home) -> list[dict[str, Any]]:
    return list((await house.get("schedule"))["events"])


async def test_the_season_in_three_taps_and_one_more_to_undo(tmp_path: Path) -> None:
    async with home(settings_of(tmp_path, **PLACE)) as house, house.open(PHONE, "calendar") as page:
        await page.wait_for_selector("text=No show tonight.")
        await page.tap("#season")
        await page.tap("[data-choice=Carols]")
        await page.tap("#season-plan")
        await eventually(lambda: events(house))
        (show,) = await events(house)
        assert (show["playlist"], show["start"]["sun"]) == ("Carols", "sunset")
        year = int(show["start"]["date"][:4]) + (show["start"]["date"][5:7] != "01")
        assert show["rrule"] == f"FREQ=DAILY;UNTIL={year}0106" and show["end"][11:] == "22:00:00"
        await page.wait_for_selector("yulelight-month .show")
        await page.tap("#undo")
        await page.wait_for_selector("text=Nothing is planned after that.")
        assert await events(house) == []


async def test_a_place_is_found_by_its_city_first(tmp_path: Path) -> None:
    async with home(settings_of(tmp_path), ("Carols",)) as house, house.open(SMALL, "calendar") as page:
        await page.tap("#season")
        await page.fill("#city", "münch")
        assert await page.locator("#season-plan").is_disabled(), "without a place there is no sunset"
        await page.tap("[data-city=Munich]")
        await page.tap("#season-plan")
        await eventually(lambda: events(house))
        place = await house.get("place")
        assert round(place["latitude"]) == 48 and place["timezone"] == "Europe/Berlin"
        await no_barriers(page)


async def test_a_station_that_is_kept_can_be_a_show(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    Stations(settings.data / "stations.json").add("http://radio.example/noel.pls", "Radio Noel")
    async with home(settings) as house, house.open(PHONE, "calendar") as page:
        await page.tap("#show-add")
        await page.select_option("#show-playlist", "Radio Noel")
        await page.select_option("#show-start", "time")
        await page.tap("#show-save")
        await eventually(lambda: events(house))
        assert [event["playlist"] for event in await events(house)] == ["Radio Noel"]
        await page.wait_for_selector(".showing:has-text('Radio Noel')")
        tonight = await house.get("schedule/tonight")
        assert "no_playlist" not in str(tonight)


async def test_one_night_is_left_out_changed_and_put_back(tmp_path: Path) -> None:
    async with home(settings_of(tmp_path)) as house, house.open(PHONE, "calendar") as page:
        await page.tap("#show-add")
        night = await page.input_value("#show-night")
        await page.select_option("#show-start", "time")
        await page.fill("#show-time", "18:00")
        await page.fill("#show-until", f"{int(night[:4]) + 1}-01-06")
        await page.tap("#show-save")
        await page.wait_for_selector(".showing")
        await page.tap(".showing .leave")
        await page.wait_for_selector(".showing.out")
        assert [each["exdates"] for each in await events(house)] == [[night]]
        assert await page.locator(f"[data-day='{night}'].out").count() == 1
        await page.wait_for_selector(".tonight .left_out")
        await no_barriers(page)
        await page.tap(".showing .back")
        await page.wait_for_selector(".showing .change")
        assert [each["exdates"] for each in await events(house)] == [[]]
        await page.tap(".showing .change")
        await page.select_option("#show-playlist", "Rock")
        await page.tap("#show-save")
        await page.wait_for_selector(".showing b:has-text('Rock')")
        (show,) = await events(house)
        assert show["playlist"] == "Carols", "the other nights stay"
        assert [(each["occurrence"], each["playlist"]) for each in show["overrides"]] == [(night, "Rock")]
        await page.tap("#undo")
        await page.wait_for_selector(".showing b:has-text('Rock')", state="detached")
        assert [each["overrides"] for each in await events(house)] == [[]]
        await page.focus(f"[data-day='{night}']")
        await page.keyboard.press("ArrowDown")
        chosen = await page.get_attribute("yulelight-month [aria-pressed=true]", "data-day")
        assert chosen is not None and chosen > night
        await page.tap("#calendar-view")
        assert await page.locator(".showing").count() > 3
        await no_barriers(page)


async def test_two_phones_see_the_same_and_two_editors_lose_nothing(tmp_path: Path) -> None:
    async with (
        home(settings_of(tmp_path)) as house,
        house.open(PHONE, "calendar") as phone,
        house.open(DESK, "calendar", color_scheme="light") as desk,
    ):
        await phone.tap("#show-add")
        await phone.fill("#show-until", "2099-01-06")
        await phone.tap("#show-save")
        await desk.wait_for_selector(".showing .change")
        await desk.click(".showing .change")
        await desk.select_option("#show-scope", "all")
        await desk.select_option("#show-look", "calm")
        # Meanwhile, the phone leaves the night out; the desk's form stays open with what was chosen.
        await phone.tap(".showing .leave")
        await desk.wait_for_selector(".showing.out")
        assert await desk.input_value("#show-look") == "calm"
        await desk.click("#show-save")
        await desk.wait_for_selector("yulelight-show-form", state="detached")
        (show,) = await events(house)
        assert show["look"] == "calm" and len(show["exdates"]) == 1, "neither change is lost"
        # The way back of the phone would now lose the desk's change: it is refused in words.
        await phone.evaluate("document.querySelector('#remote').shadowRoot.querySelector('#undo').click()")
        await phone.wait_for_selector(".toast:has-text('changed meanwhile')")
        (show,) = await events(house)
        assert show["look"] == "calm" and len(show["exdates"]) == 1
        await no_barriers(desk)


async def test_a_calendar_file_is_read_and_taken_back(tmp_path: Path) -> None:
    file = tmp_path / "shows.ics"
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//a test//EN", "BEGIN:VEVENT", "UID:nicholas", "SUMMARY:Carols",
        "DTSTART:20301206T170000", "DTEND:20301206T190000", "END:VEVENT", "END:VCALENDAR", "",
    ]  # fmt: skip
    file.write_text("\r\n".join(lines))
    async with home(settings_of(tmp_path)) as house, house.open(PHONE, "calendar") as page:
        await page.set_input_files("#calendar-file", file)
        await page.wait_for_selector(".toast:has-text('1 show is in the calendar.')")
        assert [each["uid"] for each in await events(house)] == ["nicholas"]
        await page.tap("#undo")
        await eventually(lambda: _none(house))
        file.write_bytes(b"x" * 1_100_000)
        await page.set_input_files("#calendar-file", file)
        await page.wait_for_selector(".toast:has-text('at most 1 MB')")
        file.write_bytes(b"no calendar")
        await page.set_input_files("#calendar-file", file)
        await page.wait_for_selector(".toast:has-text('calendar')")
        assert await events(house) == []


async def _none(house: Home) -> bool:
    return await events(house) == []


async def test_switched_off_shows_say_why_and_in_german(tmp_path: Path) -> None:
    async with home(settings_of(tmp_path)) as house, house.open(SMALL, "calendar", locale="de-DE") as page:
        await page.tap("#armed")
        await page.tap("#show-add")
        await page.select_option("#show-start", "time")
        await page.fill("#show-time", "06:00")
        await page.fill("#show-end", "05:59")
        await page.tap("#show-save")
        await page.wait_for_selector(".showing")
        await page.wait_for_selector("text=Shows nach Kalender sind ausgeschaltet")
        assert (await house.get("status"))["armed"] is False
        await no_barriers(page)
