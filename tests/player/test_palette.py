"""The colours of a show: of a palette or of the song's cover, another way round in each section."""

import asyncio
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.theatre import Theatre, theatre
from tests.virtual_time import VirtualLoop
from yulelight.core.errors import CommandError
from yulelight.core.messages import Play, SetOption, State, Status

FROST = ("#e6f2ff", "#8cc8ff", "#4a8cff", "#b9f0f5")


def test_channels_take_the_colours_in_turn_and_sections_move_them_on(tmp_path: Path) -> None:
    async def play() -> None:
        async with theatre(tmp_path) as t:
            status = await t.say(SetOption("palette", "frost"))
            assert (status.palette, status.colours) == ("frost", 2 * FROST)
            await t.say(Play(song=t.songs[0].id))
            await t.plays(0)
            assert t.status.colours == 2 * FROST
            await asyncio.sleep(3)  # the song's second half is another section
            assert t.status.colours == (*(2 * FROST)[1:], FROST[0])
            await t.state(State.IDLE)
            assert (await t.say(SetOption("palette", "own"))).colours == ()
            with pytest.raises(CommandError, match="candles"):
                await t.say(SetOption("palette", "beige"))

    run(play())


@pytest.mark.parametrize("grey", [False, True])
def test_the_songs_own_colours(tmp_path: Path, grey: bool) -> None:
    (tmp_path / "music").mkdir()
    pixels = np.full((40, 40, 3), 128, np.uint8)
    if not grey:
        pixels[:, :30], pixels[:, 30:] = (10, 20, 200), (230, 160, 10)
    Image.fromarray(pixels).save(tmp_path / "music" / "cover.png")

    async def play() -> Status:
        async with theatre(tmp_path) as t:
            await t.say(SetOption("palette", "song"))
            await t.say(Play(song=t.songs[0].id))
            await t.plays(0)
            return await coloured(t, blue=not grey)

    assert len(run(play()).colours) == 8


async def coloured(t: Theatre, *, blue: bool) -> Status:
    """Waits in real time, as covers are read in a thread."""
    for _ in range(2000):
        first = bytes.fromhex(t.status.colours[0][1:])
        if (first[2] == max(first)) == blue:
            return t.status
        await asyncio.to_thread(time.sleep, 0.01)
    raise AssertionError(t.status.colours)


def run(work: Coroutine[Any, Any, Any]) -> Any:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(work)
