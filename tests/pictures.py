"""The pictures of README.md, taken from the real program: `scripts/pictures`."""

import asyncio
import io
import re
import tempfile
from pathlib import Path

import av
from rich.console import Console

from tests.brokers import free_port
from tests.chromium import chromium
from tests.faces import with_our_text
from yulelight.app.build import running
from yulelight.app.music import CAROL
from yulelight.app.settings import Settings
from yulelight.app.settings import load as load_settings
from yulelight.commands.demo import Terminal, screen
from yulelight.core.messages import Play, Seek, Song, State, Status
from yulelight.dsp.spectrum import FRAME_RATE
from yulelight.encoder.catalogue import find
from yulelight.encoder.model import load
from yulelight.lab.preview.film import Cut, film
from yulelight.lab.preview.title import SECONDS as TITLE
from yulelight.show.render import render

IMAGES = Path(__file__).parent.parent / "docs" / "images"
MODEL: str = Settings.model_fields["model"].default
MOMENT = 79.5
"""Seconds into the carol at which the pictures are taken: its finale."""


def terminal() -> str:
    """What `scripts/demo` shows, as SVG without the fonts that it would fetch."""
    show = render(CAROL, load(find(MODEL, ())))
    lights = Terminal()
    k = round(MOMENT * FRAME_RATE)
    lights.show(show.levels[k].tobytes(), tuple(show.switched[k].tolist()))
    song = Song("", "God Rest Ye Merry, Gentlemen", "Yulelight", show.duration)
    status = Status(State.PLAYING, song, MOMENT, 0.0, show.sections)
    console = Console(
        file=io.StringIO(), record=True, width=78, force_terminal=True, color_system="truecolor"
    )
    console.print(screen(lights, status, 0.0))
    svg = console.export_svg(title="scripts/demo")
    return re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)


def house(path: Path) -> None:
    """The last frame of a film that `yulelight preview` makes, after its title is gone."""
    show = render(CAROL, load(find(MODEL, ())))
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "carol.mp4"
        film(CAROL, show, output, Cut(MOMENT - TITLE, TITLE + 0.1))
        with av.open(str(output)) as file:
            *_, last = file.decode(video=0)
            last.to_image().save(path, quality=88)


async def take(path: Path) -> None:
    """The terminal, and the page while the carol plays, on a screen and on a phone."""
    with tempfile.TemporaryDirectory() as data:
        settings = load_settings(
            data=Path(data),
            http__host="127.0.0.1",
            http__port=free_port(),
            mqtt__host="127.0.0.1",
            mqtt__port=free_port(),
            zeroconf__enabled=False,
            sound__enabled=False,
        )
        async with running(settings) as service, chromium() as browser:
            view = await browser.new_page(viewport={"width": 1000, "height": 600})
            await view.set_content(terminal())
            await view.locator("svg").screenshot(path=path / "demo.png")
            songs = await asyncio.to_thread(service.library.scan)
            await service.director.ask(Play(songs[-1].song.id))
            while service.statuses.latest is None or service.statuses.latest.state is not State.PLAYING:
                await asyncio.sleep(0.05)
            for name, size in (("page.jpg", (1280, 800)), ("phone.jpg", (412, 915))):
                view = await browser.new_page(
                    viewport={"width": size[0], "height": size[1]}, color_scheme="dark", bypass_csp=True
                )
                await view.goto(service.page)
                await with_our_text(view)
                await service.director.ask(Seek(MOMENT - 3))
                await asyncio.sleep(3.3)
                await view.screenshot(path=path / name, type="jpeg", quality=85)
                await view.close()


if __name__ == "__main__":
    IMAGES.mkdir(exist_ok=True)
    house(IMAGES / "house.jpg")
    asyncio.run(take(IMAGES))
