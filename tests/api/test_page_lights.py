"""Lights and health on the page: what a person sees of them, moves, lets blink and saves."""

import logging
import socket
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.api import waiting
from tests.api.page_house import DESK, PHONE, SMALL, home, no_barriers, settings_of
from tests.brokers import Mosquitto
from tests.chromium import CHROMIUM
from tests.mqtt.devices.yard import Yard

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]

eventually = partial(waiting.eventually, patience=20.0)


@pytest.fixture
def garden() -> Iterator[int]:
    """The port of a controller that takes whatever is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as controller:
        controller.bind(("127.0.0.1", 0))
        yield controller.getsockname()[1]


def lit(home: Path, port: int) -> Any:
    """A house with pixels on two channels, loads, sides and a budget."""
    garden = {
        "type": "ddp", "name": "garden", "host": "127.0.0.1", "port": port, "pixels": 20,
        "ranges": [{"channel": 3, "first": 0, "count": 10}, {"channel": 5, "first": 10, "count": 10}],
    }  # fmt: skip
    channels = [{"load": 50.0, "side": -1.0 if n == 3 else 0.0} for n in range(1, 9)]
    return settings_of(home, output=[garden], channels=channels, light__power_budget=220.0)


async def test_each_light_says_what_it_is(tmp_path: Path, garden: int) -> None:
    async with home(lit(tmp_path, garden)) as house, house.open(SMALL, "lights") as page:
        await page.wait_for_selector("[data-light='3'] small:has-text('left')")
        assert "not connected yet" in await page.inner_text("[data-light='1'] small")
        await page.wait_for_selector(".device:has-text('garden')")
        await page.wait_for_selector("text=the show may use 220 W")
        said = await page.inner_text("#flash")
        assert said.count(".") == 2 and "three times in any second" in said
        await no_barriers(page)


async def test_lights_that_could_be_added_are_found(tmp_path: Path) -> None:
    async with Mosquitto() as broker, Yard(broker) as yard:
        settings = settings_of(tmp_path, output=[yard.settings()])
        async with home(settings) as house, house.open(SMALL, "lights") as page:
            await page.click("#find-lights")
            lines = page.locator("yulelight-found pre")
            await page.wait_for_selector("yulelight-found pre:has-text('mqtt-light')")
            told = "\n".join(await lines.all_inner_texts())
            assert 'id = "shelly/shellyplus2pm-a8032abe54dc/switch:1", channel' in told
            assert "# Gate switch:1" in told
            await no_barriers(page)


async def test_lights_are_dragged_and_every_phone_sees_it(tmp_path: Path, garden: int) -> None:
    async with (
        home(lit(tmp_path, garden)) as house,
        house.open(PHONE, "lights") as phone,
        house.open(DESK, "lights", color_scheme="light") as desk,
    ):

        async def places() -> dict[int, tuple[float, float]]:
            return {
                each["channel"]: (each["x"], each["y"]) for each in (await house.get("house"))["positions"]
            }

        lamp = desk.locator("#lamp-8")
        await lamp.scroll_into_view_if_needed()
        box, picture = await lamp.bounding_box(), await desk.locator("yulelight-picture").bounding_box()
        await desk.mouse.move(box["x"] + 22, box["y"] + 22)
        await desk.mouse.down()
        await desk.mouse.move(
            picture["x"] + picture["width"] * 0.25, picture["y"] + picture["height"] * 0.5, steps=5
        )
        await desk.mouse.up()
        await eventually(places)
        x, y = (await places())[8]
        assert abs(x - 25) < 1.5 and abs(y - 50) < 1.5
        await eventually(lambda: _at(phone, 8, x))
        await phone.focus("#lamp-8")
        for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
            await phone.keyboard.press(key)
        await eventually(lambda: _is(places, 8, (round(x + 4, 1), round(y + 2, 1))))
        await desk.click("#undo")
        await eventually(lambda: _is(places, 8, None))
        await no_barriers(phone)
        await no_barriers(desk)


async def _at(page: Any, channel: int, x: float) -> bool:
    return bool(await page.locator(f"#lamp-{channel}").evaluate("lamp => lamp.style.left") == f"{x:g}%")


async def _is(places: Callable[[], Awaitable[dict[int, Any]]], channel: int, at: Any) -> bool:
    return bool((await places()).get(channel) == at)


async def test_a_light_blinks(tmp_path: Path, garden: int) -> None:
    async with home(lit(tmp_path, garden)) as house, house.open(PHONE, "lights") as page:
        await page.tap("[data-blink='3']")
        await page.wait_for_selector(".toast:has-text('Door garland blinks three times.')")
        assert await page.get_attribute("#lamp-3", "aria-pressed") == "true"
        await page.evaluate("scrollTo(0, 0)")
        glow = page.locator("#glow-3")
        await eventually(lambda: _shines(glow))


async def _shines(glow: Any) -> bool:
    return float(await glow.evaluate("glow => getComputedStyle(glow).opacity")) > 0.5


async def test_health_says_what_is_wrong_and_the_log_has_no_secrets(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    async with home(settings) as house, house.open(PHONE, "health") as page:
        await page.wait_for_selector(".sum h3")
        assert "Everything works" in await page.inner_text(".sum h3")
        assert await page.locator("li.trouble").count() == 0
        await no_barriers(page)
        token = house.service.identity.token
        logging.getLogger("yulelight.test").warning("somebody opened http://house/#token=%s", token)
        async with page.expect_download() as coming:
            await page.tap("#health-log")
        path = await (await coming.value).path()
        text = path.read_text()
        assert "somebody opened" in text and token not in text
        (tmp_path / "music").rename(tmp_path / "gone")
        await eventually(lambda: _missing(house))
        await page.tap("#health-again")
        await page.wait_for_selector("li.trouble:has-text('is not there now')")
        assert "1 problem to fix" in await page.inner_text(".sum h3")
        await no_barriers(page)


async def _missing(house: Any) -> bool:
    return bool((await house.get("library"))["missing"])
