"""The command line. Every failure that a user can meet is one line on standard error and an exit status."""

import asyncio
import logging
import os
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from yulelight import __version__
from yulelight.errors import UsageError, YulelightError

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

Config = Annotated[
    Path | None,
    typer.Option(
        "--config", help="Settings file (TOML). Without it, yulelight.toml in this folder, if there is one."
    ),
]
Data = Annotated[
    Path | None,
    typer.Option(
        help="Folder for the service's identity and state [~/.local/share/yulelight].", show_default=False
    ),
]
Music = Annotated[
    list[Path] | None,
    typer.Option(help="A folder of music or a single file; may be given several times.", show_default=False),
]
Model = Annotated[str | None, typer.Option(help="Name of the encoder model.", show_default="mel")]
HttpPort = Annotated[int | None, typer.Option(help="Port of the page and the API.", show_default="8770")]
MqttPort = Annotated[int | None, typer.Option(help="Port of the embedded broker.", show_default="1883")]
Broker = Annotated[
    str | None,
    typer.Option(help="Your own MQTT broker: mqtt://user:password@host:1883. Without it, one is embedded."),
]
Host = Annotated[
    str | None,
    typer.Option(
        help="Address to listen on; 127.0.0.1 keeps to this machine.", show_default="all interfaces"
    ),
]
Interface = Annotated[
    list[str] | None,
    typer.Option(help="Address of an interface to announce on (zeroconf).", show_default="all interfaces"),
]


@app.command()
def demo(
    song: Annotated[
        Path | None, typer.Argument(help="The song to play.", show_default="the bundled carol")
    ] = None,
    seconds: Annotated[float | None, typer.Option(min=0, help="Stop after this many seconds.")] = None,
    audio: Annotated[
        bool, typer.Option(help="Play the sound, too, if this machine has a sound card.")
    ] = True,
    data: Data = None,
    model: Model = None,
    host: Annotated[
        str, typer.Option(help="Address to listen on; 0.0.0.0 lets your phone in.")
    ] = "127.0.0.1",
    http_port: HttpPort = None,
    mqtt_port: MqttPort = None,
) -> None:
    """Play a song and watch its eight channels in the terminal: the whole of Yulelight on one machine.

    Starts the service with its own broker, a simulated light node and the page, plays the song, and ends with it (or
    on Ctrl-C) with all lights off.
    """
    from yulelight.demo import run_demo
    from yulelight.settings import load

    settings = load(
        data=data,
        music=[song] if song else [],
        model=model,
        http__host=host,
        http__port=http_port,
        mqtt__host=host,
        mqtt__port=mqtt_port,
        sound__enabled=audio,
        zeroconf__enabled=False if host == "127.0.0.1" else None,
    )
    _run(run_demo(settings, Console(), seconds), quiet=True)


@app.command()
def serve(
    config: Config = None,
    data: Data = None,
    music: Music = None,
    model: Model = None,
    host: Host = None,
    http_port: HttpPort = None,
    mqtt_port: MqttPort = None,
    broker: Broker = None,
    zeroconf: Annotated[bool | None, typer.Option(help="Announce the service on the network.")] = None,
    interface: Interface = None,
    audio: Annotated[bool | None, typer.Option(help="Play songs on this machine's sound card.")] = None,
    name: Annotated[str | None, typer.Option(help="Name of the house.", show_default="Yulelight")] = None,
) -> None:
    """Run the show service until Ctrl-C: songs and streams in, eight light channels out.

    Every option can stand in yulelight.toml ([http] port = 8770) or in the environment (YULELIGHT_HTTP__PORT=8770).
    """
    from yulelight.serve import run_service
    from yulelight.settings import load

    settings = load(
        config,
        name=name,
        data=data,
        music=music or None,
        model=model,
        http__host=host,
        http__port=http_port,
        mqtt__host=host,
        mqtt__port=mqtt_port,
        mqtt__broker=broker,
        zeroconf__enabled=zeroconf,
        zeroconf__interfaces=interface or None,
        sound__enabled=audio,
    )
    _run(run_service(settings))


