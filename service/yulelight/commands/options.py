"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from yulelight.show.look import LOOKS

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
    typer.Option(
        metavar="FOLDER",
        help="A folder of music or a single file; may be given several times.",
        show_default=False,
    ),
]
Model = Annotated[str | None, typer.Option(help="Name of the encoder model.", show_default="wide")]
Models = Annotated[
    list[Path] | None,
    typer.Option(
        metavar="FOLDER",
        help="A folder with models of your own; may be given several times.",
        show_default=False,
    ),
]
LookName = Annotated[
    str | None,
    typer.Option(
        "--look",
        help=f"Character of the show: {', '.join(LOOKS)}, or your own.",
        show_default="lively",
    ),
]
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
    typer.Option(
        metavar="ADDRESS",
        help="Address of an interface on which service and nodes find each other (zeroconf).",
        show_default="all interfaces",
    ),
]
