"""The commands for playlists. They read and write the files; a running service notices within seconds."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from yulelight.commands.options import Config, Data, HttpPort, Music
from yulelight.commands.remote import ask
from yulelight.commands.run import guard
from yulelight.commands.song_choice import chosen_song
from yulelight.core.errors import UsageError
from yulelight.core.text import folded

if TYPE_CHECKING:
    from yulelight.library.playlists import Playlists
    from yulelight.library.stations import StationEntry

app = typer.Typer(
    name="playlist",
    no_args_is_help=True,
    help="Playlists: .m3u8 files, which other players can read and write, too.",
)
Name = Annotated[str, typer.Argument(help="Name of the playlist.")]
Songs = Annotated[
    list[str],
    typer.Argument(metavar="SONG", help="Songs: their files, ids, or a part of title or file name."),
]
Place = Annotated[int, typer.Argument(min=1, help="Its position in `yulelight playlist show`.")]


@app.command("list")
def list_playlists(config: Config = None, data: Data = None, music: Music = None) -> None:
    """All playlists."""

    def work(lists: "Playlists") -> None:
        found = lists.summaries()
        for each in found:
            missing = f", {each.missing} missing" if each.missing else ""
            _say(f"{each.id}: {_songs(each.songs)}, {_clock(each.duration)}{missing}")
        if not found:
            _say("There is no playlist yet; see yulelight playlist new --help")

    _work(work, config, data, music)


@app.command()
def show(name: Name, config: Config = None, data: Data = None, music: Music = None) -> None:
    """A playlist's songs, and what comes before and after them."""

    def work(lists: "Playlists") -> None:
        from yulelight.library.steps import write_step

        found = lists.load(name)
        for step in found.pre:
            _say(f"  before: {write_step(step)}")
        for number, item in enumerate(lists.items(name), 1):
            if item.station is not None:
                until = _clock(item.station.seconds) if item.station.seconds else "until it is stopped"
                _say(f"{number:3}  {item.title} (station)  {until}")
            elif item.song is None:
                _say(f"{number:3}  {item.title} (missing: not in the music folders now)")
            else:
                song = item.song.song
                by = f" - {song.artist}" if song.artist else ""
                _say(f"{number:3}  {song.title}{by}  {_clock(song.duration)}")
        for step in found.post:
            _say(f"  after: {write_step(step)}")
        _say(f"shuffle {'on' if found.shuffle else 'off'}, repeat {found.repeat}")

    _work(work, config, data, music)


@app.command()
def new(
    name: Name,
    songs: Annotated[
        list[str] | None, typer.Argument(metavar="SONG", help="Songs: files, ids, or parts of titles.")
    ] = None,
    shuffle: Annotated[
        bool, typer.Option(help="Play in any order; no song twice until all were heard.")
    ] = False,
    repeat: Annotated[str, typer.Option(help="off, all or one.")] = "off",
    config: Config = None,
    data: Data = None,
    music: Music = None,
) -> None:
    """Make a playlist."""

    def work(lists: "Playlists") -> None:
        from yulelight.core.messages import Repeat
        from yulelight.library.playlists import Change

        if repeat not in list(Repeat):
            raise UsageError(f"repeat is one of {', '.join(Repeat)}")
        if name in {each.id for each in lists.summaries()}:
            raise UsageError(f"there is a playlist {name!r} already; add to it, or delete it first")
        lists.save(name, Change(_ids(lists, songs or []), shuffle=shuffle, repeat=Repeat(repeat)))
        _say(f"{name}: {_songs(len(lists.items(name)))}")

    _work(work, config, data, music)


@app.command()
def add(
    name: Name,
    songs: Songs,
    at: Annotated[
        int | None, typer.Option(min=1, help="Insert before this position.", show_default="at the end")
    ] = None,
    seconds: Annotated[
        float,
        typer.Option(min=0, max=86_400, help="How long a station plays.", show_default="until it is stopped"),
    ] = 0.0,
    config: Config = None,
    data: Data = None,
    music: Music = None,
) -> None:
    """Add songs, and radio stations by their names, to a playlist."""

    def work(lists: "Playlists") -> None:
        lists.add(name, _ids(lists, songs, seconds), None if at is None else at - 1)
        _say(f"{name}: {_songs(len(lists.items(name)))}")

    _work(work, config, data, music)


@app.command()
def remove(name: Name, number: Place, config: Config = None, data: Data = None, music: Music = None) -> None:
    """Take a song out of a playlist. Its file stays."""
    _work(lambda lists: lists.remove(name, _place(lists, name, number)), config, data, music)


@app.command()
def move(
    name: Name,
    number: Place,
    to: Annotated[int, typer.Argument(min=1, help="Its new position.")],
    config: Config = None,
    data: Data = None,
    music: Music = None,
) -> None:
    """Move a song within a playlist."""

    def work(lists: "Playlists") -> None:
        lists.move(name, _place(lists, name, number), _place(lists, name, to))

    _work(work, config, data, music)


@app.command()
def delete(name: Name, config: Config = None, data: Data = None, music: Music = None) -> None:
    """Delete a playlist. Its songs stay."""
    _work(lambda lists: lists.delete(name), config, data, music)


@app.command()
def play(
    name: Name,
    look: Annotated[str | None, typer.Option(help="Look of this show.", show_default="the house's")] = None,
    config: Config = None,
    data: Data = None,
    http_port: HttpPort = None,
) -> None:
    """Let the running service play a playlist."""
    fields = {"playlist": name} | ({"look": look} if look else {})

    async def work(client: Any) -> None:
        status = await client.control("play", **fields)
        song = status.get("song") or {}
        _say(f"{status['state']}: {song.get('title', name)}")

    ask(work, config, data, http_port)


def _work(
    work: "Callable[[Playlists], None]", config: Path | None, data: Path | None, music: list[Path] | None
) -> None:
    def open_lists() -> None:
        from yulelight.app.music import index_of, library_of, lists_of, music_of
        from yulelight.app.settings import load

        settings = load(config, data=data, music=music or None)
        work(lists_of(settings, library_of(music_of(settings), index_of(settings)).songs))

    guard(open_lists)


def _place(lists: "Playlists", name: str, number: int) -> int:
    """The list index for the user's ``number``, which counts from 1. Raises UsageError."""
    if number > (count := len(lists.items(name))):
        raise UsageError(f"{lists.find(name)} has {_songs(count)}; there is no number {number}")
    return number - 1


def _ids(lists: "Playlists", wanted: list[str], seconds: float = 0.0) -> "list[str | StationEntry]":
    """``seconds``: how long stations play."""
    from yulelight.library.stations import StationEntry

    songs, found = lists.songs(), list[str | StationEntry]()
    for text in wanted:
        named = [each for each in lists.stations() if text == each.url or folded(text) == folded(each.name)]
        found += [StationEntry(each, seconds) for each in named[:1]] or [chosen_song(songs, text).song.id]
    return found


def _say(line: str) -> None:
    Console().print(line, markup=False, highlight=False, soft_wrap=True)


def _songs(count: int) -> str:
    return "1 song" if count == 1 else f"{count} songs"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}" if minutes < 60 else f"{minutes // 60}:{minutes % 60:02}:{rest:02}"
