"""The commands that run or look after a house: demo, serve, token, doctor."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from yulelight.commands.options import (
    Broker,
    Config,
    Data,
    Host,
    HttpPort,
    Interface,
    LookName,
    Model,
    Models,
    MqttPort,
    Music,
)
from yulelight.commands.run import guard, run
from yulelight.core.threads import limit_threads


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
    look: LookName = None,
    host: Annotated[
        str, typer.Option(help="Address to listen on; 0.0.0.0 lets your phone in.")
    ] = "127.0.0.1",
    http_port: HttpPort = None,
    mqtt: Annotated[
        bool, typer.Option("--mqtt", help="Start a broker, too, for Home Assistant's eight lights.")
    ] = False,
    mqtt_port: MqttPort = None,
) -> None:
    """Play a song and watch its eight channels in the terminal: all of Yulelight on one machine.

    Starts the service with simulated lights and the page, plays the song, and ends with it (or on Ctrl-C) with all
    lights off.
    """
    limit_threads()
    from yulelight.app.settings import load
    from yulelight.commands.demo import run_demo

    settings = load(
        data=data,
        music=[song] if song else [],
        model=model,
        look=look,
        http__host=host,
        http__port=http_port,
        mqtt__enabled=mqtt or mqtt_port is not None,
        mqtt__host=host,
        mqtt__port=mqtt_port,
        sound__enabled=audio,
        zeroconf__enabled=False if host == "127.0.0.1" else None,
    )
    if data is None:
        # The demo does not use the house's calendar, blackout and list of songs.
        settings = settings.model_copy(update={"data": settings.data / "demo"})
        # A demo starts with the lights following the music, whatever the state at the end of the last one.
        (settings.data / "state.json").unlink(missing_ok=True)
    run(run_demo(settings, Console(), seconds), quiet=True)


def serve(
    config: Config = None,
    data: Data = None,
    music: Music = None,
    model: Model = None,
    models: Models = None,
    look: LookName = None,
    host: Host = None,
    http_port: HttpPort = None,
    mqtt_port: MqttPort = None,
    broker: Broker = None,
    zeroconf: Annotated[bool | None, typer.Option(help="Announce the service on the network.")] = None,
    interface: Interface = None,
    audio: Annotated[bool | None, typer.Option(help="Play songs on this machine's sound card.")] = None,
    name: Annotated[str | None, typer.Option(help="Name of the house.", show_default="Yulelight")] = None,
) -> None:
    r"""Run the show service until Ctrl-C: songs and streams in, eight light channels out.

    Every option can also be set in yulelight.toml (\[http] port = 8770) or in the environment
    (YULELIGHT_HTTP__PORT=8770).
    """
    limit_threads()
    from yulelight.app.run import run_service
    from yulelight.app.settings import load

    settings = load(
        config,
        name=name,
        data=data,
        music=music or None,
        model=model,
        models=models or None,
        look=look,
        http__host=host,
        http__port=http_port,
        mqtt__host=host,
        mqtt__port=mqtt_port,
        mqtt__broker=broker,
        zeroconf__enabled=zeroconf,
        zeroconf__interfaces=interface or None,
        sound__enabled=audio,
    )
    run(run_service(settings))


def install(
    config: Config = None,
    data: Annotated[
        Path | None,
        typer.Option(help="Folder for the service's identity and state.", show_default="the account's own"),
    ] = None,
    music: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FOLDER",
            help="A folder of music or a single file; may be given several times.",
            show_default="that of the settings, or of the last `serve`",
        ),
    ] = None,
    http_port: HttpPort = None,
    mqtt_port: MqttPort = None,
    user: Annotated[str | None, typer.Option(help="The account it runs under.", show_default="yours")] = None,
    show: Annotated[
        bool, typer.Option("--print", help="Show what would be written, and write nothing.")
    ] = False,
) -> None:
    """Make systemd run the service from boot on, shut in to what it needs. Needs sudo.

    Other options of `serve` belong into yulelight.toml, whose path is kept. To undo it: sudo systemctl disable --now
    yulelight.
    """
    from yulelight.commands.install import install_service

    guard(
        lambda: install_service(
            config, data, music or [], user, show, http_port=http_port, mqtt_port=mqtt_port
        )
    )


def token(
    data: Data = None,
    broker: Annotated[
        bool, typer.Option("--broker", help="Show the embedded broker's user and password.")
    ] = False,
) -> None:
    """Print the token that opens the page and the API, or the embedded broker's user and password."""
    from yulelight.app.settings import load
    from yulelight.core import identity as kept

    def show() -> None:
        identity = kept.load(load(data=data).data)
        typer.echo(f"{identity.broker_user} {identity.broker_password}" if broker else identity.token)

    guard(show)


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
    from yulelight.app.doctor import run_doctor
    from yulelight.app.last_run import as_last_run
    from yulelight.app.settings import load

    settings = load(
        config,
        data=data,
        music=music or None,
        model=model,
        http__port=http_port,
        mqtt__port=mqtt_port,
        mqtt__broker=broker,
    )
    if not run(run_doctor(as_last_run(settings), Console()), quiet=True):
        raise typer.Exit(1)
