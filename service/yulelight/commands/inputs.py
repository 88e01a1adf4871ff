"""The commands for the live inputs of the running service: who is lit when, and why."""

from typing import Annotated, Any
from urllib.parse import quote

import typer

from yulelight.commands.options import Config, Data, HttpPort
from yulelight.commands.remote import ask
from yulelight.core.errors import UsageError
from yulelight.core.suggest import did_you_mean
from yulelight.core.text import folded

app = typer.Typer(
    name="input",
    no_args_is_help=True,
    help="Live inputs: which of them is lit, and why the others are not. `yulelight listen` shows how loud they are.",
)
Name = Annotated[str, typer.Argument(help="Name of the input.")]
RULE = (
    "First comes what a person, the calendar or an announcement plays, then the input that was chosen by hand, then "
    "the sounding input with the highest priority. What was interrupted returns."
)


@app.command("list")
def list_inputs(config: Config = None, data: Data = None, http_port: HttpPort = None) -> None:
    """All inputs by priority, and why each of them is not lit."""

    async def work(client: Any) -> None:
        found = (await client.get("inputs"))["inputs"]
        for each in sorted(found, key=lambda each: -each["priority"]):
            why = each["reason"] or each["problem"]
            typer.echo(f"{each['priority']:4}  {each['name']}: {each['state']}{f' ({why})' if why else ''}")
        typer.echo(RULE if found else "There is no input yet; docs/inputs.md tells how to set one up.")

    ask(work, config, data, http_port)


@app.command()
def play(name: Name, config: Config = None, data: Data = None, http_port: HttpPort = None) -> None:
    """Light an input that sounds in place of whatever plays, for as long as it sounds."""

    async def work(client: Any) -> None:
        await client.post(f"{await _path(client, name)}/play", {})

    ask(work, config, data, http_port)


@app.command()
def mute(name: Name, config: Config = None, data: Data = None, http_port: HttpPort = None) -> None:
    """Keep an input dark, however it sounds, until it is unmuted."""
    _change(name, {"muted": True}, config, data, http_port)


@app.command()
def unmute(name: Name, config: Config = None, data: Data = None, http_port: HttpPort = None) -> None:
    """Light an input again when it sounds."""
    _change(name, {"muted": False}, config, data, http_port)


@app.command(context_settings={"ignore_unknown_options": True})
def priority(
    name: Name,
    value: Annotated[int, typer.Argument(min=-100, max=100, help="Of several inputs the higher is lit.")],
    config: Config = None,
    data: Data = None,
    http_port: HttpPort = None,
) -> None:
    """Give an input another priority than its settings do."""
    _change(name, {"priority": value}, config, data, http_port)


@app.command()
def unpaired(
    name: Name,
    allow: Annotated[
        bool, typer.Option("--allow/--refuse", help="Whether servers that were not paired may play.")
    ] = True,
    config: Config = None,
    data: Data = None,
    http_port: HttpPort = None,
) -> None:
    """Open a player of Music Assistant to servers that were not paired, or only to paired ones.

    Where a server asks for a pairing code, `yulelight input list` shows it.
    """
    _change(name, {"open_to_unpaired": allow}, config, data, http_port)


def _change(name: str, body: dict[str, Any], *where: Any) -> None:
    async def work(client: Any) -> None:
        await client.put(await _path(client, name), body)

    ask(work, *where)


async def _path(client: Any, name: str) -> str:
    names = [each["name"] for each in (await client.get("inputs"))["inputs"]]
    for each in names:
        if folded(each) == folded(name):
            return f"inputs/{quote(each, safe='')}"
    hint = did_you_mean(name, names) or "; `yulelight input list` shows them"
    raise UsageError(f"there is no input {name!r}{hint}")
