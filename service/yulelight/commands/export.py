"""The command that writes shows as sequences for other players."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from yulelight.commands.options import Config, Data, LookName, Model, Models, Music
from yulelight.commands.run import guard
from yulelight.commands.song_choice import chosen_song
from yulelight.core.errors import UsageError

if TYPE_CHECKING:
    from yulelight.app.settings import Settings
    from yulelight.export.fseq import Wiring
    from yulelight.library.playlists import Playlists

MAX_SONGS = 500


@dataclass(frozen=True, slots=True)
class _Job:
    """A song to export. ``name`` of its files, without a suffix."""

    path: Path
    name: str

    @property
    def sequence(self) -> str:
        return f"{self.name}.fseq"

    @property
    def media(self) -> str:
        return f"{self.name}{self.path.suffix}"


def export(
    songs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SONG", help="Songs: their files, or ids or parts of titles from the library."
        ),
    ] = None,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FOLDER", help="Where the files go.")
    ] = Path(),
    playlist: Annotated[str | None, typer.Option(help="All songs of this playlist, too.")] = None,
    night: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="All that the calendar plays on this night, too."),
    ] = None,
    channels: Annotated[
        str | None,
        typer.Option(
            metavar="FIRST-LAST",
            help="Channels of the other program, parted among our eight.",
            show_default="1-8, or 1-24 with a palette",
        ),
    ] = None,
    step: Annotated[int, typer.Option(help="Milliseconds a frame: 25 or 50.")] = 25,
    switched: Annotated[bool, typer.Option("--switched", help="On and off only, for relays.")] = False,
    gamma: Annotated[
        float, typer.Option(min=0.1, max=10, help="From levels to light; 1 if the controller has its own.")
    ] = 2.2,
    palette: Annotated[
        str | None,
        typer.Option(help="Colours: the channels are pixels of three (`yulelight palette` lists them)."),
    ] = None,
    fpp: Annotated[
        str | None,
        typer.Option(metavar="HOST", help="Upload songs, sequences and a playlist to this Falcon Player."),
    ] = None,
    look: LookName = None,
    model: Model = None,
    models: Models = None,
    config: Config = None,
    data: Data = None,
    music: Music = None,
) -> None:
    """Write shows for xLights, FPP and ESPixelStick: a sequence (.fseq) and timing tracks (.xtiming) for each song.

    The sequence names the song's file; the player sounds it if it has a file of that name. What is in the files keeps
    the flash limit, if nothing else is played on the same lights.
    """

    def work() -> None:
        from yulelight.app.settings import load

        settings = load(config, data=data, music=music or None, look=look, model=model, models=models or None)
        colours = _colours(palette)
        wiring = _wiring(channels, step=step, switched=switched, gamma=gamma, colours=colours)
        jobs = _named(_paths(settings, songs or [], playlist, night.date() if night else None))
        lengths = _write(jobs, output, settings, wiring, palette)
        if fpp is not None:
            title = playlist or (f"Yulelight {night.date()}" if night else "Yulelight")
            asyncio.run(_upload(fpp, jobs, output, title, lengths))

    guard(work)


def _colours(palette: str | None) -> tuple[str, ...]:
    """The colours of ``palette``; those of songs are only known later. Raises UsageError."""
    from yulelight.show.palettes import NAMES, colours_of

    if palette is not None and palette not in NAMES:
        raise UsageError(f"there is no palette {palette!r}; there are {', '.join(NAMES)}")
    return () if palette is None else colours_of(palette)


def _wiring(
    channels: str | None, *, step: int, switched: bool, gamma: float, colours: tuple[str, ...] = ()
) -> "Wiring":
    from yulelight.core.messages import CHANNELS
    from yulelight.export.fseq import Wiring

    match = re.fullmatch(r"([0-9]{1,9})(?:-([0-9]{1,9}))?", (channels or "1").strip())
    if match is None:
        raise UsageError(f"--channels {channels!r}: name the first and the last, as in 1-8")
    first = int(match[1])
    slots = 3 if colours else 1
    last = int(match[2] or first + CHANNELS * slots - 1)
    wiring = Wiring(first, last - first + 1, step, switched, gamma, colours)
    wiring.check(CHANNELS)
    return wiring


def _paths(
    settings: "Settings", songs: Sequence[str], playlist: str | None, night: date | None
) -> list[Path]:
    """The files of all selected songs, each once, in order. Raises UsageError."""
    from yulelight.app.music import index_of, library_of, lists_of, music_of

    lists = lists_of(settings, library_of(music_of(settings), index_of(settings)).songs)
    found = [Path(text) if Path(text).is_file() else chosen_song(lists.songs(), text).path for text in songs]
    names = [playlist] if playlist is not None else []
    if night is not None:
        names += _nights_playlists(settings, night)
    for name in names:
        found += _songs_of(lists, name)
    unique = list(dict.fromkeys(path.absolute() for path in found))
    if not unique:
        raise UsageError("name songs, a --playlist or a --night that has songs")
    if len(unique) > MAX_SONGS:
        raise UsageError(f"these are {len(unique)} songs; at most {MAX_SONGS} are exported at once")
    return unique


def _songs_of(lists: "Playlists", name: str) -> list[Path]:
    items = lists.items(lists.find(name))
    return [item.song.path for item in items if item.song is not None]


def _nights_playlists(settings: "Settings", night: date) -> list[str]:
    from yulelight.commands.schedule_file import ScheduleFile

    calendar = ScheduleFile(settings, datetime.now(UTC))
    names = calendar.playlists_on(night)
    if not names:
        raise UsageError(
            f"the calendar plays nothing on {night}; yulelight schedule next lists what is to come"
        )
    return names


def _named(paths: Sequence[Path]) -> list[_Job]:
    """Gives each song a unique name, because all files are written to one folder."""
    taken: set[str] = set()
    jobs = []
    for path in paths:
        name, number = path.stem, 1
        while name.casefold() in taken:
            number += 1
            name = f"{path.stem} ({number})"
        taken.add(name.casefold())
        jobs.append(_Job(path, name))
    return jobs


def _write(
    jobs: Sequence[_Job], folder: Path, settings: "Settings", wiring: "Wiring", palette: str | None = None
) -> list[float]:
    """Renders every song and writes its files into ``folder``; the length of each in seconds."""
    from yulelight import __version__
    from yulelight.core import storage
    from yulelight.core.messages import CHANNELS
    from yulelight.encoder.catalogue import find
    from yulelight.encoder.model import load
    from yulelight.export import fseq, xtiming
    from yulelight.library.reader import DirectReader
    from yulelight.lights.house import in_house
    from yulelight.safety.limits import Limits
    from yulelight.show.palettes import SONG, colours_of
    from yulelight.show.render import render as render_song

    if not folder.is_dir():
        raise UsageError(f"there is no folder {folder}; make it, or choose another one with -o")
    encoder = load(find(settings.model, settings.models))
    limits, look = settings.house_limits() or Limits.even(CHANNELS), settings.chosen_look()
    console, lengths, producer = Console(stderr=True), [], f"Yulelight {__version__}"
    for number, job in enumerate(jobs, 1):
        with console.status(f"{number} of {len(jobs)}: {job.path.name}"):
            show = in_house(render_song(job.path, encoder, look), limits, settings.places)
            if palette == SONG:
                wiring = replace(wiring, colours=colours_of(SONG, DirectReader().colours(job.path)))
            identifier = int(datetime.now(UTC).timestamp() * 1e6)
            frames = fseq.save(
                folder / job.sequence, show, wiring, media=job.media, producer=producer, identifier=identifier
            )
            storage.save(folder / f"{job.name}.xtiming", xtiming.document(show, producer))
        for warning in show.warnings:
            console.print(f"{job.path.name}: {warning}", markup=False, highlight=False, soft_wrap=True)
        line = f"{folder / job.sequence}: {frames} frames of {wiring.step} ms, {wiring.count} channels"
        console.print(line, markup=False, highlight=False, soft_wrap=True)
        lengths.append(show.duration)
    return lengths


async def _upload(
    host: str, jobs: Sequence[_Job], folder: Path, title: str, lengths: Sequence[float]
) -> None:
    import aiohttp

    from yulelight.export.fpp import FalconPlayer, Item

    console = Console(stderr=True)
    async with aiohttp.ClientSession() as session:
        player = FalconPlayer(session, host)
        with console.status("") as status:
            for job in jobs:
                status.update(f"uploading {job.name}")
                await player.upload_music(job.path, job.media)
                await player.upload_sequence(folder / job.sequence, job.sequence)
        await player.save_playlist(
            title, [Item(j.sequence, j.media, s) for j, s in zip(jobs, lengths, strict=True)]
        )
    what = "1 song" if len(jobs) == 1 else f"{len(jobs)} songs"
    console.print(f"{host}: {what} in the playlist {title!r}", markup=False, highlight=False, soft_wrap=True)
