"""`yulelight demo`: the complete system on one machine, shown in the terminal."""

import asyncio
from bisect import bisect_right
from collections.abc import Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from rich.align import Align
from rich.console import Console, Group
from rich.live import Live
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from yulelight.actors import Subscription
from yulelight.api.qr import for_terminal
from yulelight.app.build import running
from yulelight.app.parts.lights import DirectLights
from yulelight.app.service import Service
from yulelight.app.settings import Settings
from yulelight.audio.decode import probe
from yulelight.core.errors import AudioError, UsageError
from yulelight.core.messages import CHANNELS, Play, ShowEvent, Song, State, Status
from yulelight.core.signals import stop_signal, until
from yulelight.node.drivers.simulated import COLOURS
from yulelight.outputs.base import Output
from yulelight.outputs.deadman import Words
from yulelight.outputs.driven import Driven
from yulelight.safety.physics import Light

ROWS = 8
BAR = " ▁▂▃▄▅▆▇█"
FRAMES_A_SECOND = 25
LIGHTS = "demo"


class Terminal:
    """A driver that keeps the last frame for the screen, with a dimmer on each channel."""

    name = "simulated"
    errors = 0
    skipped = 0
    healthy = True

    def __init__(self) -> None:
        self.levels = bytes(CHANNELS)
        self.switched = (False,) * CHANNELS
        self.problem = ""
        self.lights = tuple(
            Light(channel=channel, kind="dimmer", node=LIGHTS) for channel in range(1, CHANNELS + 1)
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.show(bytes(CHANNELS), (False,) * CHANNELS)

    def last_words(self) -> Words:
        """See yulelight.outputs.base.Output: a terminal needs none."""
        return ()

    def show(self, levels: bytes, switched: tuple[bool, ...]) -> None:
        """See yulelight.outputs.driver.Driver."""
        self.levels, self.switched = levels, switched


class SimulatedLights:
    """The demo's lights, and their present output."""

    def __init__(self) -> None:
        self.terminal = Terminal()
        self.output = Driven(LIGHTS, self.terminal)

    def make(self) -> Output:
        """Creates the output; called again after a failure."""
        self.output = Driven(LIGHTS, self.terminal)
        return self.output


async def run_demo(settings: Settings, console: Console, seconds: float | None) -> None:
    """Plays the settings' first song, for at most ``seconds``; raises AudioError when it cannot be read."""
    stop = stop_signal()
    for path in settings.music:
        if not path.exists():
            raise UsageError(f"no song at {path}; name a file that exists")
        if path.is_file():
            await asyncio.to_thread(probe, path)
    console.print("starting: the first time this takes some seconds", highlight=False)
    lights = SimulatedLights()
    async with running(settings, direct=[DirectLights(LIGHTS, "simulated", lights.make)]) as service:
        _introduce(service, console, await asyncio.to_thread(service.pages))
        with service.events.subscribe() as events, ExitStack() as stack:
            drawing = asyncio.create_task(_draw(stack, console, lights.terminal, service))
            try:
                songs = await asyncio.to_thread(service.library.scan)
                await service.director.ask(Play(songs[0].song.id))
                await until(stop, _show(service, events, seconds), service.supervisor.wait())
            finally:
                drawing.cancel()
                await asyncio.gather(drawing, return_exceptions=True)
                stack.close()
    health = lights.output.health()
    console.print(f"{health.shown} light frames were shown, {health.late} came too late. All lights are off.")


async def _show(service: Service, events: Subscription[ShowEvent], seconds: float | None) -> None:
    """Returns when the show is over, or ``seconds`` after the song began to play: rendering time does not count.

    Raises AudioError when the song cannot be played.
    """
    over, begun = asyncio.create_task(_finished(events)), asyncio.create_task(_begun(service))
    try:
        await asyncio.wait((over, begun), return_when=asyncio.FIRST_COMPLETED)
        if not over.done():
            await asyncio.wait((over,), timeout=seconds)
        if over.done():
            over.result()
    finally:
        over.cancel()
        begun.cancel()
        await asyncio.gather(over, begun, return_exceptions=True)


async def _begun(service: Service) -> None:
    """Returns when a song plays."""
    with service.statuses.subscribe(1) as statuses:
        async for status in statuses:
            if status.state is State.PLAYING:
                return


async def _finished(events: Subscription[ShowEvent]) -> None:
    """Returns when the show is over; raises AudioError when the song cannot be played."""
    async for event in events:
        if event.kind == "failed":
            raise AudioError(event.detail)
        if event.kind == "finished":
            return


def _introduce(service: Service, console: Console, pages: Sequence[str]) -> None:
    """How to open the page. Addresses are not wrapped, so that they can be copied or clicked.

    ``pages``: the page's addresses for phones, if they can open it.
    """
    broker, settings = service.mqtt, service.settings
    page = pages[0] + service.token if pages else service.page
    lines = [f"[b]The page[/]         {page}"]
    if broker is None:
        lines.append("[b]Home Assistant[/]   for its eight lights, start the demo with --mqtt")
    else:
        host = urlsplit(page).hostname if pages else broker.host
        lines.append(
            f"[b]Home Assistant[/]   add the MQTT integration with: broker {host}, port {broker.port}, "
            f"protocol 3.1.1, user {broker.username}, password {broker.password}"
        )
    if settings.http.host == "127.0.0.1":
        lines.append(
            "                 [dim]on another machine, or a phone? start the demo with --host 0.0.0.0[/]"
        )
    if service.sound and settings.sound.enabled:
        lines.append(f"[b]Sound[/]            [dim]{service.sound}; the lights dance all the same[/]")
    console.print("\n[b red]Yule[/][b green]light[/]  [dim]Ctrl-C ends it[/]\n")
    for line in lines:
        console.print(line, soft_wrap=True, highlight=False)
    if pages and console.is_terminal:
        console.file.write(for_terminal(page))
    console.print()


async def _draw(stack: ExitStack, console: Console, terminal: Terminal, service: Service) -> None:
    if not console.is_terminal:
        await _log(console, terminal, service)
        return
    live = stack.enter_context(Live(console=console, auto_refresh=False, transient=False))
    while True:
        status = service.statuses.latest or Status()
        live.update(screen(terminal, status, asyncio.get_running_loop().time()), refresh=True)
        await asyncio.sleep(1 / FRAMES_A_SECOND)


async def _log(console: Console, terminal: Terminal, service: Service) -> None:
    """Without a terminal (a pipe, a log file): one line a second."""
    told = False
    while True:
        status = service.statuses.latest or Status()
        if status.state is State.LOADING and not told:
            told = True
            console.print("listening to the song, to make its show", highlight=False)
        if status.state is State.PLAYING:
            bars = "".join(BAR[level * (len(BAR) - 1) // 255] for level in terminal.levels)
            relays = "".join("●" if on else "○" for on in terminal.switched)
            position = status.position + asyncio.get_running_loop().time() - status.as_of
            console.print(f"{clock(position)}  [{bars}]  {relays}", markup=False, highlight=False)
        await asyncio.sleep(1.0)


def screen(terminal: Terminal, status: Status, now: float) -> Panel:
    """The picture: eight glowing columns over their relays, the song, its progress and section."""
    song = status.song or Song("", "")
    position = status.position
    if status.state is State.PLAYING:
        position = max(0.0, position + now - status.as_of)
    title = Text(song.title or "…", style="bold")
    if song.artist:
        title.append(f"  {song.artist}", style="dim")
    line = Table.grid(padding=(0, 1))
    section = bisect_right(status.sections, position) if status.sections else 0
    line.add_row(
        clock(position),
        ProgressBar(
            total=max(song.duration, 1e-9),
            completed=min(position, song.duration),
            width=40,
            complete_style="red",
        ),
        clock(song.duration),
        Text(f"section {section} of {len(status.sections)}" if section else status.state.value, style="dim"),
    )
    return Panel(
        Group(
            Align.center(columns(terminal.levels, terminal.switched)),
            Text(),
            Align.center(title),
            Align.center(line),
        ),
        border_style="green",
        width=76,
        padding=(1, 2),
    )


def columns(levels: bytes, switched: tuple[bool, ...]) -> Text:
    """Eight columns, ``ROWS`` high, each in its channel's colour; below them the relays."""
    text = Text()
    for row in reversed(range(ROWS)):
        for channel, level in enumerate(levels):
            filled = level / 255 * ROWS - row
            cell = BAR[max(0, min(8, round(filled * 8)))]
            text.append(cell * 5, style=glow(channel, 0.45 + 0.55 * level / 255))
            text.append("  ")
        text.append("\n")
    for channel, on in enumerate(switched):
        text.append("  ●  " if on else "  ○  ", style=glow(channel, 1.0 if on else 0.5))
        text.append("  ")
    return text


def glow(channel: int, brightness: float) -> str:
    """The channel's colour at a brightness from 0 to 1, as a rich style."""
    red, green, blue = (round(part * brightness) for part in COLOURS[channel % len(COLOURS)])
    return f"rgb({red},{green},{blue})"


def clock(seconds: float) -> str:
    """Minutes and seconds."""
    whole = int(max(0.0, seconds))
    return f"{whole // 60}:{whole % 60:02d}"
