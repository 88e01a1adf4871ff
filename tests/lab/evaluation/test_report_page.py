"""The report in a real browser, at the sizes of phones."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

pytest.importorskip("librosa", reason="the [evaluate] extra is not installed")

from tests.chromium import CHROMIUM, chromium
from tests.commands.test_cli import yulelight

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")]


async def test_nothing_is_cut_off_on_a_phone(tmp_path: Path, clicks: np.ndarray) -> None:
    song, page = tmp_path / f"{'A_very_long_name_of_a_song' * 4}.flac", tmp_path / "card.html"
    soundfile.write(song, clicks, 44_100)
    result = yulelight("evaluate", song, "--html", page)
    assert result.returncode == 0, result.stderr
    assert "song 1 of 1" in result.stderr
    async with chromium() as browser:
        for width in (320, 390, 844):
            view = await (await browser.new_context(viewport={"width": width, "height": 700})).new_page()
            await view.goto(page.as_uri())
            wide, seen, images = await view.evaluate(
                "() => [document.documentElement.scrollWidth, innerWidth, [...document.images].map(image =>"
                " image.closest('.wide') ? 0 : image.getBoundingClientRect().right)]"
            )
            assert seen == width and wide <= width
            assert len(images) == 2 and max(images) <= width
