"""The commands for the radio stations that the running service keeps."""

from typing import Annotated, Any

import typer

from yulelight.commands.options import Config, Data, HttpPort
from yulelight.commands.remote import ask
from yulelight.core.errors import UsageError
from yulelight.core.suggest import did_you_mean
from yulelight.core.text import folded
from yulelight.core.web_address import is_web_address

app = typer.Typer(
    name="station",
    no_args_is_help=True,
    help="Radio stations that are kept: `yulelight play NAME` plays one, and playlists and the calendar can name it.",
)
Name = Annotated[str, typer.Argument(help="Name of the station.")]


@app.command("list")
def list_stations(config: Config = None, data: Data = None, http_port: HttpPort = None) -> None:
    """All stations."""

    async def work(client: Any) -> None:
        _show((await client.get("stations"))["stations"])

    ask(work, config, data, http_port)


@app.command()
def add(
    url: Annotated[str, typer.Argument(help="Its address: of a stream, or of a list (.pls, .m3u, .m3u8).")],
    name: Annotated[
        str | None, typer.Argument(help="Name of the station.", show_default="as it calls itself")
    ] = None,
    config: Config = None,
    data: Data = None,
    http_port: HttpPort = None,
) -> None:
    """Keep a station.

    Without a name it is asked for the one that it has, and is not kept if it does not answer.
    """
    if not is_web_address(url):
        raise UsageError("a station's address begins with http:// or https:// and names a host")

    async def work(client: Any) -> None:
        body = {"url": url} | ({"name": name} if name else {})
        _show((await client.post("stations", body))["stations"][-1:])

    ask(work, config, data, http_port)


@app.command()
def rename(
    name: Name,
    to: Annotated[str, typer.Argument(metavar="NEW", help="Its new name.")],
    config: Config = None,
    data: Data = None,
    http_port: HttpPort = None,
) -> None:
    """Give a station another name."""

    async def work(client: Any) -> None:
        await client.put(f"stations/{await _id(client, name)}", {"name": to})

    ask(work, config, data, http_port)


@app.command()
def remove(name: Name, config: Config = None, data: Data = None, http_port: HttpPort = None) -> None:
    """Keep a station no longer. Playlists that name it skip it."""

    async def work(client: Any) -> None:
        await client.delete(f"stations/{await _id(client, name)}")

    ask(work, config, data, http_port)


async def _id(client: Any, name: str) -> str:
    stations = (await client.get("stations"))["stations"]
    for station in stations:
        if folded(station["name"]) == folded(name):
            return str(station["id"])
    hint = did_you_mean(name, [each["name"] for each in stations]) or "; `yulelight station list` shows them"
    raise UsageError(f"there is no station {name!r}{hint}")


def _show(stations: list[dict[str, Any]]) -> None:
    for each in stations:
        typer.echo(f"{each['name']}: {each['url']}")
    if not stations:
        typer.echo("No station is kept yet; see yulelight station add --help")
