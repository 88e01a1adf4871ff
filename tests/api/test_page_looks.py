"""Looks on the page: made with sliders on the song that plays, compared, saved, and taken back."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.api.page_house import DESK, PHONE, SMALL, Home, home, no_barriers, picture, settings_of
from tests.api.waiting import eventually
from tests.chromium import CHROMIUM
from tests.library.shelf import make_song

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]


async def in_use(house: Home, look: str) -> None:
    async def now() -> bool:
        return bool((await house.get("looks"))["look"] == look)

    await eventually(now)


async def play(page: Any) -> None:
    """A song that lasts."""
    await page.click("#tab-songs")
    await page.click("[data-song]:has-text('Long Night')")
    await page.wait_for_selector("body[data-state=playing]")
    await page.click("#tab-looks")
    await page.wait_for_selector("[data-edit=calm]")


async def slide(page: Any, name: str, steps: int) -> None:
    """As a keyboard does it; each step is a twentieth."""
    await page.focus(f"#slider-{name}")
    for _ in range(abs(steps)):
        await page.keyboard.press("ArrowRight" if steps > 0 else "ArrowLeft")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Of a house with a settings file, in which somebody wrote a note."""
    monkeypatch.chdir(tmp_path)
    Path("yulelight.toml").write_text("# What aunt Ida likes\n")
    make_song(tmp_path / "music" / "Trad. - Long Night.flac", seconds=100)
    return settings_of(tmp_path, songs=("Noël",))


def saved() -> Any:
    text = Path("yulelight.toml").read_text()
    assert text.startswith("# What aunt Ida likes\n")
    return tomllib.loads(text).get("looks", {})


@pytest.mark.parametrize(("kind", "language"), [(SMALL, "de-DE"), (PHONE, "en-GB"), (DESK, "en-GB")])
async def test_a_look_is_copied_changed_saved_and_taken_back(settings: Any, kind: Any, language: str) -> None:
    async with home(settings) as house, house.open(kind, locale=language) as page:
        await play(page)
        await no_barriers(page)
        await picture(page, f"looks-{language}-{kind['viewport']['width']}")
        await page.click("[data-edit=calm]")
        await page.wait_for_selector("#slider-drama")
        assert await page.input_value("#look-name") == ("Ruhig 2" if language == "de-DE" else "Calm 2")
        assert await page.is_enabled("#slider-voice"), "the model tells singers apart"
        await slide(page, "drama", 8)
        await slide(page, "contrast", -4)
        await page.wait_for_selector("#look-after[aria-pressed=true]")
        await no_barriers(page)
        await picture(page, f"editor-{language}-{kind['viewport']['width']}")
        await page.click("#look-before")
        await page.wait_for_selector("#look-before[aria-pressed=true]")
        await page.fill("#look-name", "Am Kamin")
        await page.click("#look-save")
        await page.wait_for_selector("[data-look='Am Kamin'][aria-pressed=true]")
        assert saved() == {"Am Kamin": {"base": "calm", "drama": 0.4, "contrast": -0.2}}
        await page.click("#undo")
        await in_use(house, "lively")
        await page.wait_for_selector("[data-look='Am Kamin']", state="detached")
        assert saved() == {}


async def test_ones_own_look_is_changed_and_deleted_and_both_are_taken_back(settings: Any) -> None:
    async with home(settings) as house, house.open(PHONE) as page, house.open(DESK, "looks") as desk:
        await play(page)
        await page.click("[data-edit=elegant]")
        await slide(page, "calm", 2)
        await page.fill("#look-name", "Ours")
        await page.click("#look-save")
        await desk.wait_for_selector("[data-look=Ours][aria-pressed=true]")
        await page.click("[data-edit=Ours]")
        assert await page.is_disabled("#look-name")
        await slide(page, "calm", 3)
        await page.click("#look-save")
        await page.wait_for_selector("[data-look=Ours]")
        assert saved()["Ours"] == {"base": "elegant", "calm": 0.25}
        await page.click("#undo")
        await eventually(lambda: _is(saved, {"Ours": {"base": "elegant", "calm": 0.1}}))
        await page.click("[data-edit=Ours]")
        await page.click("#look-delete")
        await desk.wait_for_selector("[data-look=Ours]", state="detached")
        await in_use(house, "elegant")
        await page.click("#undo")
        await desk.wait_for_selector("[data-look=Ours][aria-pressed=true]")


async def _is(found: Callable[[], object], expected: object) -> bool:
    return found() == expected


async def test_a_name_that_is_taken_and_a_file_that_is_broken_are_said(settings: Any) -> None:
    async with home(settings) as house, house.open(PHONE, "looks") as page:
        await page.click("[data-edit=calm]")
        await page.fill("#look-name", "Elegant")
        await page.click("#look-save")
        await page.wait_for_selector(".toast:has-text('There is a look Elegant already.')")
        Path("yulelight.toml").write_text("# What aunt Ida likes\nlooks = ")
        await page.fill("#look-name", "Slower")
        await page.click("#look-save")
        await page.wait_for_selector(".toast:has-text('is not a settings file')")
        assert await page.input_value("#look-name") == "Slower", "nothing typed is lost"
        assert "Slower" not in (await house.get("status"))["look"]


async def test_two_looks_are_compared_while_a_song_plays(settings: Any) -> None:
    async with home(settings) as house, house.open(PHONE, "looks") as page:
        assert await page.is_disabled("#show-A"), "nothing plays"
        await play(page)
        await page.select_option("#look-B", "elegant")
        await page.click("#show-B")
        await in_use(house, "elegant")
        await page.click("#show-A")
        await in_use(house, "lively")
        await page.click("#show-B")
        await in_use(house, "elegant")
        assert (await house.get("status"))["state"] == "playing"
        await no_barriers(page)
        await picture(page, "compare-390")
        await page.click("#tab-songs")
        await in_use(house, "lively")
        await page.click("#tab-looks")
        await page.select_option("#look-B", "calm")
        await page.click("#show-B")
        await in_use(house, "calm")
        await page.click("#look-keep")
        await page.wait_for_selector("[data-look=calm][aria-pressed=true]")
        await page.click("#tab-songs")
        await page.click("#undo")
        await in_use(house, "lively")


async def test_who_leaves_without_saving_leaves_the_lights_as_they_were(settings: Any) -> None:
    async with home(settings) as house, house.open(PHONE) as page:
        await play(page)
        await page.click("[data-edit=calm]")
        await page.click("#look-before")
        await in_use(house, "calm")
        await page.click("#look-back")
        await in_use(house, "lively")
        assert saved() == {}
