"""What a session plays from: made or fetched for it, and gone with it."""

import asyncio
from pathlib import Path
from typing import cast

import pytest
import soundfile

from yulelight.core.messages import Song
from yulelight.library.steps import Scene
from yulelight.player.on_air import OnAir
from yulelight.player.opening import Rendered, Style, opened, scene_show
from yulelight.player.program import Item
from yulelight.player.services import Music

NOTHING = cast("Music", None)
"""Neither clicks nor scenes need any."""


def test_clicks_are_a_file_while_they_are_open() -> None:
    async def look() -> Path:
        async with opened(Item(Song("", "Clicks"), clicks=True), NOTHING, OnAir()) as source:
            assert source.path is not None
            sound, rate = soundfile.read(source.path)
            assert abs(sound).max() > 0.1
            prepared = await source.prepared(Rendered(), cast("Style", None))
            assert prepared.end == pytest.approx(len(sound) / rate, abs=0.1)
            return source.path

    assert not asyncio.run(look()).exists()


@pytest.mark.parametrize("seconds", [0.01, 1.0, 12.34])
def test_a_scene_is_steady_light_for_as_long_as_it_says(seconds: float) -> None:
    show = scene_show(Scene((0, 25, 26, 255, 0, 0, 0, 9), seconds))
    assert len(show.levels) >= 1
    assert show.duration == pytest.approx(seconds, abs=0.1)
    assert {tuple(row) for row in show.levels.tolist()} == {(0, 25, 26, 255, 0, 0, 0, 9)}
    assert show.switched[0].tolist() == [False, False, True, True, False, False, False, False]


def test_a_song_from_elsewhere_has_no_settings() -> None:
    assert Rendered().settings("any").look is None