@app.command()
def node(
    driver: Annotated[
        str, typer.Option(help="What drives the lights: simulated shows them in the terminal.")
    ] = "simulated",
    broker: Annotated[
        str | None,
        typer.Option(
            envvar="YULELIGHT_NODE_BROKER",
            help="The service's broker: mqtt://user:password@host:1883. Without it, the service is looked for.",
        ),
    ] = None,
    password: Annotated[
        str | None,
        typer.Option(
            envvar="YULELIGHT_NODE_PASSWORD",
            help="Password of the embedded broker (`yulelight token --broker` shows it on the service's machine).",
        ),
    ] = None,
    service: Annotated[str | None, typer.Option(help="Id of the service, when there are several.")] = None,
    id: Annotated[
        str | None, typer.Option("--id", help="Name of this node.", show_default="host name")
    ] = None,
    data: Data = None,
    interface: Interface = None,
) -> None:
    """Run a light node until Ctrl-C: plays the service's frames at their moment, and goes dark when in doubt."""
    from yulelight.node.run import run_node

    _run(
        run_node(
            driver=driver,
            broker=broker,
            password=password,
            service=service,
            node_id=id,
            data=data,
            interfaces=interface or [],
        )
    )


@app.command()
def render(
    song: Annotated[Path, typer.Argument(help="The song: wav, flac, ogg, opus, mp3, m4a, wma …")],
    output: Annotated[Path, typer.Option("-o", "--output", help="Where the show goes (.npz).")],
    model: Model = None,
    models: Annotated[list[Path] | None, typer.Option(help="A folder with more models.")] = None,
) -> None:
    """Write a song's show as NumPy arrays.

    levels: uint8 (frames, 8). switched: bool (frames, 8). rate: frames a second. sections: start times in seconds.
    Frame k belongs to the moment k / rate. Nothing is written when the song cannot be read.
    """
    _guard(lambda: _render(song, output, model or "mel", models or []))


@app.command()
def evaluate(
    songs: Annotated[list[Path], typer.Argument(help="Songs, or folders of them.")],
    model: Model = None,
    models: Annotated[list[Path] | None, typer.Option(help="A folder with more models.")] = None,
    look: Annotated[
        list[str] | None,
        typer.Option(help="Look to score, or all; may be given several times.", show_default="lively"),
    ] = None,
    baseline: Annotated[
        list[str] | None,
        typer.Option(
            help="Other way from music to light to compare with, or all; may be given several times: lightshowpi, "
            "lightshowpi-decay, lightshowpi-cached, mel, pca, random, swap.",
        ),
    ] = None,
    role: Annotated[
        str | None,
        typer.Option(help="Only songs that the folder's manifest.csv gives this role, e.g. validate."),
    ] = None,
    json: Annotated[Path | None, typer.Option(help="Write every figure of every song there.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write a page with tables and pictures there.")] = None,
    latency: Annotated[bool, typer.Option("--latency", help="Measure the live path's delay, too.")] = False,
) -> None:
    """Score shows against their songs: timing, meaning, switching and flashes, as a table.

    Needs the extra packages of yulelight\\[evaluate]. A song with a .vocals.csv beside it (columns start and end,
    in seconds) also tells how well a channel follows the singing.
    """

    def score() -> None:
        try:
            from yulelight.evaluation.command import run_evaluation
        except ModuleNotFoundError as error:
            raise UsageError(
                f"evaluate needs {error.name}; install it: pip install 'yulelight[service,evaluate]'"
            ) from error
        run_evaluation(
            songs,
            model=model or "mel",
            models=models or [],
            looks=look or [],
            baselines=baseline or [],
            role=role,
            json_file=json,
            html_file=html,
            latency=latency,
            console=Console(),
        )

    _guard(score)


