"""The first evening on the page, songs sent from a phone, looks, and the page as an app."""

import json
import re
from collections.abc import Awaitable, Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from PIL import Image

from tests.api.page_house import PHONE, SMALL, home, no_barriers, settings_of
from tests.api.waiting import eventually
from tests.chromium import CHROMIUM
from tests.library.shelf import make_song
from yulelight.app.settings import load as load_settings

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]


async def test_from_an_empty_machine_to_lights_that_follow_a_carol(tmp_path: Path) -> None:
    song = make_song(tmp_path / "phone" / "Trad. - Noël.flac", 2000)
    async with home(settings_of(tmp_path, songs=(), music=[]), lists=()) as house:
        async with house.open(SMALL) as page:
            await page.wait_for_selector("[data-step=music][aria-expanded=true]")
            await no_barriers(page)
            await page.set_input_files("yulelight-guide #upload", song)
            await page.wait_for_selector("[data-step=place][aria-expanded=true]")
            await page.fill("#city", "wien")
            await page.tap("[data-city=Vienna]")
            await page.wait_for_selector("[data-step=lights][aria-expanded=true]")
            await page.tap("#fine-lights")
        # Left in the middle, and taken up again: what the house knows is done on every phone.
        async with house.open(PHONE, "guide") as page:
            await page.wait_for_selector("[data-step=lights][aria-expanded=true]")
            assert await page.locator("yulelight-guide li.done").count() == 2
            await page.tap("#fine-lights")
            await page.tap("#fine-sound")
            await page.tap("#guide-list")
            await page.tap("#season-plan")
            await page.wait_for_selector("h3:has-text('All is ready')")
            (show,) = (await house.get("schedule"))["events"]
            assert (show["playlist"], show["start"]["sun"]) == ("Carols", "sunset")
            lists = (await house.get("playlists"))["playlists"]
            assert [(each["id"], each["songs"]) for each in lists] == [("Carols", 2)]
            await no_barriers(page)
            await page.tap("#guide-play")
            await page.wait_for_selector("body[data-state=playing]")


async def test_lights_of_the_network_come_with_settings_that_the_service_reads(tmp_path: Path) -> None:
    found = {
        "found": [
            {"name": "wled-a", "host": "192.168.1.40", "problem": "", "label": 'Porch "Süd"', "leds": 120},
            {"name": "wled-b", "host": "192.168.1.41", "problem": "does not answer"},
        ],
        "problem": "",
        "brokers": [
            {
                "broker": "10.0.0.2:1883",
                "problem": "",
                "lights": [{"id": "shelly/shellyplus2pm-a8032abe54dc/switch:0", "name": "Garden"}],
            }
        ],
    }
    async with home(settings_of(tmp_path)) as house, house.open(SMALL, "guide", locale="de-DE") as page:
        await page.route("**/api/v1/lights/found", lambda route: route.fulfill(json=found))
        await page.tap("[data-step=lights]")
        await page.tap("#find-lights")
        await page.wait_for_selector("yulelight-found pre >> nth=1")
        await no_barriers(page)
        lines = await page.locator("yulelight-found pre").all_inner_texts()
        assert await page.locator("yulelight-found pre").count() == 2, "what does not answer is not offered"
        await page.tap("#follow-lights")
        await page.wait_for_selector("li.done [data-step=lights]")
    file = tmp_path / "yulelight.toml"
    file.write_text('[mqtt]\nbroker = "mqtt://10.0.0.2"\n' + "\n".join(lines))
    wled, lights = load_settings(file).output
    assert wled.type == "wled" and (wled.name, wled.host) == ("porch-sud", "192.168.1.40")
    assert lights.type == "mqtt-light" and lights.lights[0].id == "shelly/shellyplus2pm-a8032abe54dc/switch:0"


async def test_songs_come_from_the_phone_whatever_the_line_does(tmp_path: Path) -> None:
    song = make_song(tmp_path / "phone" / "Trad. - O Tannenbaum.flac", 2000)
    other = tmp_path / "phone" / "holiday.mp3"
    other.write_bytes(b"\x89PNG\r\n" + bytes(5000))
    async with home(settings_of(tmp_path)) as house, house.open(PHONE, "songs") as page:
        await page.wait_for_selector("[data-song]")
        await page.context.set_offline(True)
        await page.set_input_files("#upload", [song, other])
        await page.wait_for_selector("yulelight-upload li.waits")
        await page.context.set_offline(False)
        await page.wait_for_selector("[data-song]:has-text('O Tannenbaum')")
        kept = tmp_path / "music" / "Trad. - O Tannenbaum.flac"
        assert kept.read_bytes() == song.read_bytes()
        await page.wait_for_selector("yulelight-upload li.failed:has-text('is not music')")
        await no_barriers(page)
        await page.tap("yulelight-upload li.failed button")
        await page.wait_for_selector("yulelight-upload li.failed", state="detached")
        assert sorted(path.name for path in (tmp_path / "music").iterdir()) == [
            "Trad. - Noël.flac",
            "Trad. - O Tannenbaum.flac",
            "Trad. - Silent Night.flac",
        ]


