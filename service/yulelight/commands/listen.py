"""The command that shows what the live inputs hear."""

from typing import Any

import typer

from yulelight.commands.options import Config, Data, HttpPort
from yulelight.commands.remote import ask

QUIETEST = -60.0
"""dB at the left end of the meter."""
WIDTH = 20
"""Characters of the meter."""


def listen(config: Config = None, data: Data = None, http_port: HttpPort = None) -> None:
    """Show the live inputs of the running service: what each does, how loud it is, and why nothing comes.

    Inputs are set up in the settings file, see docs/inputs.md.
    """
    inputs = ask(lambda client: client.get("inputs"), config, data, http_port)["inputs"]
    for each in inputs:
        typer.echo(line(each))
    if not inputs:
        typer.echo("There is no input yet; docs/inputs.md tells how to set one up.")


def line(found: dict[str, Any]) -> str:
    """An input as GET /api/v1/inputs tells it."""
    level = found["level"]
    bars = 0 if level is None else round(WIDTH * min(1.0, max(0.0, 1 - level / QUIETEST)))
    loud = "   silent" if level is None else f"{level:6.1f} dB"
    why = f"  {found['problem']}" if found["problem"] else ""
    return f"{found['name']:20} {found['state']:8} [{'#' * bars:{WIDTH}}] {loud}{why}"
