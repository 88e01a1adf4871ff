"""``yulelight palette``: the colours of the show."""

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from yulelight.commands.options import Config, Data, HttpPort
from yulelight.commands.remote import ask

if TYPE_CHECKING:
    from yulelight.commands.client import Client


def palette(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="The one to show; without it, they are listed.")
    ] = None,
    config: Config = None,
    data: Data = None,
    http_port: HttpPort = None,
) -> None:
    """Choose the colours of the show, or list what there is to choose from.

    "own" leaves each output the colours of its settings; "song" takes those of the song's cover. They move on from
    channel to channel with each section of a song. Outputs whose settings name colours keep them.
    """

    async def choose(client: "Client") -> None:
        await client.control("palette", palette=name)
        typer.echo(f"the show has the palette {name}")

    ask(_list if name is None else choose, config, data, http_port)


async def _list(client: "Client") -> None:
    told: dict[str, Any] = await client.get("palettes")
    console = Console(highlight=False)
    for one in told["palettes"]:
        line = Text("* " if one["name"] == told["palette"] else "  ")
        line.append(f"{one['name']:<12}")
        for code in one["colours"]:
            line.append("██ ", style=code)
        console.print(line)
