"""The commands for the songs. They use the running service, or do the work themselves if none runs."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from yulelight.commands.options import Config, Data, HttpPort, Music
from yulelight.commands.run import run
from yulelight.core.errors import UsageError

if TYPE_CHECKING:
    from yulelight.commands.keeper import Keeper

app = typer.Typer(
    name="library",
    no_args_is_help=True,
    help="The songs: list them, find new ones, render their shows in advance.",
)
Words = Annotated[
    list[str] | None,
    typer.Argument(metavar="WORD", help="Words of title, artist or album.", show_default="all songs"),
]


@app.command()
def scan(config: Config = None, data: Data = None, music: Music = None, http_port: HttpPort = None) -> None:
    """Look for new songs now."""

    async def work(kept: "Keeper") -> None:
        from yulelight.commands.keeper import scanned

        await kept.act("rescan")
        _tell(await scanned(kept))

    _keep(work, config, data, music, http_port)


@app.command("list")
def list_songs(
    words: Words = None,
    artist: Annotated[str, typer.Option(help="Only songs by this artist.")] = "",
    album: Annotated[str, typer.Option(help="Only songs on this album.")] = "",
    config: Config = None,
    data: Data = None,
    music: Music = None,
    http_port: HttpPort = None,
) -> None:
    """Songs, with their ids; a star means that the show is rendered."""

    async def work(kept: "Keeper") -> None:
        songs = await kept.songs(" ".join(words or []), artist, album)
        for song in songs:
            by = f" - {song['artist']}" if song["artist"] else ""
            problem = f"  ({song['problem']})" if song["problem"] else ""
            star = "*" if song["rendered"] else " "
            _say(f"{song['id']} {star} {song['title']}{by}  {_clock(song['duration'])}{problem}")
        if not songs:
            _say(
                "There is no such song; without words, all are listed."
                if words or artist or album
                else "There are no songs."
            )

    _keep(work, config, data, music, http_port)


@app.command()
def status(config: Config = None, data: Data = None, music: Music = None, http_port: HttpPort = None) -> None:
    """How many songs there are, how many shows are rendered, and which songs cannot be played."""

    async def work(kept: "Keeper") -> None:
        from yulelight.commands.keeper import scanned

        state = await (kept.state() if kept.remote else scanned(kept))
        _tell(state, ":")
        songs = await kept.songs("", "", "") if state["unplayable"] else []
        for song in songs:
            if song["problem"]:
                _say(f"  {song['title']} ({song['id']}): {song['problem']}")

    _keep(work, config, data, music, http_port)


@app.command()
def render(
    words: Words = None,
    wait: Annotated[
        bool, typer.Option("--wait", help="Wait until it is done, and show its progress.")
    ] = False,
    config: Config = None,
    data: Data = None,
    music: Music = None,
    http_port: HttpPort = None,
) -> None:
    """Render the shows of songs ahead. Where no service runs, this waits until it is done.

    A running service does so by itself; with words, these songs come first.
    """
    text = " ".join(words or [])

    async def work(kept: "Keeper") -> None:
        songs = await kept.songs(text, "", "") if words else []
        if words and not songs:
            raise UsageError(f"there is no song {text!r}; see yulelight library list")
        for song in songs:
            if not song["rendered"]:
                await kept.render(song["id"])
        if wait or not kept.remote:
            await _rendered(kept, text)
        _tell(await kept.state())

    _keep(work, config, data, music, http_port, render=not words)


@app.command()
def pause(config: Config = None, data: Data = None, music: Music = None, http_port: HttpPort = None) -> None:
    """Render nothing in the background, until resumed; over restarts, too."""
    _keep(lambda kept: _act(kept, "pause"), config, data, music, http_port)


@app.command()
def resume(config: Config = None, data: Data = None, music: Music = None, http_port: HttpPort = None) -> None:
    """Go on rendering in the background."""
    _keep(lambda kept: _act(kept, "resume"), config, data, music, http_port)


async def _act(kept: "Keeper", action: str) -> None:
    _tell(await kept.act(action))


async def _rendered(kept: "Keeper", words: str) -> None:
    """Shows the progress until the songs with these ``words`` (none: all) are rendered or have failed."""
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None)
        while True:
            state = await kept.state()
            if words:
                songs = await kept.songs(words, "", "")
                total, left = len(songs), sum(not (s["rendered"] or s["problem"]) for s in songs)
                over = left == 0
            else:
                total, left = state["rendered"] + state["waiting"], state["waiting"]
                over = not state["scanning"] and (left == 0 or state["paused"])
            progress.update(
                task, total=total, completed=total - left, description=escape(state["rendering"][:40])
            )
            if over or state["message"]:
                return
            await asyncio.sleep(0.5)


def _keep(
    work: "Callable[[Keeper], Awaitable[None]]",
    config: Path | None,
    data: Path | None,
    music: list[Path] | None,
    http_port: int | None,
    *,
    render: bool = False,
) -> None:
    async def connect() -> None:
        from yulelight.app.settings import load
        from yulelight.commands.keeper import keeper

        settings = load(config, data=data, music=music or None, http__port=http_port)
        async with keeper(settings, render=render) as kept:
            await work(kept)

    run(connect(), quiet=True)


def _tell(state: dict[str, Any], hint: str = "; yulelight library status says why") -> None:
    megabytes = state["cache"]["bytes"] / 1e6
    _say(f"{_songs(state['songs'])}, {state['rendered']} rendered, {state['waiting']} waiting")
    for place in state["missing"]:
        _say(f"no music at {place} now: is its disk plugged in, or the name wrong?")
    _say(f"shows take {megabytes:.1f} of {state['cache']['limit'] / 1e6:.0f} MB")
    if state["scanning"]:
        _say("looking for songs")
    if state["paused"]:
        _say("rendering is paused; go on with: yulelight library resume")
    elif state["rendering"]:
        _say(f"rendering {state['rendering']} ({state['progress']:.0%})")
    if state["message"]:
        _say(state["message"])
    if state["unplayable"]:
        _say(f"{_songs(state['unplayable'])} cannot be played{hint}")


def _say(line: str) -> None:
    Console().print(line, markup=False, highlight=False, soft_wrap=True)


def _songs(count: int) -> str:
    return "1 song" if count == 1 else f"{count} songs"


def _clock(seconds: float) -> str:
    return f"{round(seconds) // 60}:{round(seconds) % 60:02}"