@app.command()
def preview(
    song: Annotated[Path, typer.Argument(help="The song: wav, flac, ogg, opus, mp3, m4a, wma …")],
    output: Annotated[Path, typer.Option("-o", "--output", help="Where the film goes (.mp4).")],
    look: Annotated[str, typer.Option(help="Name of the look.")] = "lively",
    model: Model = None,
    models: Annotated[list[Path] | None, typer.Option(help="A folder with more models.")] = None,
    seconds: Annotated[
        float | None, typer.Option(min=0.1, help="Film so many seconds.", show_default="to the end")
    ] = None,
    start: Annotated[float, typer.Option("--from", min=0, help="Begin so many seconds into the song.")] = 0.0,
    switched: Annotated[
        bool, typer.Option("--switched", help="Lamps on relays, on or off, instead of dimmed ones.")
    ] = False,
) -> None:
    """Film a song's show: a house front at night with eight groups of lights, and the music.

    To judge a song, a look or relays before buying any. Nothing is written when it fails.
    """

    def make() -> None:
        try:
            from yulelight.preview.command import run_preview
            from yulelight.preview.film import Cut
        except ModuleNotFoundError as error:
            raise UsageError(
                f"preview needs {error.name}; install it: pip install 'yulelight[service,preview]'"
            ) from error
        run_preview(
            song,
            output,
            model=model or "mel",
            models=models or [],
            look=look,
            cut=Cut(start, seconds, switched),
            console=Console(stderr=True),
        )

    _guard(make)


@app.command()
def token(
    data: Data = None,
    broker: Annotated[
        bool, typer.Option("--broker", help="Show the embedded broker's user and password.")
    ] = False,
) -> None:
    """Print the token that opens the page and the API, or the embedded broker's user and password."""
    from yulelight.identity import load_or_make
    from yulelight.settings import load

    def show() -> None:
        identity = load_or_make(load(data=data).data)
        typer.echo(f"{identity.broker_user} {identity.broker_password}" if broker else identity.token)

    _guard(show)


@app.command()
def doctor(
    config: Config = None,
    data: Data = None,
    music: Music = None,
    model: Model = None,
    http_port: HttpPort = None,
    mqtt_port: MqttPort = None,
    broker: Broker = None,
) -> None:
    """Check broker, models, music, ports and clock, and say what to do about each problem.

    Ends with status 1 when something keeps the show from running.
    """
    from yulelight.doctor import run_doctor
    from yulelight.settings import load

    settings = load(
        config,
        data=data,
        music=music or None,
        model=model,
        http__port=http_port,
        mqtt__port=mqtt_port,
        mqtt__broker=broker,
    )
    if not _run(run_doctor(settings, Console()), quiet=True):
        raise typer.Exit(1)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"yulelight {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log more, and errors in full.")] = False,
) -> None:
    if verbose:
        os.environ["YULELIGHT_VERBOSE"] = "1"


def _render(song: Path, output: Path, model: str, models: list[Path]) -> None:
    from yulelight.dsp.spectrum import FRAME_RATE
    from yulelight.encoder.catalogue import find
    from yulelight.encoder.model import load
    from yulelight.render import render as render_song

    if not output.parent.is_dir():
        raise UsageError(f"there is no folder {output.parent}; make it, or choose another place with -o")
    encoder = load(find(model, models))
    console = Console(stderr=True)
    with console.status(f"rendering {song.name}") as status:
        show = render_song(
            song,
            encoder,
            progress=lambda done: status.update(f"rendering {song.name}: {done:.0f} s"),
        )
    try:
        show.save(output)
    except OSError as error:
        raise UsageError(f"cannot write {output}: {error.strerror}; choose another place with -o") from error
    frames = len(show.levels)
    console.print(
        f"{output}: {frames} frames at {FRAME_RATE:.2f} a second, {show.duration:.1f} s, {len(show.sections)} sections"
    )


def _run(work: Coroutine[Any, Any, Any], *, quiet: bool = False) -> Any:
    verbose = "YULELIGHT_VERBOSE" in os.environ
    level = logging.DEBUG if verbose else logging.WARNING if quiet else logging.INFO
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)-7s %(message)s", datefmt="%H:%M:%S"
    )
    logging.getLogger("yulelight").setLevel(level)
    return _guard(lambda: asyncio.run(work))


def _guard(work: Any) -> Any:
    """Runs ``work``; an error of ours becomes one line and its exit status, Ctrl-C status 130."""
    try:
        return work()
    except YulelightError as error:
        if "YULELIGHT_VERBOSE" in os.environ:
            raise
        typer.echo(f"yulelight: {error}", err=True)
        raise typer.Exit(error.exit_status) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def main() -> None:
    """Entry point of the command `yulelight`."""
    try:
        app()
    except YulelightError as error:  # raised while reading settings, before a command runs
        typer.echo(f"yulelight: {error}", err=True)
        sys.exit(error.exit_status)