async def test_a_look_is_tried_and_taken_back(tmp_path: Path) -> None:
    async with home(settings_of(tmp_path)) as house, house.open(PHONE, "looks", locale="de-DE") as page:
        await page.tap("[data-look=calm]")
        await page.wait_for_selector("[data-look=calm][aria-pressed=true]")
        assert (await house.get("status"))["look"] == "calm"
        await no_barriers(page)
        await page.tap("#undo")
        await page.wait_for_selector("[data-look=lively][aria-pressed=true]")
        assert (await house.get("status"))["look"] == "lively"


async def test_a_palette_colours_the_house_and_is_taken_back(tmp_path: Path) -> None:
    async with home(settings_of(tmp_path)) as house, house.open(PHONE, "looks", locale="de-DE") as page:
        bulb = page.locator("yulelight-house #core1 stop").last

        async def drawn() -> list[int]:
            colour = str(await bulb.evaluate("stop => getComputedStyle(stop).stopColor"))
            return [int(part) for part in re.findall(r"\d+", colour)[:3]]

        before = await drawn()
        await page.tap("[data-palette=frost]")
        await page.wait_for_selector("[data-palette=frost][aria-pressed=true]")
        status = await house.get("status")
        assert status["palette"] == "frost" and len(status["colours"]) == 8
        await no_barriers(page)
        await eventually(lambda: _is(drawn, list(bytes.fromhex(status["colours"][0][1:]))))
        await page.tap("#undo")
        await page.wait_for_selector("[data-palette=own][aria-pressed=true]")
        assert (await house.get("status"))["colours"] == []
        await eventually(lambda: _is(drawn, before))


async def _is(found: Callable[[], Awaitable[list[int]]], wanted: list[int]) -> bool:
    return await found() == wanted


async def test_it_opens_without_the_house_and_keeps_only_its_own_files(tmp_path: Path) -> None:
    async with home(settings_of(tmp_path)) as house, house.open(PHONE) as page:
        await page.evaluate("navigator.serviceWorker.ready.then(() => null)")

        async def kept() -> list[str]:
            script = """async () => (await Promise.all((await caches.keys()).map(async name =>
              (await (await caches.open(name)).keys()).map(request => new URL(request.url).pathname)))).flat()"""
            return list(await page.evaluate(script))

        await eventually(lambda: _has(kept, "/page/app.js"))
        await page.reload()
        await page.wait_for_selector("body[data-link=online]")
        await page.context.set_offline(True)
        await page.reload()
        await page.wait_for_selector("body[data-link=offline]")
        assert await page.locator("yulelight-house").count() == 1
        assert set(await kept()) == {
            "/", "/page/app.js", "/page/style.css", "/page/icon.svg", "/page/icon-192.png", "/page/app.webmanifest",
        }  # fmt: skip
        await page.context.set_offline(False)
        await page.wait_for_selector("body[data-link=online]")


async def _has(kept: Callable[[], Awaitable[list[str]]], name: str) -> bool:
    return name in await kept()


async def test_it_can_be_installed(tmp_path: Path) -> None:
    async with home(settings_of(tmp_path)) as house, ClientSession(house.service.address) as http:
        async with http.get("/page/app.webmanifest") as answer:
            manifest = json.loads(await answer.text())
        assert manifest["name"] and manifest["display"] == "standalone"
        purposes: set[Any] = set()
        for icon in manifest["icons"]:
            async with http.get(f"/page/{icon['src']}") as answer:
                assert answer.status == 200 and answer.content_type == icon["type"]
                if icon["type"] == "image/png":
                    picture = Image.open(BytesIO(await answer.read()))
                    assert f"{picture.width}x{picture.height}" == icon["sizes"]
                    purposes.add((icon["purpose"], picture.width))
        assert {("any", 192), ("any", 512), ("maskable", 512)} <= purposes
        async with http.get("/sw.js") as answer:
            assert answer.status == 200 and answer.content_type == "text/javascript"
