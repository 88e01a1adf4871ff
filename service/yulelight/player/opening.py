"""Opens an item of the program for a session: its audio file and its show."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from yulelight.encoder.model import Encoder
from yulelight.inputs import clicks as calibration
from yulelight.inputs.url import fetched
from yulelight.library.foreground import render_apart
from yulelight.library.shows import Plan, Prepared, ShowSource, SongSettings
from yulelight.library.songs import LibrarySong
from yulelight.library.steps import Scene
from yulelight.player.on_air import OnAir
from yulelight.player.program import Item
from yulelight.player.services import Music
from yulelight.safety.frame import SWITCHED_ABOVE
from yulelight.show.look import Look
from yulelight.show.show import Show

SCENE_RATE = 10.0


@dataclass(frozen=True, slots=True)
class Style:
    """The model and the look for a song."""

    encoder: Encoder
    look: Look


@dataclass(frozen=True, slots=True)
class Source:
    """The source of an item. ``path`` is None without sound."""

    item: Item
    path: Path | None
    found: LibrarySong | None = None
    """The library's settings for a song of the library."""

    async def prepared(self, shows: ShowSource, style: Style) -> Prepared:
        """Its show in this style. Raises AudioError. Cancelling it ends the rendering."""
        if self.item.scene is not None:
            return _whole(scene_show(self.item.scene))
        if self.item.clicks:
            return _whole(calibration.blinks())
        assert self.path is not None and self.item.song is not None
        source = shows if self.item.song.id else Rendered()
        found = self.found or LibrarySong(self.item.song, self.path)
        return await source.show(found, style.encoder, style.look)


@asynccontextmanager
async def opened(item: Item, music: Music, air: OnAir) -> AsyncIterator[Source]:
    """The item's source; temporary files are removed on exit. Raises YulelightError."""
    if item.scene is not None:
        yield Source(item, None)
    elif item.clicks:
        with tempfile.TemporaryDirectory(prefix="yulelight-") as folder:
            path = Path(folder) / "clicks.wav"
            await asyncio.to_thread(calibration.clicks, path)
            yield Source(item, path)
    elif item.url:
        assert item.song is not None
        async with fetched(item.url, reach=music.reach) as path:
            with air.lent(item.sound, item.song, path):
                yield Source(item, path)
    else:
        assert item.song is not None
        found = await asyncio.to_thread(music.library.find, item.song.id)
        yield Source(replace(item, song=found.song), found.path, found)


def scene_show(scene: Scene) -> Show:
    """Constant light as a show."""
    frames = max(1, round(scene.seconds * SCENE_RATE))
    levels = np.tile(np.array(scene.levels, np.uint8), (frames, 1))
    return Show(levels, levels > SWITCHED_ABOVE, SCENE_RATE, (), "")


class Rendered:
    """A ShowSource for songs outside the library: shows are rendered each time, in a separate process."""

    def settings(self, song: str) -> SongSettings:
        """There are no settings."""
        return SongSettings()

    def prefer(self, *, model: str, look: str) -> None:
        """Does nothing: there is no background rendering."""

    async def show(
        self,
        found: LibrarySong,
        encoder: Encoder,
        look: Look,
        progress: Callable[[float], None] | None = None,
    ) -> Prepared:
        """See yulelight.library.shows.ShowSource."""
        return _whole(await render_apart(found.path, encoder, Plan(encoder.mark, look), progress=progress))


def _whole(show: Show) -> Prepared:
    return Prepared(show, 0.0, show.duration)
