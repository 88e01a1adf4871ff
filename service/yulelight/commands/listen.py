"""The command that shows the levels of the live inputs."""

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

import typer

from yulelight.commands.options import Config, Data, HttpPort
from yulelight.commands.remote import ask

if TYPE_CHECKING:
    from yulelight.commands.client import Client

QUIETEST = -60.0
"""dB at the left end of the meter."""
WIDTH = 20
"""Characters of the meter."""
PERIOD = 0.2
"""Seconds between two updates of the levels."""


def listen(
    devices: Annotated[
        bool, typer.Option("--devices", help="List the sound devices of this machine that record.")
    ] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Keep showing the levels, until Ctrl-C.")] = False,
    config: Config = None,
    data: Data = None,
    http_port: HttpPort = None,
) -> None:
    """Show the live inputs of the running service: what each does, how loud it is, and why nothing comes.

    Inputs are set up in the settings file, see docs/inputs.md.
    """
    if devices:
        _list_devices()
    elif watch:
        ask(_watch, config, data, http_port)
    else:
        inputs = ask(_inputs, config, data, http_port)
        typer.echo("\n".join(map(line, inputs)) or _NONE)


_NONE = "There is no input yet; docs/inputs.md tells how to set one up."


async def _inputs(client: "Client") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await client.get("inputs"))["inputs"]
    return found


async def _watch(client: "Client") -> None:
    from rich.live import Live
    from rich.text import Text

    with Live(auto_refresh=False) as live:
        while True:
            inputs = await _inputs(client)
            live.update(Text("\n".join(map(line, inputs)) or _NONE, no_wrap=True), refresh=True)
            await asyncio.sleep(PERIOD)


def _list_devices() -> None:
    from yulelight.inputs.capture import devices

    found = devices()
    for each in found:
        sides = (
            "mono" if each.channels == 1 else "stereo" if each.channels == 2 else f"{each.channels} channels"
        )
        chosen = "  (the default)" if each.default else ""
        typer.echo(f"{each.index:3}  {each.name}, {each.system}, {sides}{chosen}")
    if not found:
        typer.echo("No device that records was found; plug one in, or see docs/inputs.md for other inputs.")


def line(found: dict[str, Any]) -> str:
    """An input as returned by GET /api/v1/inputs."""
    level = found["level"]
    bars = 0 if level is None else round(WIDTH * min(1.0, max(0.0, 1 - level / QUIETEST)))
    loud = "   silent" if level is None else f"{level:6.1f} dB"
    why = f"  {found['problem']}" if found["problem"] else ""
    return f"{found['name']:20} {found['state']:8} [{'#' * bars:{WIDTH}}] {loud}{why}"
