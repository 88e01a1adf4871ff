"""The command line: ``yulelight --help``."""

import os
import sys
from typing import Annotated

import typer

from yulelight import __version__
from yulelight.commands import (
    export,
    guests,
    house,
    inputs,
    library,
    lights,
    listen,
    node,
    pair,
    palette,
    place,
    play,
    playlist,
    schedule,
    songs,
    sound,
    station,
    train,
)
from yulelight.commands.help import make_plain
from yulelight.commands.optional import OptionalValues
from yulelight.core.errors import UsageError, YulelightError
from yulelight.core.extras import how_to_install

app = typer.Typer(
    name="yulelight",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Music in, Christmas lights out, at home in Home Assistant.\n\n"
    "[b]yulelight demo[/b] shows what it does without any lights. [b]yulelight serve[/b] is the show service, "
    "[b]yulelight node[/b] drives the lights, here or on another machine.",
)

for command in (
    house.demo,
    house.serve,
    house.install,
    songs.render,
    songs.preview,
    export.export,
    house.token,
    pair.pair,
    house.doctor,
    play.play,
    play.stop,
    sound.calibrate,
    listen.listen,
    palette.palette,
    train.train,
    train.similar,
):
    app.command()(command)
app.command(cls=OptionalValues)(songs.evaluate)
# Degrees south and west begin with a minus, as options do.
app.command(context_settings={"ignore_unknown_options": True})(place.place)
app.add_typer(library.app)
app.add_typer(lights.app)
app.add_typer(playlist.app)
app.add_typer(station.app)
app.add_typer(inputs.app)
app.add_typer(schedule.app)
app.add_typer(guests.app)
app.add_typer(node.app, name="node")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"yulelight {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Log in more detail, with full tracebacks.")
    ] = False,
) -> None:
    if verbose:
        os.environ["YULELIGHT_VERBOSE"] = "1"


make_plain(app)


def main() -> None:
    """Entry point of the command `yulelight`."""
    try:
        app()
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("yulelight"):
            raise
        # A node is installed without what the service needs.
        typer.echo(
            f"yulelight: this command needs {error.name}; install it: {how_to_install('service')}",
            err=True,
        )
        sys.exit(UsageError.exit_status)
    except YulelightError as error:  # raised while reading settings, before a command runs
        typer.echo(f"yulelight: {error}", err=True)
        sys.exit(error.exit_status)
