"""The commands that look at songs: render, evaluate, preview."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from yulelight.commands.optional import ABSENT
from yulelight.commands.options import Config, LookName, Model
from yulelight.commands.run import guard
from yulelight.core.errors import UsageError
from yulelight.core.extras import how_to_install

if TYPE_CHECKING:
    from yulelight.app.settings import Settings


def render(
    song: Annotated[Path, typer.Argument(help="The song: wav, flac, ogg, opus, mp3, m4a, wma …")],
    output: Annotated[Path, typer.Option("-o", "--output", help="Where the show goes (.npz).")],
    model: Model = None,
    models: Annotated[
        list[Path] | None, typer.Option(metavar="FOLDER", help="A folder with more models.")
    ] = None,
    look: LookName = None,
    live: Annotated[
        bool, typer.Option("--live", help="The show that the song has when it comes in live, as a stream.")
    ] = False,
    look_ahead: Annotated[
        float | None,
        typer.Option(
            metavar="SECONDS",
            min=0,
            max=60,
            help="With --live: by how much the stream comes before it is heard.",
            show_default="0",
        ),
    ] = None,
    config: Config = None,
) -> None:
    """Write a song's show as NumPy arrays.

    levels: uint8 (frames, 8). switched: bool (frames, 8). rate: frames a second. sections, beats, downbeats: times
    in seconds. Frame k belongs to the moment k / rate. Nothing is written when the song cannot be read.
    """

    def make() -> None:
        if look_ahead is not None and not live:
            raise UsageError("--look-ahead is of a stream; say --live, too")
        ahead = (look_ahead or 0.0) if live else None
        _render(song, output, config, ahead, model=model, models=models, look=look)

    guard(make)


def evaluate(
    songs: Annotated[list[Path], typer.Argument(metavar="SONG", help="Songs, or folders of them.")],
    model: Model = None,
    models: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="[FOLDER]",
            help="Compare the encoders themselves instead of shows. With a folder: score the model called --model "
            "that is there.",
        ),
    ] = None,
    look: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LOOK", help="Look to score, or all; may be given several times.", show_default="lively"
        ),
    ] = None,
    baseline: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Other way from music to light to compare with, or all; may be given several times: lightshowpi, "
            "lightshowpi-decay, lightshowpi-cached, mel, pca, random, swap; or the controls noise and shifted.",
        ),
    ] = None,
    role: Annotated[
        str | None,
        typer.Option(help="Only songs that the folder's manifest.csv gives this role, e.g. validate."),
    ] = None,
    json: Annotated[
        Path | None,
        typer.Option(
            metavar="[FILE]",
            help="Write every figure of every song there; without a name, print them instead of the table.",
        ),
    ] = None,
    html: Annotated[Path | None, typer.Option(help="Write a page with tables and pictures there.")] = None,
    latency: Annotated[bool, typer.Option("--latency", help="Measure the live path's delay, too.")] = False,
    live: Annotated[bool, typer.Option("--live", help="Score the live path, too.")] = False,
    config: Config = None,
) -> None:
    """Score shows against their songs: timing, meaning, switching and flashes, as a table.

    Needs more packages and says how to install them. A song with a .vocals.csv beside it (columns start and end,
    in seconds) also tells how well a channel follows the singing.
    """

    def score() -> None:
        folders = [folder for folder in models or [] if str(folder) != ABSENT]
        try:
            from yulelight.lab.evaluation.command import run_evaluation
            from yulelight.lab.evaluation.models_command import run_comparison
        except ModuleNotFoundError as error:
            raise UsageError(
                f"evaluate needs {error.name}; install it: {how_to_install('evaluate')}"
            ) from error
        if len(folders) < len(models or []):
            run_comparison(songs, folders=folders, role=role, json_file=json, console=Console())
            return
        settings = _settings(config, model=model, models=folders or None)
        run_evaluation(
            songs,
            model=settings.model,
            models=settings.models,
            looks=look or [],
            baselines=baseline or [],
            role=role,
            json_file=json,
            html_file=html,
            latency=latency,
            console=Console(),
            live=live,
            known=settings.all_looks(),
            limits=settings.house_limits(),
            places=settings.places,
        )

    guard(score)


def preview(
    song: Annotated[Path, typer.Argument(help="The song: wav, flac, ogg, opus, mp3, m4a, wma …")],
    output: Annotated[Path, typer.Option("-o", "--output", help="Where the film goes (.mp4).")],
    look: LookName = None,
    model: Model = None,
    models: Annotated[
        list[Path] | None, typer.Option(metavar="FOLDER", help="A folder with more models.")
    ] = None,
    seconds: Annotated[
        float | None, typer.Option(min=0.1, help="Length of the film in seconds.", show_default="to the end")
    ] = None,
    start: Annotated[float, typer.Option("--from", min=0, help="Begin so many seconds into the song.")] = 0.0,
    switched: Annotated[
        bool, typer.Option("--switched", help="Lamps on relays, on or off, instead of dimmed ones.")
    ] = False,
    small: Annotated[
        bool, typer.Option("--small", help="A small picture, made about three times as fast.")
    ] = False,
    config: Config = None,
) -> None:
    """Make a film of a song's show: a house front at night with eight groups of lights, and the music.

    To judge a song, a look or relays before buying any. Nothing is written when it fails.
    """

    def make() -> None:
        try:
            from yulelight.lab.preview.command import run_preview
            from yulelight.lab.preview.film import SMALL, Cut
        except ModuleNotFoundError as error:
            raise UsageError(
                f"preview needs {error.name}; install it: {how_to_install('preview')}"
            ) from error
        cut = Cut(start, seconds, switched)
        run_preview(
            song,
            output,
            settings=_settings(config, model=model, models=models, look=look),
            cut=replace(cut, size=SMALL) if small else cut,
            console=Console(stderr=True),
        )

    guard(make)


def _settings(config: Path | None, **overrides: Any) -> "Settings":
    from yulelight.app.settings import load  # takes a while

    return load(config, **overrides)


def _render(
    song: Path, output: Path, config: Path | None, look_ahead: float | None, **overrides: Any
) -> None:
    """``look_ahead``: of the live path; None: the song is known as a whole."""
    from yulelight.audio.decode import Decoder
    from yulelight.dsp.spectrum import FRAME_RATE
    from yulelight.encoder.catalogue import find
    from yulelight.encoder.model import load
    from yulelight.lights.house import in_house
    from yulelight.show.live import live_show
    from yulelight.show.render import render as render_song

    settings = _settings(config, **overrides)
    if not output.parent.is_dir():
        raise UsageError(f"there is no folder {output.parent}; make it, or choose another place with -o")
    if output.exists() and not output.is_file():
        raise UsageError(f"{output} is not a file that can be overwritten; choose another place with -o")
    if output.exists() and song.exists() and output.samefile(song):
        raise UsageError(f"{output} is the song itself; choose another place for the show with -o")
    encoder = load(find(settings.model, settings.models))
    console = Console(stderr=True)
    with console.status(f"rendering {song.name}") as status:
        if look_ahead is None:
            show = render_song(
                song,
                encoder,
                settings.chosen_look(),
                progress=lambda done: status.update(f"rendering {song.name}: {done:.0f} s"),
            )
        else:
            with Decoder(song) as decoder:
                show = live_show(decoder, encoder, settings.chosen_look(), look_ahead)
                show = replace(show, warnings=tuple(decoder.warnings))
        if limits := settings.house_limits():
            show = in_house(show, limits, settings.places)
    show.save(output)
    for warning in show.warnings:
        console.print(warning, markup=False, highlight=False, soft_wrap=True)
    frames = len(show.levels)
    console.print(
        f"{output}: {frames} frames at {FRAME_RATE:.2f} a second, {show.duration:.1f} s, {len(show.sections)} sections"
    )
