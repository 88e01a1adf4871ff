"""The display face comes with the page: headings look the same on every machine."""

import dataclasses

import pytest

from tests.api.stubs import SONGS, TOKEN, House, serve
from tests.chromium import CHROMIUM, chromium
from tests.faces import drawn_in
from yulelight.core.messages import State, Status

TITLE = "Noël – „Es ist ein Ros’ entsprungen“, Lulla: Ça, bergers & Jõulud (1599) Øyåæß"  # noqa: RUF001
"""Letters and signs of many languages' titles; the face has them all."""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]


async def test_titles_are_drawn_in_the_face_that_the_page_brings() -> None:
    house = House()
    house.status = Status(State.PAUSED, dataclasses.replace(SONGS[0], title=TITLE))
    async with serve(house) as served, chromium() as browser:
        page = await browser.new_page(viewport={"width": 390, "height": 844})
        await page.goto(f"{served.url}/#token={TOKEN}")
        await page.wait_for_selector("#title:has-text('Noël')")
        await page.evaluate("document.fonts.ready.then(() => null)")
        ours, machine = await drawn_in(page, "h3")
    assert not machine, "no letter is left to what fonts the machine has"
    assert [name for name in ours if "Fraunces" in name] == list(ours)
    assert sum(ours.values()) > 70
