"""Sound on the page: inputs with their levels, and the delay of an output measured by tapping."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.api.page_house import DESK, PHONE, SMALL, home, no_barriers, picture, settings_of
from tests.api.waiting import eventually
from tests.brokers import free_port
from tests.chromium import CHROMIUM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]

TONE = (0.25 * 32767 * np.sin(2 * np.pi * 440 * np.arange(4410) / 44100)).astype("<i2")
"""A tenth of a second of about -15 dB of full scale."""


@asynccontextmanager
async def playing_into(port: int) -> AsyncIterator[None]:
    """Somebody sends a tone to an input."""

    async def send() -> None:
        while True:
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                while True:
                    writer.write(np.repeat(TONE, 2).tobytes())
                    await writer.drain()
                    await asyncio.sleep(0.1)
            await asyncio.sleep(0.2)

    task = asyncio.create_task(send())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def with_inputs(home: Path, port: int) -> Any:
    """A house with a record player that sounds, and a radio in the kitchen that does not."""
    inputs = [
        {"type": "pipe", "name": "Record player", "listen": str(port)},
        {"type": "pipe", "name": "Kitchen", "listen": str(free_port()), "priority": 2},
    ]
    return settings_of(home, songs=("Noël",), input=inputs)


def topics(page: Any) -> list[tuple[str, str]]:
    """What the page asks to hear, and no longer to hear, from now on."""
    asked: list[tuple[str, str]] = []

    def sent(payload: Any) -> None:
        message = json.loads(payload)
        if message["type"] in ("subscribe", "unsubscribe"):
            asked.append((message["type"], message["topic"]))

    page.on("websocket", lambda socket: socket.on("framesent", sent))
    return asked


@pytest.mark.parametrize(("kind", "language"), [(SMALL, "de-DE"), (PHONE, "en-GB"), (DESK, "en-GB")])
async def test_inputs_show_what_they_do_and_how_loud_they_are(
    tmp_path: Path, kind: Any, language: str
) -> None:
    port = free_port()
    async with (
        home(with_inputs(tmp_path, port)) as house,
        playing_into(port),
        house.open(kind, locale=language) as page,
    ):
        asked = topics(page)
        await page.reload()
        await page.wait_for_selector("body[data-link=online]")
        await page.click("#tab-sound")
        meter = page.locator("[data-input='Record player'] .meter")

        async def sounds() -> bool:
            return -25 < float(await meter.get_attribute("aria-valuenow")) < -5

        await eventually(sounds)
        await page.wait_for_selector("[data-input='Record player'][data-on]")
        quiet = page.locator("[data-input=Kitchen] .meter")
        assert await quiet.get_attribute("aria-valuenow") == "-60"
        await picture(page, f"sound-{language}-{kind['viewport']['width']}")
        await no_barriers(page)
        assert ("subscribe", "levels") in asked and ("unsubscribe", "levels") not in asked
        await page.click("#tab-songs")
        await eventually(lambda: _holds(lambda: ("unsubscribe", "levels") in asked))


async def _holds(condition: Callable[[], bool]) -> bool:
    return condition()


async def test_an_input_is_muted_given_priority_and_both_are_taken_back(tmp_path: Path) -> None:
    async with (
        home(with_inputs(tmp_path, free_port())) as house,
        house.open(PHONE, "sound") as page,
        house.open(DESK, "sound") as desk,
    ):

        async def kitchen() -> tuple[bool, int]:
            found = {each["name"]: each for each in (await house.get("inputs"))["inputs"]}["Kitchen"]
            return found["muted"], found["priority"]

        await page.tap("[data-mute=Kitchen]")
        await desk.wait_for_selector("[data-mute=Kitchen][aria-pressed=true]")
        assert await kitchen() == (True, 2)
        await page.tap("#undo")
        await desk.wait_for_selector("[data-mute=Kitchen][aria-pressed=false]")
        await page.tap("[data-more=Kitchen]")
        await desk.wait_for_selector("[data-input=Kitchen]:has-text('Priority 3')")
        await page.tap("#undo")
        await desk.wait_for_selector("[data-input=Kitchen]:has-text('Priority 2')")
        assert await kitchen() == (False, 2)


TAP = """async late => {
  const find = (root, name) => {
    for (const each of root.querySelectorAll("*")) {
      if (each.localName === name) return each;
      const found = each.shadowRoot && find(each.shadowRoot, name);
      if (found) return found;
    }
  };
  const tapping = find(document, "yulelight-tapping");
  const at = () => tapping.house.status.position + (performance.now() - tapping.house.heardAt) / 1000;
  const next = Math.floor(at() - late) + 1 + late;
  await new Promise(done => setTimeout(done, Math.max(0, 1000 * (next - at()) - 30)));
  while (at() < next);
  const button = tapping.shadowRoot.querySelector("#tap");
  button.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
}"""
"""Taps once, so many seconds after a whole second of the clicks."""


async def test_the_delay_is_measured_by_tapping_and_taken_back(tmp_path: Path) -> None:
    async with home(settings_of(tmp_path, songs=("Noël",))) as house, house.open(PHONE, "sound") as page:
        before = (await house.get("outputs"))["outputs"][0]["delay"]
        assert before == 0
        await page.tap("[data-measure=main]")
        await page.wait_for_selector("#tap:not([disabled])")
        await picture(page, "tapping-390")
        await no_barriers(page)
        for late in (0.3, 0.1):
            for _ in range(10):
                await page.evaluate(TAP, late)
        await page.wait_for_selector(".toast:has-text('Main output: delay')")

        async def delay() -> float:
            return float((await house.get("outputs"))["outputs"][0]["delay"])

        assert abs(await delay() - 0.2) < 0.08
        await page.tap("#undo")
        await eventually(lambda: _is(delay, 0.0))
        await page.wait_for_selector("[data-measure=main]:visible")
        assert (await house.get("status"))["state"] == "idle", "the clicks are over"


async def _is(found: Callable[[], Awaitable[float]], expected: float) -> bool:
    return await found() == expected


async def test_a_delay_is_set_in_steps(tmp_path: Path) -> None:
    async with home(settings_of(tmp_path, songs=("Noël",))) as house, house.open(PHONE, "sound") as page:
        await page.tap("[data-later=main]")
        await page.wait_for_selector("[data-output=main]:has-text('0.01 s')")
        await page.tap("[data-later=main]")
        await page.wait_for_selector("[data-output=main]:has-text('0.02 s')")
        await page.tap("#undo")
        await page.wait_for_selector("[data-output=main]:has-text('0.01 s')")
        assert (await house.get("status"))["delay"] == 0.01
