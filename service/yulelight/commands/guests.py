"""The commands for wishes of neighbours. They use the running service."""

from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

import typer

from yulelight.commands.options import Config, Data, HttpPort
from yulelight.commands.remote import ask
from yulelight.core.errors import UsageError

if TYPE_CHECKING:
    from yulelight.commands.client import Client

app = typer.Typer(
    name="guests",
    no_args_is_help=True,
    help="A page without a token on which neighbours wish for the next song, if you permit it.",
)
PATH = "guests"


@app.command()
def show(config: Config = None, data: Data = None, http_port: HttpPort = None) -> None:
    """Whether wishes are taken, where, and which ones wait."""

    async def work(client: "Client") -> None:
        _tell(await client.get(PATH))

    ask(work, config, data, http_port)


@app.command()
def on(
    playlist: Annotated[
        str | None, typer.Option(help="The playlist from which guests choose.", show_default="as before")
    ] = None,
    config: Config = None,
    data: Data = None,
    http_port: HttpPort = None,
) -> None:
    """Open the page for guests in the local network."""
    chosen = {} if playlist is None else {"playlist": playlist}
    _set({"on": True, **chosen}, config, data, http_port)


@app.command()
def off(config: Config = None, data: Data = None, http_port: HttpPort = None) -> None:
    """Close the page. Wishes that wait are still heard."""
    _set({"on": False}, config, data, http_port)


@app.command()
def remove(
    song: Annotated[str, typer.Argument(help="A part of the title of the wished song.")],
    config: Config = None,
    data: Data = None,
    http_port: HttpPort = None,
) -> None:
    """Remove a wish that waits."""

    async def work(client: "Client") -> None:
        wishes = (await client.get(PATH))["wishes"]
        found = [wish for wish in wishes if song.casefold() in wish["title"].casefold()]
        if len(found) != 1:
            titles = ", ".join(wish["title"] for wish in wishes) or "none"
            raise UsageError(f"{len(found)} wishes match {song!r}; those that wait: {titles}")
        await client.delete(f"{PATH}/wishes/{quote(found[0]['id'], safe='')}")
        typer.echo(f"{found[0]['title']} is removed.")

    ask(work, config, data, http_port)


def _set(change: dict[str, Any], config: Config, data: Data, http_port: HttpPort) -> None:
    async def work(client: "Client") -> None:
        await client.put(PATH, change)
        _tell(await client.get(PATH))

    ask(work, config, data, http_port)


def _tell(guests: dict[str, Any]) -> None:
    if not guests["on"]:
        typer.echo("The page for guests is closed.")
    else:
        typer.echo(
            f"Guests choose from {guests['playlist']}: {guests['address'] or 'no address in the network'}"
        )
        typer.echo(
            f"Wishes are not taken now: {guests['closed']}." if guests["closed"] else "Wishes are taken."
        )
    for number, wish in enumerate(guests["wishes"], 1):
        by = f" - {wish['artist']}" if wish["artist"] else ""
        typer.echo(f"{number:3}  {wish['title']}{by}")
